"""`/ws/workshops/<task>/?after=SEQ`: one person in a room.

The server greets, tells the events after SEQ, then each one as it is written: in order, without gaps; and who is here, whenever that
changes (`{type: "presence", here: [member, …]}`). The client sends
`{op_id, kind, payload}` and gets an ack with the number of the event, or a refusal with a sentence. Whatever is lost on the way is told
again from the last number that the client saw; a command that was not acknowledged is sent again under its `op_id`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from channels.consumer import get_handler_name
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from kocforum.errors import Refused
from kocforum.live.hub import Listener
from kocforum.live.limits import (
    LONGEST_COMMAND,
    NOT_INVITED,
    NOT_SIGNED_IN,
    SECONDS_TO_CLOSE,
    TOO_MANY,
    TOO_SLOW,
    Budget,
)
from kocforum.members.models import Member

from ..actions.rooms import act
from ..models import Workshop
from ..queries.boards import board_of
from ..rules.workshops import can_enter, seat_of
from .callers import Caller
from .feeds import Feed, encode, encoded, enter_feed, leave_feed, off_the_loop

COMMANDS_PER_SECOND = 20
BURST = 60
PATIENCE = 100  # commands over the limit that are refused before the socket is closed


class RoomConsumer(AsyncWebsocketConsumer):
    """Thin: it lets in, tells, and hands commands to the action."""

    member: int = 0

    async def dispatch(self, message: dict[str, Any]) -> None:
        # Channels' own dispatch goes through the database thread for every message; database work here has its own.
        await getattr(self, get_handler_name(message))(message)

    async def connect(self) -> None:
        self.feed: Feed | None = None
        self.sender: asyncio.Task[None] | None = None
        self.ending: asyncio.Task[None] | None = None
        self.budget, self.patience = Budget(COMMANDS_PER_SECOND, BURST), PATIENCE
        self.listener = Listener(lambda: self.end_soon(TOO_SLOW))
        self.caller = Caller(self)
        self.user = self.scope["user"]
        self.language = _language_of(self.scope)
        code, sentence, self.workshop, role = await off_the_loop(_door)(
            self.user, int(self.scope["url_route"]["kwargs"]["pk"]), self.language
        )
        await self.accept()  # a close code reaches the client only after that
        if code or self.workshop is None:
            await self.close(code, sentence)
            return
        self.member = self.user.pk
        try:
            await self._greet_and_catch_up(role)
        except BaseException:
            if self.feed is not None:  # whoever went while we said hello is not told of again
                leave_feed(self.feed, self)
                self.feed = None
            raise

    async def _greet_and_catch_up(self, role: str) -> None:
        """Hello, then the log from the last number that the client saw, then whatever comes."""
        self.feed = feed = await enter_feed(self.workshop)
        board = await off_the_loop(_greeting)(self.workshop)
        me = {"member": self.member, "username": self.user.username, "role": role}
        await self._say({"type": "hello", **board, "server_time": timezone.now().isoformat(), "me": me})
        self.seq = min(_after(self.scope), board["seq"])
        while True:
            events = await off_the_loop(encoded)(self.workshop, self.seq)
            for seq, actor, full, veiled in events:
                await self.send(full if actor == self.member else veiled)
                self.seq = seq
            if not events and self.seq >= feed.seq:
                break
        feed.let_in(self)
        self.sender = asyncio.create_task(self._send_what_is_queued())

    async def disconnect(self, code: int) -> None:
        await self.caller.leave()
        if self.feed is not None:
            leave_feed(self.feed, self)
        if self.sender is not None:
            self.sender.cancel()

    def tell(self, seq: int, text: str) -> None:
        """The next event; what was told while catching up is not told again."""
        if seq > self.seq:
            self.seq = seq
            self.listener.give({"type": "websocket.send", "text": text})

    async def receive(self, text_data: str | None = None, bytes_data: bytes = b"") -> None:
        if self.ending or self.sender is None:  # not let in, or not caught up yet
            return
        command = _understood(text_data) if len((text_data or "").encode()) <= LONGEST_COMMAND else None
        op_id = command.get("op_id") if command else None
        if command is None:
            with translation.override(self.language):
                self._refuse(None, _("This is no command, or too long a one."))
        elif "ping" in command:
            self._answer({"pong": command["ping"]})
        elif "call" in command or "signal" in command:
            await self.caller.hear(command)
        elif not self.budget.spend():
            self._too_many(op_id)
        else:
            await self._obey(command, op_id)

    async def _obey(self, command: dict[str, Any], op_id: Any) -> None:
        try:
            number = UUID(str(op_id))
        except ValueError:
            with translation.override(self.language):
                self._refuse(op_id, _("A command carries an op_id of its own."))
            return
        seq, refusal = await off_the_loop(_done)(
            self.user.pk, self.workshop.pk, number, command.get("kind"), command.get("payload", {}), self.language
        )
        if refusal:
            self._refuse(op_id, refusal)
        else:
            self._answer({"type": "ack", "op_id": op_id, "seq": seq})

    def _too_many(self, op_id: Any) -> None:
        """Refused, and the socket stays; who goes on all the same is put out."""
        self.patience -= 1
        if self.patience <= 0:
            self.end_soon(TOO_MANY)
            return
        with translation.override(self.language):
            self._refuse(op_id, _("Too many at once. Wait a moment."))

    def _refuse(self, op_id: Any, detail: str) -> None:
        self._answer({"type": "refused", "op_id": op_id, "detail": detail})

    def _answer(self, said: dict[str, Any]) -> None:
        # By the same queue as events, so that order is kept.
        self.listener.give({"type": "websocket.send", "text": encode(said)})

    async def _say(self, said: dict[str, Any]) -> None:
        await self.send(encode(said))

    async def _send_what_is_queued(self) -> None:
        queue, send = self.listener.queue, self.base_send
        while True:
            await send(await queue.get())

    def end_soon(self, code: int) -> None:
        """Close from our side. The client may not be reading at all, so nobody waits for it for long."""
        if self.feed is not None:
            self.feed.let_out(self)
        if self.ending is None:
            self.ending = asyncio.create_task(self._end(code))

    async def _end(self, code: int) -> None:
        if self.sender is not None:
            self.sender.cancel()
        await self.caller.leave()
        with translation.override(self.language):
            sentence = {
                TOO_SLOW: _("This window cannot keep up. Reload it."),
                TOO_MANY: _("Too many at once. Wait a moment."),
                NOT_INVITED: _("You are not in this room any more."),
            }[code]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.close(code, sentence), SECONDS_TO_CLOSE)


def _understood(text: str | None) -> dict[str, Any] | None:
    try:
        command = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    return command if isinstance(command, dict) else None


def _after(scope: dict[str, Any]) -> int:
    said = parse_qs(scope["query_string"].decode("latin-1")).get("after", ["0"])[0]
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0


def _language_of(scope: dict[str, Any]) -> str:
    """As the pages: the cookie, else what the browser asks for, else the language of the house."""
    asked = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1").lower()
    wanted = [code for code, _weight in parse_accept_lang_header(asked)]
    if chosen := scope.get("cookies", {}).get(settings.LANGUAGE_COOKIE_NAME):
        wanted.insert(0, chosen)
    for code in wanted:
        with contextlib.suppress(LookupError):
            return translation.get_supported_language_variant(code)
    return settings.LANGUAGE_CODE


def _door(user: Any, task: int, language: str) -> tuple[int, str, Workshop | None, str]:
    """(close code, sentence, the room, the role): who is let in, and why somebody is not. What is not there looks like what is closed."""
    with translation.override(language):
        if not user.is_authenticated:
            return NOT_SIGNED_IN, _("Please sign in first."), None, ""
        room = Workshop.objects.filter(task=task).select_related("task").first()
        may = can_enter(user, room) if room else False
        seat = seat_of(user, room) if room else None
        if may is True and seat is not None:
            return 0, "", room, seat.role
        return NOT_INVITED, str(may or _("You are not invited to this room."))[:60], None, ""


def _greeting(workshop: Workshop) -> dict[str, Any]:
    with board_of(workshop) as board:
        return {"seq": board.seq, "phase": board.phase, "deadline": board.deadline}


def _done(member: int, room: int, op_id: UUID, kind: Any, said: Any, language: str) -> tuple[int, str]:
    """(number of the event, "") or (0, why not). Member and room are read anew: every command asks for its right again."""
    with translation.override(language):
        try:
            by = Member.objects.get(pk=member)
            workshop = Workshop.objects.select_related("task").get(pk=room)
            return act(by=by, workshop=workshop, op_id=op_id, kind=str(kind), said=said).seq, ""
        except Refused as refused:
            return 0, str(refused)
