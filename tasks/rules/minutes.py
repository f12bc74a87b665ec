"""Who confirms, corrects and signs minutes; who moves results; who speaks among those who met."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden
from kocforum.members.rules import can_write

from ..enums import SeatRole, WordKind
from ..models import Minutes, MinutesAnswer, RoomResult, RoomWord, Seat, Workshop
from .sittings import LEADS
from .tasks import can_ask
from .workshops import can_enter, seat_of


def seat_inside(member: Any, workshop: Workshop) -> Seat | None:
    """The seat of somebody who sits in the room; none for all others."""
    return seat_of(member, workshop) if member.is_authenticated and can_enter(member, workshop) is True else None


def can_answer_minutes(member: Any, minutes: Minutes) -> Any:
    """Who sits in the room and was more than an observer, until they are signed."""
    seat = seat_inside(member, minutes.workshop)
    if seat is None or seat.role == SeatRole.OBSERVER:
        return False
    return minutes.signed_at is None or Conflict(_("These minutes are signed. Nothing in them changes any more."))


def can_correct_minutes(member: Any, minutes: Minutes) -> Any:
    """Hosts and co-hosts, until they are signed."""
    seat = seat_inside(member, minutes.workshop)
    if seat is None or seat.role not in LEADS:
        return False
    return minutes.signed_at is None or Conflict(_("These minutes are signed. Nothing in them changes any more."))


def can_sign_minutes(member: Any, minutes: Minutes, missing: int) -> Any:
    """A host, once everybody who was there has answered and no objection is without a reply. `missing`: how many have not answered."""
    if (may := can_correct_minutes(member, minutes)) is not True:
        return may
    if MinutesAnswer.objects.open_objections().filter(minutes=minutes).exists():
        return Conflict(_("Somebody objects. Reply first, or correct the remarks."))
    return not missing or Conflict(_("Not everybody who was there has answered, and there is still time to."))


def can_move_result(member: Any, result: RoomResult) -> bool:
    """Who promised it, the hosts of the room, and researchers."""
    return can_write(member) is True and moves_result(member, result, seat_inside(member, result.workshop))


def moves_result(member: Any, result: RoomResult, seat: Seat | None) -> bool:
    """The same for somebody who may write, with the seat in its room at hand."""
    return result.owner_id == member.pk or can_ask(member) or (seat is not None and seat.role in LEADS)


def can_speak_after(member: Any, workshop: Workshop, kind: str) -> Any:
    """Who sits in the room, once it is over. Thanks, and what became of it, come from the brand, by name."""
    seat = seat_inside(member, workshop)
    if seat is None or seat.role == SeatRole.OBSERVER:
        return False
    if workshop.ended_at is None:
        return Conflict(_("The room is still open: say it there."))
    if kind != WordKind.TALK and seat.role == SeatRole.KOC:
        return Forbidden(_("The brand says this."))
    return True


def can_remove_word(member: Any, word: RoomWord) -> bool:
    """Its author."""
    return bool(member.is_authenticated) and word.author_id == member.pk and word.removed_at is None
