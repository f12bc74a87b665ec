"""Act in a room: one command, one event at the end of its log. Open the room, end it."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden, Invalid, require
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member

from ..enums import Phase, TaskState
from ..facts import RoomEnded, RoomOpened, RoomPhaseMoved
from ..models import RoomEvent, Seat, Task, Workshop
from ..queries.boards import board_of
from ..queries.presence import attended, here_now
from ..rules.room_commands import decide, decide_undo, phase_named
from ..rules.sittings import LEADS, Event, Said, Sitting, number_of, resumed
from ..rules.workshops import can_enter, can_open_room, seat_of, sitting_of
from .moves import closing_values, hold_task, step
from .participations import take_part
from .room_pictures import look_at_the_picture, show_or_hide_the_picture


@transaction.atomic
def open_room(*, by: Member, workshop: Workshop, phase: str = Phase.DIVERGE, op_id: UUID | None = None) -> Workshop:
    """The lobby opens, and the room is live: by one of its hosts, once, at any time."""
    require(can_open_room(by, workshop), _("Only the hosts open the room."))
    closed = Workshop.objects.filter(pk=workshop.pk, live_at__isnull=True)
    if not closed.update(live_at=timezone.now()):
        raise Conflict(_("The room is open already."))
    record(RoomOpened(task_id=workshop.task_id), by=by)
    workshop.refresh_from_db()
    act(by=by, workshop=workshop, op_id=op_id or uuid.uuid4(), kind="phase.move", said={"to": phase})
    push(f"task:{workshop.task_id}", "room.opened", workshop.task_id)
    workshop.refresh_from_db()
    return workshop


@transaction.atomic
def act(*, by: Member, workshop: Workshop, op_id: UUID, kind: str, said: Said) -> RoomEvent:
    """One command of one person. The row of the workshop is held, so that what the board allowed is what is written next: the log has one
    order, without gaps. The same `op_id` of the same person again answers the first event, `replayed` (W1)."""
    ends = kind == "phase.move" and phase_named(said) == Phase.ENDED
    if ends:
        hold_task(workshop.task_id)  # a move of the task holds it first, and then the room
    room = Workshop.objects.select_for_update(of=("self",)).select_related("task").get(pk=workshop.pk)
    seat = _seat(by, room)
    if (first := RoomEvent.objects.filter(workshop=room, op_id=op_id, actor=by).first()) is not None:
        first.replayed = True
        return first
    if not room.is_live or room.task.state != TaskState.OPEN:
        raise Conflict(_("This workshop is over.") if room.ended_at else _("The room is not open yet."))
    with board_of(room) as board:
        sitting = sitting_of(seat, room)
        waits, left = board.suspended, board.left
        if kind == "undo":
            event = _undo(room, board, sitting, said)
        else:
            event = decide(board, sitting, kind, said, timezone.now())
    if event.kind == "action.add":
        _look_for_the_owner(room, event.payload["owner"])
    look_at_the_picture(by, event)
    if event.kind == "recording.start":
        _look_who_has_not_agreed(room)
    if event.kind == "lead.pass":
        _look_for_a_host(room, event.payload["to"])
    if waits and sitting.leads:  # a host who acts is back
        append(room, resumed(left, timezone.now()), actor=None, op_id=uuid.uuid4())
    row = append(room, event, actor=by.pk, op_id=op_id)
    show_or_hide_the_picture(room, by, row)
    if event.kind == "phase.move":
        _after_phase(room, by, event.payload["to"])
    return row


def _seat(by: Member, room: Workshop) -> Seat:
    require(can_enter(by, room), _("You are not invited to this room."))
    seat = seat_of(by, room)
    if seat is None:
        raise Forbidden(_("You are not invited to this room."))
    return seat


def _look_for_the_owner(room: Workshop, member: int) -> None:
    """Only who sits in the room is given something to do."""
    if not Seat.objects.in_the_room().filter(workshop=room, member=member).exists():
        raise Invalid({"owner": _("“%(word)s” is not known here.") % {"word": member}})


def _look_who_has_not_agreed(room: Workshop) -> None:
    """Nobody who is there is recorded without having said yes (W15)."""
    with board_of(room) as board:
        missing = here_now(room) - board.agreed
    if missing:
        names = ", ".join(member.name for member in Member.objects.filter(pk__in=missing).order_by("pk")[:3])
        raise Conflict(_("Not everybody who is here has agreed: %(names)s.") % {"names": names})


def _look_for_a_host(room: Workshop, member: int) -> None:
    hosts = Seat.objects.in_the_room().filter(workshop=room, member=member, role__in=LEADS)
    if not hosts.exists():
        raise Invalid({"to": _("Only a host or co-host can lead.")})


def _undo(room: Workshop, board: Any, sitting: Sitting, said: Said) -> Event:
    number = number_of(said if isinstance(said, dict) else {}, "seq")
    done = RoomEvent.objects.filter(workshop=room, seq=number).first()
    if done is None:
        raise Invalid({"seq": _("There is no such event.")})
    return decide_undo(board, sitting, done.seq, done.actor_id, done.kind, done.payload, done.veil)


def append(room: Workshop, event: Event, *, actor: int | None, op_id: UUID) -> RoomEvent:
    """The next number of the log; the constraint of one event per number stands behind the lock."""
    row = RoomEvent.objects.create(
        workshop=room,
        seq=room.seq + 1,
        op_id=op_id,
        actor_id=actor,
        kind=event.kind,
        payload=event.payload,
        veil=event.veil,
    )
    if not Workshop.objects.filter(pk=room.pk, seq=room.seq).update(seq=row.seq):
        raise Conflict(_("Somebody was faster. Try again."))
    room.seq = row.seq
    push(f"room:{room.pk}", "room.event", row.seq)
    return row


def _after_phase(room: Workshop, by: Member | None, phase: str) -> None:
    record(RoomPhaseMoved(task_id=room.task_id, phase=phase), by=by)
    if phase == Phase.ENDED:
        Workshop.objects.filter(pk=room.pk).update(ended_at=timezone.now())
        record(RoomEnded(task_id=room.task_id, events=room.seq), by=by)
        task = hold_task(room.task_id)
        if task.state == TaskState.OPEN:
            values = closing_values()
            values["closes_at"] = min(task.closes_at, values["closed_at"])
            step(task=task, to=TaskState.CLOSED, by=by, values=values)


def workshop_moved(task: Task, by: Member | None) -> None:
    """In the transaction of the task's move. Who came took part; a room that is still open when its task ends, ends with it."""
    room = Workshop.objects.select_for_update(of=("self",)).filter(task=task).first()
    if room is None or task.state not in {TaskState.CLOSED, TaskState.CANCELLED}:
        return
    if room.is_live:
        append(room, Event("phase.move", {"to": Phase.ENDED, "deadline": None}), actor=None, op_id=uuid.uuid4())
        Workshop.objects.filter(pk=room.pk).update(ended_at=timezone.now())
        record(RoomEnded(task_id=task.pk, events=room.seq), by=by)
    if task.state == TaskState.CLOSED:
        for member in Member.objects.filter(pk__in=attended(room)):
            take_part(member=member, task=task, may=lambda one: True)
