"""`/ws/`: the one socket of a page.

The client says `{"subscribe": ["thread:5", "member:1"]}` and hears `{"subscribed": […], "refused": […]}`, then events
`{"group", "type", "id"}`. Permission is asked when a page subscribes and not again: an event says only that a row
changed, and to see the row the page fetches it over HTTP, where permission is checked every time.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

from channels.consumer import get_handler_name
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from .groups import may_listen
from .hub import Listener, hub
from .limits import LONGEST_COMMAND, NOT_UNDERSTOOD, SECONDS_TO_CLOSE, TOO_LONG, TOO_MANY, TOO_SLOW, Budget

MOST_GROUPS = 100
COMMANDS_PER_SECOND = 60
BURST = 120


class LiveConsumer(AsyncWebsocketConsumer):
    """Thin: it asks for permission, joins and leaves groups, and sends what the hub queued."""

    async def dispatch(self, message: dict[str, Any]) -> None:
        # Channels' own dispatch goes through the database thread for every message; database work here has its own.
        await getattr(self, get_handler_name(message))(message)

    async def connect(self) -> None:
        self.budget = Budget(COMMANDS_PER_SECOND, BURST)
        self.listener = Listener(self._too_slow)
        self.ending: asyncio.Task[None] | None = None
        await hub.open()
        await self.accept()
        self.sender = asyncio.create_task(self._send_what_is_queued())

    async def disconnect(self, code: int) -> None:
        if not hasattr(self, "sender"):
            return  # never opened
        hub.leave_all(self.listener)
        self.sender.cancel()

    async def receive(self, text_data: str | None = None, bytes_data: bytes = b"") -> None:
        if self.ending:
            return
        if len(bytes_data if text_data is None else text_data.encode()) > LONGEST_COMMAND:
            await self._end(TOO_LONG)
        elif not self.budget.spend():
            await self._end(TOO_MANY)
        elif (command := _understood(text_data)) is None:
            await self._end(NOT_UNDERSTOOD)
        else:
            await self._obey(command)

    async def _obey(self, command: dict[str, Any]) -> None:
        if "ping" in command:
            self._answer({"pong": command["ping"]})
        if names := _names(command.get("unsubscribe")):
            for name in names:
                hub.leave(self.listener, name)
            self._answer({"unsubscribed": names})
        if names := _names(command.get("subscribe")):
            await self._subscribe(names)

    async def _subscribe(self, names: list[str]) -> None:
        asked = names[:MOST_GROUPS]
        allowed = set(await _allowed(self.scope["user"], [name for name in asked if name not in self.listener.groups]))
        if self.ending:
            return
        for name in asked:
            if name in allowed and len(self.listener.groups) < MOST_GROUPS:
                hub.join(self.listener, name)
        heard = [name for name in names if name in self.listener.groups]
        self._answer({"subscribed": heard, "refused": [name for name in names if name not in self.listener.groups]})

    def _answer(self, said: dict[str, Any]) -> None:
        # By the same queue as events, so that order is kept.
        self.listener.give({"type": "websocket.send", "text": json.dumps(said, separators=(",", ":"))})

    async def _send_what_is_queued(self) -> None:
        queue, send = self.listener.queue, self.base_send
        while True:
            await send(await queue.get())

    def _too_slow(self) -> None:
        hub.leave_all(self.listener)
        if self.ending is None:
            self.ending = asyncio.create_task(self._end(TOO_SLOW))

    async def _end(self, code: int) -> None:
        """Close from our side. The client may not be reading at all, so nobody waits for it for long."""
        self.ending = self.ending or asyncio.current_task()
        hub.leave_all(self.listener)
        self.sender.cancel()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.close(code), SECONDS_TO_CLOSE)


def _understood(text: str | None) -> dict[str, Any] | None:
    try:
        command = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    return command if isinstance(command, dict) else None


def _names(said: Any) -> list[str]:
    """Group names of a command, each once, in order."""
    return list(dict.fromkeys(name for name in said if isinstance(name, str))) if isinstance(said, list) else []


async def _allowed(user: Any, names: list[str]) -> list[str]:
    """Those that the user may listen to; asked in any thread of the loop's pool."""

    def ask() -> list[str]:
        return [name for name in names if may_listen(user, name)]

    return await database_sync_to_async(ask, thread_sensitive=False)() if names else []
