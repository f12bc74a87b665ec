"""What follows from a room that ends: its minutes wait, are signed in time, and those who met hear of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kocforum.ledger.duties import every
from kocforum.ledger.subscribers import on
from kocforum.notifications.actions import notify_all, withdraw

from .. import kinds
from ..actions.minutes import draft_minutes, sign_due
from ..actions.presence import look_after_rooms
from ..actions.room_results import remind_of_results
from ..actions.room_words import ask_for_thanks
from ..enums import MinutesVerdict, SeatRole, WordKind
from ..facts import (
    MinutesAnswered,
    MinutesCorrected,
    MinutesDrafted,
    MinutesSigned,
    ObjectionAnswered,
    ResultDue,
    ResultMoved,
    RoomEnded,
    RoomWordWritten,
    ThanksOwed,
)
from ..models import RoomResult, Seat, Workshop
from ..queries.minutes import who_answers
from ..queries.presence import who_came
from ..rules.sittings import LEADS


@every(minutes=1)
def look_after_the_rooms() -> None:
    look_after_rooms()


@every(minutes=10)
def sign_minutes_in_time() -> None:
    sign_due()


@every(hours=1)
def remind_of_what_was_promised() -> None:
    remind_of_results()


@on(RoomEnded)
def draft_the_minutes(told: RoomEnded, row: Any) -> None:
    """Of every room in which something happened."""
    if told.events > 1:
        draft_minutes(workshop=Workshop.objects.get(task=told.task_id))


def _tell(members: Iterable[int], kind: str, task: int, row: Any) -> None:
    """Nobody is told of what they did themselves."""
    others = sorted({member for member in members if member != row.by_id})
    notify_all(members=others, kind=kind, object_id=task, params={}, fact_id=row.pk)


def _inside(task: int) -> Any:
    return Seat.objects.in_the_room().filter(workshop__task=task)


def _hosts(task: int) -> Iterable[int]:
    return _inside(task).filter(role__in=LEADS).values_list("member", flat=True)


def _who_met(task: int) -> set[int]:
    workshop = Workshop.objects.get(task=task)
    return who_answers(workshop, who_came(workshop))


@on(MinutesDrafted)
def ask_for_an_answer(told: MinutesDrafted, row: Any) -> None:
    _tell(_who_met(told.task_id), kinds.MINUTES_WAIT, told.task_id, row)


@on(MinutesCorrected)
def tell_of_the_new_version(told: MinutesCorrected, row: Any) -> None:
    _tell(_who_met(told.task_id), kinds.MINUTES_CORRECTED, told.task_id, row)


@on(MinutesAnswered)
def tell_hosts_of_an_objection(told: MinutesAnswered, row: Any) -> None:
    if told.verdict == MinutesVerdict.OBJECT:
        _tell(_hosts(told.task_id), kinds.MINUTES_OBJECTED, told.task_id, row)


@on(ObjectionAnswered)
def tell_who_objected(told: ObjectionAnswered, row: Any) -> None:
    _tell([told.member_id], kinds.OBJECTION_ANSWERED, told.task_id, row)


@on(MinutesSigned)
def tell_that_they_are_signed(told: MinutesSigned, row: Any) -> None:
    withdraw(kind=kinds.MINUTES_WAIT, object_id=told.task_id)
    _tell(_who_met(told.task_id), kinds.MINUTES_SIGNED, told.task_id, row)


@on(RoomWordWritten)
def tell_who_met(told: RoomWordWritten, row: Any) -> None:
    """Everybody who sits in the room; a word of thanks, and what became of it, by their own names."""
    kind = {WordKind.THANKS: kinds.ROOM_THANKS, WordKind.BECAME: kinds.ROOM_BECAME}.get(
        WordKind(told.kind), kinds.ROOM_WORD
    )
    listening = _inside(told.task_id).exclude(role=SeatRole.OBSERVER)
    _tell(listening.values_list("member", flat=True), kind, told.task_id, row)


@on(ResultDue)
def remind_who_promised_it(told: ResultDue, row: Any) -> None:
    _tell([told.owner_id], kinds.RESULT_DUE, told.task_id, row)


@on(ResultMoved)
def tell_who_promised_it(told: ResultMoved, row: Any) -> None:
    """When somebody else says how far it is."""
    owner = RoomResult.objects.filter(pk=told.result_id).values_list("owner", flat=True).first()
    if owner:
        _tell([owner], kinds.RESULT_MOVED, told.task_id, row)


@every(hours=6)
def look_for_thanks() -> None:
    """A few days after the minutes were signed."""
    ask_for_thanks()


@on(ThanksOwed)
def ask_hosts_to_see_to_it(told: ThanksOwed, row: Any) -> None:
    _tell(_hosts(told.task_id), kinds.THANKS_OWED, told.task_id, row)
