"""After a meeting in person; who never came, who was late, who must read new words."""

from __future__ import annotations

from typing import Any

from kocforum.ledger.subscribers import on
from kocforum.notifications.actions import notify_all

from .. import kinds
from ..actions.check_ins import count_who_came, mark_missed
from ..enums import SeatState
from ..facts import ConsentReworded, RoomEnded, SeatMissed, SeatReleased
from ..models import Seat, Workshop
from ..rules.workshops import consent_hash_of


@on(RoomEnded)
def look_who_came(told: RoomEnded, row: Any) -> None:
    """Who was at the door took part; who had a seat and was nowhere is told so."""
    workshop = Workshop.objects.select_related("task").filter(task=told.task_id).first()
    if workshop is not None:
        count_who_came(workshop=workshop)
        mark_missed(workshop=workshop)


@on(SeatMissed)
def say_that_they_were_missed(told: SeatMissed, row: Any) -> None:
    _tell([told.member_id], kinds.SEAT_MISSED, told.task_id, row)


@on(SeatReleased)
def say_that_the_seat_is_gone(told: SeatReleased, row: Any) -> None:
    _tell([told.member_id], kinds.SEAT_RELEASED, told.task_id, row)


@on(ConsentReworded)
def ask_anew(told: ConsentReworded, row: Any) -> None:
    """Everybody who comes or waits and accepted older words."""
    workshop = Workshop.objects.filter(task=told.task_id).first()
    if workshop is None or not workshop.consent:
        return
    listed = Seat.objects.filter(workshop=workshop, state__in=[SeatState.ACCEPTED, SeatState.STANDBY])
    older = listed.exclude(consent_hash=consent_hash_of(workshop)).exclude(consent_hash="")
    _tell(list(older.values_list("member", flat=True)), kinds.CONSENT_CHANGED, told.task_id, row)


def _tell(members: list[int], kind: str, task: int, row: Any) -> None:
    others = [member for member in members if member != row.by_id]
    notify_all(members=others, kind=kind, object_id=task, params={}, fact_id=row.pk)
