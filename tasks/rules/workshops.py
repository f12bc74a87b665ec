"""Who draws up a workshop, who has a seat, who is in the room."""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden
from kocforum.members.rules import can_write

from ..enums import SeatRole, SeatState, TaskState
from ..models import Seat, Workshop
from .sittings import LEADS, Sitting
from .tasks import can_ask


def seat_of(member: Any, workshop: Workshop) -> Seat | None:
    """The own seat on the list of a room, whatever was answered."""
    if not member.is_authenticated:
        return None
    return Seat.objects.filter(workshop=workshop, member=member.pk).first()


def can_take_seat(member: Any, workshop: Workshop) -> Any:
    """Who is on the list, until the room is over."""
    if (writes := can_write(member)) is not True:
        return writes
    if seat_of(member, workshop) is None:
        return Forbidden(_("You are not invited to this room."))
    if workshop.task.state != TaskState.OPEN or workshop.ended_at:
        return Conflict(_("This workshop is over."))
    return True


def can_open_room(member: Any, workshop: Workshop) -> Any:
    """Its hosts, at any time once people are invited."""
    seat = seat_of(member, workshop)
    if seat is None or seat.role not in LEADS:
        return False
    if workshop.live_at:
        return Conflict(_("The room is open already.") if workshop.is_live else _("This workshop is over."))
    return workshop.task.state == TaskState.OPEN or Conflict(_("Nobody is invited to it yet."))


def can_enter(member: Any, workshop: Workshop) -> Any:
    """Who said yes, and with it what everybody accepts before the room."""
    if can_write(member) is not True:
        return False
    seat = seat_of(member, workshop)
    if seat is None or seat.state == SeatState.DECLINED:
        return Forbidden(_("You are not invited to this room."))
    if seat.state == SeatState.STANDBY:
        return Forbidden(_("All seats are taken; you are on the waiting list."))
    if seat.state != SeatState.ACCEPTED:
        return Forbidden(_("Take your seat first."))
    return has_accepted(seat, workshop) or Forbidden(_("Accept first what everybody accepts who meets there."))


def consent_hash_of(workshop: Workshop) -> str:
    """Which words are accepted now."""
    return hashlib.sha256(workshop.consent.encode()).hexdigest()


def has_accepted(seat: Seat, workshop: Workshop) -> bool:
    """The text as it stands, where there is one: colleagues and hosts as well as owners."""
    return not workshop.consent or seat.consent_hash == consent_hash_of(workshop)


def can_reword_consent(user: Any, workshop: Workshop) -> Any:
    """Researchers, until the lobby opens: who accepted the older words is asked anew before it."""
    if not can_ask(user):
        return False
    if workshop.live_at or workshop.task.state != TaskState.OPEN:
        return Conflict(_("The words stay as they were when the room opened."))
    return True


def can_replay(member: Any, workshop: Workshop) -> Any:
    """Who had a seat, once the room is over; who leads it, also before."""
    seat = seat_of(member, workshop)
    if seat is None or seat.state != SeatState.ACCEPTED or not has_accepted(seat, workshop):
        return Forbidden(_("The replay is for those who sat in the room."))
    if workshop.ended_at or (workshop.live_at and seat.role in LEADS):
        return True
    return Conflict(_("The replay opens when the room is over."))


def can_draw_up(user: Any) -> bool:
    """Researchers."""
    return can_ask(user)


def sitting_of(seat: Seat, workshop: Workshop) -> Sitting:
    """Who asks in the room, with its rules for votes."""
    return Sitting(
        member=seat.member_id, role=seat.role, votes_each=workshop.votes_each, votes_on_one=workshop.votes_on_one
    )


def lane_of(role: str) -> str:
    """Votes of owners and of the brand are counted apart."""
    return "owners" if role == SeatRole.KOC else "staff"
