"""Who is connected with sound and picture in a room, as one process knows it. Kept nowhere: each process tells the others whom it has."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from django.conf import settings

from kocforum.live.hub import Listener, hub
from kocforum.live.signals import signal

from ..rules.sound import PICTURES, SLOTS
from .feeds import encode

SAID_AGAIN_EVERY = 15  # seconds: other processes are told anew whom this one has
GONE_AFTER = 45  # seconds without hearing of somebody: that process is no more
OTHERS_ANSWER_WITHIN = 0.25  # seconds in which the other processes say whom they have


@dataclass(slots=True)
class Peer:
    """One window that is connected. A member with two windows is two."""

    peer: str
    member: int
    name: str
    role: str
    on: dict[str, bool]
    heard_at: float = field(default_factory=time.monotonic)

    def told(self) -> dict[str, Any]:
        return {"peer": self.peer, "member": self.member, "name": self.name, "role": self.role, "on": self.on}

    @property
    def pictures(self) -> int:
        return sum(self.on[slot] for slot in PICTURES)


class Window(Protocol):
    """What a circle needs of a socket that is connected in it."""

    def say(self, said: dict[str, Any]) -> None: ...


class Circle:
    """The windows of one room that are connected: those of this process with their sockets, those of others by what is heard."""

    def __init__(self, workshop: int) -> None:
        self.workshop = workshop
        self.group = f"sound:{workshop}"
        self.peers: dict[str, Peer] = {}
        self.windows: dict[str, Window] = {}
        self._ear = _Ear(self)
        self._telling = asyncio.Lock()  # what is told of somebody arrives in the order in which it became true
        self._work: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        await hub.open()
        hub.join(self._ear, self.group)
        if settings.REDIS_URL:
            await self._tell({"ask": True})
            await asyncio.sleep(OTHERS_ANSWER_WITHIN)
            self._do(self._say_again())

    def close(self) -> None:
        hub.leave_all(self._ear)
        for work in self._work:
            work.cancel()

    def group_of(self, peer: str) -> str:
        return f"peer:{self.workshop}:{peer}"

    def enter(self, window: Window, member: int, name: str, role: str, on: Iterable[str]) -> Peer:
        """Without waiting for anything, so that nobody enters a circle that was closed meanwhile; `tell_of` follows."""
        peer = Peer(secrets.token_urlsafe(9), member, name, role, {slot: slot in on for slot in SLOTS})
        self.peers[peer.peer], self.windows[peer.peer] = peer, window
        return peer

    async def leave(self, peer: Peer) -> None:
        self.windows.pop(peer.peer, None)
        self._gone(peer.peer)
        await self._tell({"gone": peer.peer})

    async def tell_of(self, peer: Peer) -> None:
        """That somebody is there, and what is on."""
        self._tell_windows({"type": "call", "call": "here", "who": peer.told()})
        await self._tell({"here": [peer.told()]})

    async def pass_on(self, sender: Peer, to: str, data: dict[str, Any]) -> None:
        """A signal for one window alone. Whoever is not in this circle is in no such group."""
        await signal(self.group_of(to), encode({"type": "signal", "from": sender.peer, "data": data}))

    async def _tell(self, said: dict[str, Any]) -> None:
        async with self._telling:
            if "here" in said:  # who left while others were told is not told again
                said = {"here": [one for one in said["here"] if one["peer"] in self.windows]}
            await signal(self.group, encode(said))

    async def _say_again(self) -> None:
        while True:
            await asyncio.sleep(SAID_AGAIN_EVERY)
            await self._tell_own()
            self.drop_silent(time.monotonic())

    def drop_silent(self, now: float) -> None:
        """Those of a process that does not say any more that it has them."""
        for peer in [one for one in self.peers.values() if one.peer not in self.windows]:
            if now - peer.heard_at > GONE_AFTER:
                self._gone(peer.peer)

    async def _tell_own(self) -> None:
        await self._tell({"here": [self.peers[peer].told() for peer in self.windows]})

    def hears(self, said: dict[str, Any]) -> None:
        """From another process, or back from this one."""
        if said.get("ask") or said.get("type") == "missed":  # somebody is new, or something was lost on the way
            self._do(self._tell_own())
        for one in said.get("here", ()):
            if one["peer"] not in self.windows:
                self._is_here(Peer(**one))
        if (gone := said.get("gone")) is not None and gone not in self.windows:
            self._gone(gone)

    def _is_here(self, peer: Peer) -> None:
        known = self.peers.get(peer.peer)
        self.peers[peer.peer] = peer
        if known is None or known.told() != peer.told():
            self._tell_windows({"type": "call", "call": "here", "who": peer.told()})

    def _gone(self, peer: str) -> None:
        if self.peers.pop(peer, None) is not None:
            self._tell_windows({"type": "call", "call": "gone", "peer": peer})

    def _tell_windows(self, said: dict[str, Any]) -> None:
        for window in list(self.windows.values()):
            window.say(said)

    def _do(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)


class _Ear(Listener):
    """What comes over the hub for the circle itself."""

    def __init__(self, circle: Circle) -> None:
        super().__init__(lambda: None)
        self._circle = circle

    def give(self, message: dict[str, str]) -> None:
        self._circle.hears(json.loads(message["text"]))


_circles: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[int, tuple[Circle, asyncio.Task[None]]]] = (
    WeakKeyDictionary()
)


async def circle_of(workshop: int) -> Circle:
    """The one of this loop and room; opened by whoever comes first, awaited by all."""
    rooms = _circles.setdefault(asyncio.get_running_loop(), {})
    if workshop not in rooms:
        circle = Circle(workshop)
        rooms[workshop] = circle, asyncio.create_task(circle.open())
    circle, opened = rooms[workshop]
    try:
        await asyncio.shield(opened)
    except Exception:
        rooms.pop(workshop, None)
        raise
    return circle


def forget_empty(circle: Circle) -> None:
    """The last window of this process closes it."""
    rooms = _circles.get(asyncio.get_running_loop(), {})
    if not circle.windows and rooms.get(circle.workshop, (None,))[0] is circle:
        del rooms[circle.workshop]
        with contextlib.suppress(RuntimeError):
            circle.close()
