"""Who keeps the door of a meeting in person, and the code by which somebody says to be there."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden
from kocforum.members.rules import can_write

from ..enums import SeatRole, SeatState, TaskState
from ..models import Workshop
from .workshops import has_accepted, seat_of

DOOR_KEEPERS = frozenset({SeatRole.HOST, SeatRole.COHOST, SeatRole.SCRIBE})
STEP = 60  # seconds for which a code is shown
GOOD_FOR = 5  # steps: who scanned it may have to sign in first
DIGITS = 6


def can_keep_door(member: Any, workshop: Workshop) -> Any:
    """Hosts and scribes, where people meet in person, until the room is over."""
    if can_write(member) is not True or not workshop.has_a_door:
        return False
    seat = seat_of(member, workshop)
    if seat is None or seat.state != SeatState.ACCEPTED or seat.role not in DOOR_KEEPERS:
        return Forbidden(_("The hosts and the scribe keep the door."))
    return _is_on(workshop)


def can_check_in(member: Any, workshop: Workshop) -> Any:
    """Who has a seat and accepted what everybody accepts."""
    if (writes := can_write(member)) is not True:
        return writes
    if not workshop.has_a_door:
        return Conflict(_("This meeting is online: there is no door."))
    seat = seat_of(member, workshop)
    if seat is None or seat.state == SeatState.DECLINED:
        return Forbidden(_("You are not invited to this room."))
    if seat.state != SeatState.ACCEPTED:
        return Conflict(_("Tell the host that you are here: they give out the seats that are free."))
    if not has_accepted(seat, workshop):
        return Conflict(_("Accept first what everybody accepts who meets there."))
    return _is_on(workshop)


def _is_on(workshop: Workshop) -> Any:
    if workshop.ended_at or workshop.task.state != TaskState.OPEN:
        return Conflict(_("This workshop is over."))
    return True


def has_begun(workshop: Workshop) -> bool:
    """From now on a seat goes to who waits at the door."""
    return timezone.now() >= workshop.starts_at


def code_of(workshop: Workshop, at: datetime) -> str:
    """Six digits that change every minute. Nobody makes them without the key of the house."""
    return _digits(workshop, int(at.timestamp()) // STEP)


def is_code_good(workshop: Workshop, code: str, at: datetime) -> bool:
    """Whether it is, or was a few minutes ago, on the host's screen."""
    step = int(at.timestamp()) // STEP
    given = code.encode()
    return any(hmac.compare_digest(_digits(workshop, step - back).encode(), given) for back in range(GOOD_FOR))


def _digits(workshop: Workshop, step: int) -> str:
    drawn = salted_hmac("tasks.door", f"{workshop.token}:{step}", algorithm="sha256").digest()
    return str(int.from_bytes(drawn[:8], "big") % 10**DIGITS).zfill(DIGITS)
