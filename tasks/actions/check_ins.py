"""Who is at the door of a meeting in person: checked in, let in, taken back; and who never came (W18)."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden, Invalid, require
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.text import clean_line

from ..enums import SeatRole, SeatState
from ..facts import CheckedIn, CheckInUndone, LetIn, MissingExplained, SeatMissed, SeatReleased
from ..models import Seat, Workshop
from ..queries.check_ins import absent
from ..queries.presence import who_came
from ..rules.check_ins import can_check_in, can_keep_door, has_begun, is_code_good
from ..rules.workshops import has_accepted
from .participations import take_part

MOST = 300
SAY_WHY_WITHIN = timedelta(days=30)


@transaction.atomic
def check_in(*, by: Member, workshop: Workshop, code: str) -> Seat:
    """I am here: with the code that stands on the host's screen. Twice is once."""
    require(can_check_in(by, workshop), _("You are not invited to this room."))
    if not is_code_good(workshop, code, timezone.now()):
        raise Invalid({"code": _("This code is not on the host's screen any more. Scan the new one.")})
    return _mark(workshop, by, by=by)


@transaction.atomic
def check_in_for(*, by: Member, workshop: Workshop, member: Member) -> Seat:
    """Whoever keeps the door sees somebody who has a seat. Twice is once."""
    require(can_keep_door(by, workshop), _("The hosts and the scribe keep the door."))
    return _mark(workshop, member, by=by)


def _mark(workshop: Workshop, member: Member, *, by: Member) -> Seat:
    here = Seat.objects.filter(workshop=workshop, member=member)
    open_seat = here.filter(state=SeatState.ACCEPTED, checked_in_at__isnull=True)
    if open_seat.update(checked_in_at=timezone.now(), released_at=None):
        record(CheckedIn(task_id=workshop.task_id, member_id=member.pk), by=by)
        _tell(workshop)
    seat = here.first()
    if seat is None or seat.checked_in_at is None:
        raise Conflict(_("Who has no seat is let in when one is free."))
    return seat


@transaction.atomic
def undo_check_in(*, by: Member, workshop: Workshop, member: Member) -> Seat:
    """It was somebody else. The seat stays."""
    require(can_keep_door(by, workshop), _("The hosts and the scribe keep the door."))
    seats = Seat.objects.filter(workshop=workshop, member=member)
    if seats.filter(checked_in_at__isnull=False).update(checked_in_at=None):
        record(CheckInUndone(task_id=workshop.task_id, member_id=member.pk), by=by)
        _tell(workshop)
    return seats.get()


@transaction.atomic
def let_in(*, by: Member, workshop: Workshop, member: Member, instead_of: Member | None = None) -> Seat:
    """Who waits and stands at the door has a free seat; once it has begun, also that of somebody who is not there. Who was late waits
    from then on, and is let in when a seat is free."""
    require(can_keep_door(by, workshop), _("The hosts and the scribe keep the door."))
    room = Workshop.objects.select_for_update(of=("self",)).get(pk=workshop.pk)
    waiting = Seat.objects.filter(workshop=room, member=member, state=SeatState.STANDBY)
    seat = waiting.first()
    if seat is None:
        raise Conflict(_("Who has no seat is let in when one is free."))
    if not has_accepted(seat, room):
        raise Conflict(_("They accept first what everybody accepts who meets there."))
    rooms = Workshop.objects.filter(pk=room.pk)
    if not rooms.filter(taken__lt=F("seats")).update(taken=F("taken") + 1):
        if instead_of is None:
            raise Conflict(_("All seats are taken. Say whose seat it is: of somebody who is not there."))
        _release(room, instead_of, by=by)
    now = timezone.now()
    waiting.update(state=SeatState.ACCEPTED, checked_in_at=now, released_at=None)
    record(LetIn(task_id=room.task_id, member_id=member.pk), by=by)
    record(CheckedIn(task_id=room.task_id, member_id=member.pk), by=by)
    _tell(room)
    seat.refresh_from_db()
    return seat


def _release(room: Workshop, late: Member, *, by: Member) -> None:
    """The row of the workshop is held, so that one seat goes to one person; the number of seats taken stays."""
    if not has_begun(room):
        raise Conflict(_("Seats are kept until it begins."))
    if late.pk not in absent(room):
        raise Conflict(_("They are here, or have no seat."))
    now = timezone.now()
    seats = Seat.objects.filter(workshop=room, member=late, role=SeatRole.KOC, state=SeatState.ACCEPTED)
    if not seats.filter(checked_in_at__isnull=True).update(state=SeatState.STANDBY, answered_at=now, released_at=now):
        raise Conflict(_("They are here, or have no seat."))
    record(SeatReleased(task_id=room.task_id, member_id=late.pk), by=by)


@transaction.atomic
def mark_missed(*, workshop: Workshop) -> int:
    """After the room: owners who had a seat, said nothing and were not seen, neither at the door nor in the room. Each once. Returns how
    many."""
    if workshop.ended_at is None:
        return 0
    had = Seat.objects.filter(workshop=workshop, role=SeatRole.KOC, missed_at__isnull=True, checked_in_at__isnull=True)
    came, count = who_came(workshop), 0
    for seat in had.exclude(member__in=came).order_by("pk"):
        if seat.state != SeatState.ACCEPTED and not (seat.state == SeatState.STANDBY and seat.released_at):
            continue
        if had.filter(pk=seat.pk, state=seat.state).update(missed_at=timezone.now()):
            record(SeatMissed(task_id=workshop.task_id, member_id=seat.member_id), by=None)
            count += 1
    return count


@transaction.atomic
def count_who_came(*, workshop: Workshop) -> None:
    """After the room: who was seen at the door took part, also where the scribe wrote for them. Once each."""
    if workshop.ended_at is None:
        return
    here = Seat.objects.filter(workshop=workshop, checked_in_at__isnull=False)
    for member in Member.objects.filter(pk__in=here.values("member")):
        take_part(member=member, task=workshop.task, may=lambda one: True)


@transaction.atomic
def explain_missing(*, by: Member, workshop: Workshop, words: str) -> Seat:
    """Why I did not come. Who says why is not counted among those who said nothing."""
    seats = Seat.objects.filter(workshop=workshop, member=by)
    if not seats.filter(missed_at__gt=timezone.now() - SAY_WHY_WITHIN).exists():
        raise Forbidden(_("Nobody missed you there."))
    said = clean_line(words)
    if not 1 <= len(said) <= MOST:
        raise Invalid({"why": _("Between 1 and %(most)s characters.") % {"most": MOST}})
    seats.update(missed_because=said)
    record(MissingExplained(task_id=workshop.task_id, member_id=by.pk), by=by)
    return seats.get()


def _tell(workshop: Workshop) -> None:
    push(f"task:{workshop.task_id}", "seat.changed", workshop.task_id)
