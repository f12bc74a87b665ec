"""The list at the door: who is there, who is missing, who waits."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from ..enums import SeatRole, SeatState
from ..models import Seat, Workshop
from ..rules.check_ins import STEP, code_of, has_begun
from .presence import who_came


def absent(workshop: Workshop) -> set[int]:
    """Owners who have a seat and were not seen, neither at the door nor in the room."""
    seats = Seat.objects.in_the_room().filter(workshop=workshop, role=SeatRole.KOC)
    return set(seats.values_list("member", flat=True)) - who_came(workshop)


@dataclass(frozen=True)
class Door:
    """Who keeps the door sees this. `missing`: have a seat; `away`: those of them whose seat may go to somebody who waits; `elsewhere`: are
    in the room from home."""

    arrived: int
    total: int
    missing: list[Seat]
    here: list[Seat]
    elsewhere: list[Seat]
    waiting: list[Seat]
    away: list[Seat]
    free: int
    begun: bool


def door_of(workshop: Workshop, words: str = "") -> Door:
    """Four queries. `words`: only these names in the lists that are tapped."""
    rows = Seat.objects.filter(workshop=workshop, state__in=[SeatState.ACCEPTED, SeatState.STANDBY])
    seats = list(rows.select_related("member").order_by("member__display_name", "member__username", "pk"))
    came = who_came(workshop)
    meant = {one.pk for one in seats if _is_meant(one, words)}
    coming = [one for one in seats if one.state == SeatState.ACCEPTED]
    here = [one for one in coming if one.checked_in_at]
    elsewhere = [one for one in coming if not one.checked_in_at and one.member_id in came]
    missing = [one for one in coming if one.member_id not in came]
    waiting = sorted(
        (one for one in seats if one.state == SeatState.STANDBY), key=lambda one: (one.answered_at, one.pk)
    )
    return Door(
        arrived=len(here) + len(elsewhere),
        total=len(coming),
        missing=[one for one in missing if one.pk in meant],
        here=sorted((one for one in here if one.pk in meant), key=lambda one: one.checked_in_at, reverse=True),
        elsewhere=[one for one in elsewhere if one.pk in meant],
        waiting=[one for one in waiting if one.pk in meant],
        away=[one for one in missing if one.role == SeatRole.KOC],
        free=max(0, workshop.seats - workshop.taken),
        begun=has_begun(workshop),
    )


def _is_meant(seat: Seat, words: str) -> bool:
    wanted = words.strip().casefold()
    return not wanted or wanted in seat.member.name.casefold() or wanted in seat.member.username.casefold()


@dataclass(frozen=True)
class Code:
    """What the host's screen shows now, for so many seconds."""

    digits: str
    address: str
    seconds: int


def code_now(workshop: Workshop) -> Code:
    now = timezone.now()
    digits = code_of(workshop, now)
    address = f"{settings.SITE_URL.rstrip('/')}{reverse('workshop_here', args=[workshop.task_id])}?code={digits}"
    return Code(digits, address, STEP - int(now.timestamp()) % STEP)
