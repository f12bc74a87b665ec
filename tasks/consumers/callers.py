"""What one socket of a room does about sound and picture.

The client says `{"call": "join", "on": ["microphone"]}`, `{"call": "on", "on": […]}`, `{"call": "leave"}`, and
`{"signal": {"to": PEER, "data": {…}}}` to one of the others. It hears `{type: "call", call: "joined" | "here" | "gone" | "left" | "refused"}`
and `{type: "signal", from, data}`. Nothing of it is in the log. Every message asks for the seat again.
"""

from __future__ import annotations

from typing import Any, Protocol

from django.utils import translation
from django.utils.translation import gettext as _

from kocforum.live.hub import Listener, hub
from kocforum.live.limits import TOO_MANY, Budget

from ..models import Seat
from ..queries.sound import sitting_in
from ..rules.sound import SLOTS, can_be_heard, can_join, can_turn_on, ice_servers, media_server
from .circles import Circle, Peer, circle_of, forget_empty
from .feeds import encode, off_the_loop

SIGNALS_PER_SECOND = 40
BURST = 240  # who joins eleven others says some twenty things to each
PATIENCE = 200  # signals over the limit that are refused before the socket is closed


class Socket(Protocol):
    """What this needs of the socket of a room."""

    member: int
    language: str
    workshop: Any
    listener: Listener

    def end_soon(self, code: int) -> None: ...


class Caller:
    """One socket, connected or not."""

    def __init__(self, socket: Socket) -> None:
        self.socket = socket
        self.budget, self.patience = Budget(SIGNALS_PER_SECOND, BURST), PATIENCE
        self.circle: Circle | None = None
        self.peer: Peer | None = None

    def say(self, said: dict[str, Any]) -> None:
        # By the same queue as events, so that order is kept.
        self.socket.listener.give({"type": "websocket.send", "text": encode(said)})

    async def hear(self, command: dict[str, Any]) -> None:
        """A message about sound and picture."""
        with translation.override(self.socket.language):
            if not self.budget.spend():
                self._too_many()
                return
            if command.get("call") == "leave":
                await self.leave()
                self.say({"type": "call", "call": "left"})
                return
            seat = await off_the_loop(sitting_in)(self.socket.workshop.pk, self.socket.member)
            if seat is None:
                await self.leave()
                self._refuse(_("You are not in this room any more."))
            elif command.get("call") == "join":
                await self._join(seat, _slots(command.get("on")))
            elif self.peer is None or self.circle is None:
                self._refuse(_("You are not connected. Join first."))
            elif command.get("call") == "on":
                await self._turn_on(self.circle, self.peer, seat.role, _slots(command.get("on")))
            elif (signal := _signal_in(command)) is not None:
                await self.circle.pass_on(self.peer, *signal)
            else:
                self._refuse(_("This is no command, or too long a one."))

    async def _join(self, seat: Seat, on: set[str]) -> None:
        await self.leave()
        circle = await circle_of(seat.workshop_id)
        may = can_join(seat, seat.workshop, len(circle.peers))
        if may is not True:
            forget_empty(circle)
            self._refuse(str(may))
            return
        pictures = sum(peer.pictures for peer in circle.peers.values())
        if can_turn_on(on, seat.role, pictures) is not True:  # who is let in may turn it on later
            on = on.intersection({"microphone"}) if can_be_heard(seat.role) else set()
        peer = circle.enter(self, self.socket.member, seat.member.name, seat.role, on)
        self.circle, self.peer = circle, peer
        hub.join(self.socket.listener, circle.group_of(peer.peer))
        self.say(
            {
                "type": "call",
                "call": "joined",
                "peer": peer.peer,
                "speaks": can_be_heard(seat.role),
                "people": [one.told() for one in circle.peers.values()],
                "ice": ice_servers(peer.peer),
                "media": media_server(seat.workshop),
            }
        )
        await circle.tell_of(peer)

    async def _turn_on(self, circle: Circle, peer: Peer, role: str, on: set[str]) -> None:
        """What is on from now on. What was on already is not asked for again."""
        others = sum(one.pictures for one in circle.peers.values() if one is not peer)
        may = can_turn_on(on, role, others)
        if may is not True:
            self._refuse(str(may))
            return
        peer.role, peer.on = role, {slot: slot in on for slot in SLOTS}
        await circle.tell_of(peer)

    async def leave(self) -> None:
        """By the button, with the seat, or because the socket is gone: the others hear of it at once."""
        circle, peer, self.circle, self.peer = self.circle, self.peer, None, None
        if circle is None or peer is None:
            return
        hub.leave(self.socket.listener, circle.group_of(peer.peer))
        await circle.leave(peer)
        forget_empty(circle)

    def _too_many(self) -> None:
        self.patience -= 1
        if self.patience <= 0:
            self.socket.end_soon(TOO_MANY)
        else:
            self._refuse(_("Too many at once. Wait a moment."))

    def _refuse(self, detail: str) -> None:
        self.say({"type": "call", "call": "refused", "detail": detail})


def _slots(said: Any) -> set[str]:
    """Names of what is on; anything else is nothing."""
    return {slot for slot in SLOTS if slot in said} if isinstance(said, list) else set()


def _signal_in(command: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    signal = command.get("signal")
    if not isinstance(signal, dict):
        return None
    to, data = signal.get("to"), signal.get("data")
    return (to, data) if isinstance(to, str) and len(to) < 40 and isinstance(data, dict) else None
