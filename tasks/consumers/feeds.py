"""The log of a room as one process tells it to its sockets."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Collection
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from django.db import DatabaseError

from kocforum.live.hub import Listener, hub
from kocforum.live.limits import NOT_INVITED

from ..actions.presence import PRESENCE, look_after_room, note_presence
from ..models import Workshop
from ..queries.boards import board_of
from ..queries.presence import here_now
from ..queries.rooms import events_after, may_stay, told

log = logging.getLogger("kocforum.live")

LOOK_EVERY = 30  # seconds
BEAT = 15  # seconds between two signs of life
GATHER = 0.2  # seconds in which those who come and go are gathered into one word
AT_ONCE = 500  # events of one look into the log
MISSED = "missed"  # the line to the other processes broke, and nobody knows what was told meanwhile


class Socket(Protocol):
    """What a feed needs of a socket."""

    member: int
    listener: Listener

    def tell(self, seq: int, text: str) -> None: ...

    def end_soon(self, code: int) -> None: ...


def off_the_loop(work: Callable[..., Any]) -> Callable[..., Any]:
    """Database work in a thread of its own: one room does not wait for another."""
    return database_sync_to_async(work, thread_sensitive=False)


class Feed:
    """The log of one room as this process tells it: read once for all its sockets, encoded once for those who may see and once for those
    who may not. What Redis or the loop says is only that there is more."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self.seq = 0
        self.sockets: set[Socket] = set()
        self.here: list[int] = []
        self._present: set[int] = set()
        self._more = asyncio.Event()
        self._who = asyncio.Event()
        self._moved = asyncio.Event()
        self._look = asyncio.Event()
        self._ears = [_Ear(self._more, but={PRESENCE}), _Ear(self._who, only={PRESENCE, MISSED}), _Ear(self._look)]
        self.task: asyncio.Task[None] | None = None
        self._work: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Listen first and look then, so that nothing falls between."""
        await hub.open()
        for ear in self._ears[:2]:
            hub.join(ear, f"room:{self.workshop.pk}")
        hub.join(self._ears[2], f"task:{self.workshop.task_id}")
        self.seq, self.here = await off_the_loop(_as_it_stands)(self.workshop)
        self.task = asyncio.create_task(self._tell())
        self._work = [
            asyncio.create_task(work())
            for work in (self._keep_strangers_out, self._say_who_is_here, self._tell_who_is_here)
        ]

    def close(self) -> None:
        for ear in self._ears:
            hub.leave_all(ear)
        for work in (self.task, *self._work):
            if work is not None:
                work.cancel()

    def let_in(self, socket: Socket) -> None:
        self.sockets.add(socket)
        socket.listener.give(_presence(self.here))
        self._moved.set()

    def let_out(self, socket: Socket) -> None:
        self.sockets.discard(socket)
        self._moved.set()

    async def _tell(self) -> None:
        while True:
            await self._more.wait()
            self._more.clear()
            try:
                await self._tell_what_is_new()
            except DatabaseError as error:  # a moment without the database silences nobody for good
                log.warning("The log of room %s was not read: %s", self.workshop.pk, error)
                await asyncio.sleep(1)
                self._more.set()

    async def _tell_what_is_new(self) -> None:
        while events := await off_the_loop(encoded)(self.workshop, self.seq):
            for seq, actor, full, veiled in events:
                for socket in list(self.sockets):
                    socket.tell(seq, full if socket.member == actor else veiled)
                self.seq = seq

    async def _say_who_is_here(self) -> None:
        """A sign of life of everybody who has a socket here, whenever somebody comes or goes and every few seconds."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), BEAT)
                await asyncio.sleep(GATHER)
            self._moved.clear()
            try:
                await self.say_who_is_here()
            except DatabaseError as error:
                log.warning("Who is in room %s was not written: %s", self.workshop.pk, error)

    async def say_who_is_here(self) -> None:
        here = {socket.member for socket in self.sockets}
        await off_the_loop(_written)(self.workshop, here, self._present - here)
        self._present = here

    async def _tell_who_is_here(self) -> None:
        while True:
            await self._who.wait()
            self._who.clear()
            try:
                await self.tell_who_is_here()
            except DatabaseError as error:
                log.warning("Who is in room %s was not read: %s", self.workshop.pk, error)
                await asyncio.sleep(1)
                self._who.set()

    async def tell_who_is_here(self) -> None:
        """To everybody, when somebody came or went by whatever process."""
        here = await off_the_loop(_here)(self.workshop)
        if any(socket.member not in here for socket in self.sockets):
            self._moved.set()  # lost by another process, and still here by this one: it says so before anybody wonders
        if here != self.here:
            self.here = here
            message = _presence(here)
            for socket in list(self.sockets):
                socket.listener.give(message)

    async def _keep_strangers_out(self) -> None:
        """Whoever gives up the seat or is banned is in the room no longer."""
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._look.wait(), LOOK_EVERY)
            self._look.clear()
            try:
                staying = await off_the_loop(may_stay)(self.workshop)
            except DatabaseError as error:
                log.warning("Who sits in room %s was not read: %s", self.workshop.pk, error)
                continue
            for socket in [one for one in self.sockets if one.member not in staying]:
                socket.end_soon(NOT_INVITED)


