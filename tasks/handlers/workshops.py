"""Who is on the list of a room hears that it is drawn up, that a seat is free, that it is open."""

from __future__ import annotations

from typing import Any

from kocforum.ledger.duties import every
from kocforum.ledger.subscribers import on
from kocforum.members.models import Member
from kocforum.notifications.actions import notify_all

from .. import kinds
from ..actions.workshops import announce_meetings, give_up_seat
from ..enums import SeatState, TaskState
from ..facts import InvitationDeclined, MeetingNear, RoomOpened, SeatMovedUp, TaskMoved, WorkshopInvited
from ..models import Seat, Workshop


def _tell(members: Any, kind: str, task: int, row: Any) -> None:
    """Nobody is told of what they did themselves."""
    others = [member for member in members if member != row.by_id]
    notify_all(members=others, kind=kind, object_id=task, params={}, fact_id=row.pk)


@on(TaskMoved)
def tell_colleagues_that_they_are_on_the_list(told: TaskMoved, row: Any) -> None:
    """Others are invited as the audience of the task; colleagues stand in no audience."""
    if told.to_state == TaskState.OPEN:
        colleagues = Seat.objects.filter(workshop__task=told.task_id, member__is_staff=True)
        _tell(colleagues.values_list("member", flat=True), kinds.INVITED, told.task_id, row)


@on(WorkshopInvited)
def tell_who_was_added(told: WorkshopInvited, row: Any) -> None:
    _tell(told.member_ids, kinds.INVITED, told.task_id, row)


@every(minutes=15)
def look_for_meetings() -> None:
    """A day before."""
    announce_meetings()


@on(MeetingNear)
def remind_of_the_meeting(told: MeetingNear, row: Any) -> None:
    """Who comes is reminded; who has not answered is asked once more."""
    listed = Seat.objects.filter(workshop__task=told.task_id)
    for state, kind in ((SeatState.ACCEPTED, kinds.MEETING_NEAR), (SeatState.INVITED, kinds.SEAT_WAITS)):
        _tell(listed.filter(state=state).values_list("member", flat=True), kind, told.task_id, row)


@on(InvitationDeclined)
def give_the_seat_up_too(told: InvitationDeclined, row: Any) -> None:
    """Whoever turned the invitation down does not come."""
    workshop = Workshop.objects.select_related("task__audience").filter(task=told.task_id).first()
    seat = Seat.objects.filter(workshop=workshop, member=row.by_id).exclude(state=SeatState.DECLINED)
    if workshop is not None and workshop.ended_at is None and seat.exists():
        give_up_seat(by=Member.objects.get(pk=row.by_id), workshop=workshop)


@on(SeatMovedUp)
def tell_who_moved_up(told: SeatMovedUp, row: Any) -> None:
    _tell([told.member_id], kinds.SEAT_FREE, told.task_id, row)


@on(RoomOpened)
def tell_that_it_is_open(told: RoomOpened, row: Any) -> None:
    """Everybody who has a seat."""
    _tell(
        Seat.objects.in_the_room().filter(workshop__task=told.task_id).values_list("member", flat=True),
        kinds.ROOM_OPENED,
        told.task_id,
        row,
    )
