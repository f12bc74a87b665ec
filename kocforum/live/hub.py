"""The hub of one process: which sockets listen to which group.

A group is a plain set of listeners, a message is encoded once, and each listener has a bounded queue: whoever reads too
slowly is dropped, and nobody waits for anybody. `publish` may be called from every thread; everything else belongs to
the loop that serves the sockets.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable

from django.conf import settings

from . import relay

log = logging.getLogger("kocforum.live")

A_QUEUE_HOLDS = 256


class Listener:
    """One open socket: what waits to be sent to it, and what to do when it cannot keep up."""

    def __init__(self, too_slow: Callable[[], None]) -> None:
        self.queue: asyncio.Queue[dict[str, str]] = asyncio.Queue(A_QUEUE_HOLDS)
        self.groups: set[str] = set()
        self._too_slow = too_slow

    def give(self, message: dict[str, str]) -> None:
        """Queue an ASGI message, or give the listener up when its queue is full."""
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            self._too_slow()


class Hub:
    """Groups and listeners of one loop."""

    def __init__(self) -> None:
        self._groups: dict[str, set[Listener]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._relay: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Call from the loop before the first `join`: binds the hub to it and, with Redis, waits until Redis is heard."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:  # a new loop knows no sockets of an older one
            self._loop, self._groups, self._relay = loop, {}, None
        if settings.REDIS_URL:
            if self._relay is None or self._relay.done():
                self._heard = asyncio.Event()
                self._relay = loop.create_task(relay.listen(self.tell, self._heard, self.tell_everyone))
            try:
                await asyncio.wait_for(self._heard.wait(), timeout=2)
            except TimeoutError:
                log.warning("Redis is not heard; pages are right after a reload.")

    def join(self, listener: Listener, group: str) -> None:
        self._groups.setdefault(group, set()).add(listener)
        listener.groups.add(group)

    def leave(self, listener: Listener, group: str) -> None:
        listener.groups.discard(group)
        if members := self._groups.get(group):
            members.discard(listener)
            if not members:
                del self._groups[group]

    def leave_all(self, listener: Listener) -> None:
        for group in list(listener.groups):
            self.leave(listener, group)

    def tell(self, group: str, text: str) -> None:
        """Queue an encoded event for everyone in a group. One dict for all of them: nobody changes it."""
        message = {"type": "websocket.send", "text": text}
        for listener in list(self._groups.get(group, ())):
            listener.give(message)

    def tell_everyone(self, text: str) -> None:
        """Queue an encoded event for every listener once."""
        message = {"type": "websocket.send", "text": text}
        for listener in set().union(*self._groups.values()):
            listener.give(message)

    def tell_from_any_thread(self, group: str, text: str) -> None:
        """Hand an event to the loop; without sockets in this process there is nothing to do."""
        loop = self._loop
        if loop is None or loop.is_closed():
            return
        try:
            loop.call_soon_threadsafe(self.tell, group, text)
        except RuntimeError:  # closed a moment ago
            log.debug("The loop ended before %s was told.", group)


hub = Hub()


def encode(group: str, kind: str, object_id: int | None) -> str:
    """The event as pages get it."""
    return json.dumps({"group": group, "type": kind, "id": object_id}, separators=(",", ":"))


def publish(group: str, kind: str, object_id: int | None) -> None:
    """Hand an event to this process's sockets, and to the other processes where Redis connects them."""
    text = encode(group, kind, object_id)
    if settings.REDIS_URL and relay.send(group, text):
        return  # comes back to this process, too
    hub.tell_from_any_thread(group, text)