class _Ear(Listener):
    """What the hub tells this one is only that it should look: at everything but these kinds, or only at those."""

    def __init__(self, wake: asyncio.Event, *, but: Collection[str] = (), only: Collection[str] = ()) -> None:
        super().__init__(lambda: None)
        self._wake, self._but, self._only = wake, but, only

    def give(self, message: dict[str, str]) -> None:
        kind = json.loads(message["text"])["type"]
        if kind not in self._but and (not self._only or kind in self._only):
            self._wake.set()


class _Shared:
    """A feed and how many sockets of this loop use it, those counted that are still on their way in."""

    def __init__(self, workshop: Workshop) -> None:
        self.guests = 0
        self.feed = asyncio.create_task(self._opened(workshop))

    async def _opened(self, workshop: Workshop) -> Feed:
        feed = Feed(workshop)
        await feed.open()
        return feed


_feeds: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[int, _Shared]] = WeakKeyDictionary()


async def enter_feed(workshop: Workshop) -> Feed:
    """The one of this loop and room; opened by whoever comes first, awaited by all. Whoever enters leaves it again."""
    rooms = _feeds.setdefault(asyncio.get_running_loop(), {})
    if (shared := rooms.get(workshop.pk)) is None:
        shared = rooms[workshop.pk] = _Shared(workshop)
    shared.guests += 1
    try:
        return await asyncio.shield(shared.feed)
    except BaseException:
        _one_less(workshop.pk)
        raise


def leave_feed(feed: Feed, socket: Socket) -> None:
    feed.let_out(socket)
    _one_less(feed.workshop.pk)


def _one_less(pk: int) -> None:
    """The last one closes it; one that could not be opened is not kept for the next."""
    rooms = _feeds.get(asyncio.get_running_loop(), {})
    if (shared := rooms.get(pk)) is None:
        return
    shared.guests -= 1
    failed = shared.feed.done() and (shared.feed.cancelled() or shared.feed.exception() is not None)
    if shared.guests > 0 and not failed:
        return
    del rooms[pk]
    if not shared.feed.done():
        shared.feed.cancel()
    elif not failed:
        shared.feed.result().close()


def _written(workshop: Workshop, here: set[int], gone: set[int]) -> None:
    note_presence(workshop=workshop, here=here, gone=gone)
    look_after_room(workshop=workshop)


def encode(said: dict[str, Any]) -> str:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _presence(here: list[int]) -> dict[str, str]:
    return {"type": "websocket.send", "text": encode({"type": "presence", "here": here})}


def _here(workshop: Workshop) -> list[int]:
    return sorted(here_now(workshop))


def _as_it_stands(workshop: Workshop) -> tuple[int, list[int]]:
    """(the number of the last event, who is here)."""
    return Workshop.objects.values_list("seq", flat=True).get(pk=workshop.pk), _here(workshop)


def encoded(workshop: Workshop, after: int, limit: int = AT_ONCE) -> list[tuple[int, int | None, str, str]]:
    """(number, who, for them, for everybody else) of the events after a number."""
    rows = events_after(workshop, after, limit)
    if not rows:
        return []
    with board_of(workshop) as board:
        return [
            (
                row.seq,
                row.actor_id,
                encode(told(row, board, row.actor_id or 0, anonymous=workshop.anonymous)),
                encode(told(row, board, -1, anonymous=workshop.anonymous)),
            )
            for row in rows
        ]
