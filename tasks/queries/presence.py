"""Who is in a room, who leads it, and how long each person was there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Min
from django.utils import timezone

from ..models import RoomEvent, Seat, Stay, Workshop
from ..rules.sittings import LEADS

LONG_ENOUGH = 10  # minutes after which who only listened took part


@dataclass(frozen=True, slots=True)
class Lead:
    """A host or co-host who was seen on a socket in this room, and when last: there, or doing something."""

    member: int
    seen_at: datetime


def here_now(workshop: Workshop) -> set[int]:
    """Members who are in the room, by whatever process."""
    return set(Stay.objects.here().filter(workshop=workshop).values_list("member", flat=True))


def leads_of(workshop: Workshop) -> list[Lead]:
    """Hosts and co-hosts who were here at all. Two queries, one where there were none."""
    hosts = Seat.objects.in_the_room().filter(workshop=workshop, role__in=LEADS).values("member")
    seen = Stay.objects.filter(workshop=workshop, member__in=hosts).values("member").annotate(at=Max("seen_at"))
    found = dict(seen.values_list("member", "at"))
    if not found:
        return []
    acted = RoomEvent.objects.filter(workshop=workshop, actor__in=found).values("actor").annotate(last=Max("at"))
    for member, at in acted.values_list("actor", "last"):
        found[member] = max(found[member], at)
    return [Lead(member, at) for member, at in sorted(found.items())]


def came_at(workshop: Workshop, member: int) -> datetime | None:
    """When somebody first came in."""
    return Stay.objects.filter(workshop=workshop, member=member).aggregate(first=Min("came_at"))["first"]


def who_came(workshop: Workshop) -> set[int]:
    """Members who were seen at the door, did something in the room, or were in it for a moment while it was open. Three queries."""
    door = Seat.objects.filter(workshop=workshop, checked_in_at__isnull=False).values_list("member", flat=True)
    acted = RoomEvent.objects.filter(workshop=workshop, actor__isnull=False).values_list("actor", flat=True).distinct()
    stayed = Stay.objects.filter(workshop=workshop)
    if workshop.live_at:
        stayed = stayed.filter(seen_at__gte=workshop.live_at)
    if workshop.ended_at:
        stayed = stayed.filter(came_at__lte=workshop.ended_at)
    return {*door, *acted, *stayed.values_list("member", flat=True)}


def attended(workshop: Workshop) -> set[int]:
    """Who did something in the room, or stayed for ten minutes of it or half of its time, if that is less. Three queries."""
    acted = RoomEvent.objects.filter(workshop=workshop, actor__isnull=False).values_list("actor", flat=True)
    length = workshop.live_at and (workshop.ended_at or timezone.now()) - workshop.live_at
    enough = min(LONG_ENOUGH, int(length.total_seconds() // 120)) if length else LONG_ENOUGH
    stayed = {member for member, spent in minutes_here(workshop).items() if spent >= max(enough, 1)}
    return set(acted.distinct()) | stayed


def minutes_here(workshop: Workshop) -> dict[int, int]:
    """{member: whole minutes in the room while it was open} (W16). Breaks count for nothing."""
    if workshop.live_at is None:
        return {}
    end = workshop.ended_at or timezone.now()
    seconds: dict[int, float] = {}
    rows: Iterable[Stay] = Stay.objects.filter(workshop=workshop)
    for stay in rows:
        begun, gone = max(stay.came_at, workshop.live_at), min(stay.left_at or stay.seen_at, end)
        seconds[stay.member_id] = seconds.get(stay.member_id, 0) + max(0.0, (gone - begun).total_seconds())
    return {member: round(spent) // 60 for member, spent in seconds.items()}
