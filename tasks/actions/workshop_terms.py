"""What a workshop is besides its brief, as a form or the API gave it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Invalid
from kocforum.text import clean_line, clean_text

from ..enums import Meeting

MOST_SEATS = 60
MOST_ARRIVAL = 240  # minutes
OPEN_AFTER = timedelta(days=1)  # a room that was not ended by hand ends with its task


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a workshop is besides its brief: when and where, how many, who, and how votes are given."""

    starts_at: datetime | None
    seats: int = 8
    meeting: str = Meeting.ONLINE
    place: str = ""
    travel: str = ""
    arrival_minutes: int = 20
    zone: str = "Asia/Shanghai"
    reading: str = ""
    consent: str = ""
    anonymous: bool = False
    votes_each: int = 5
    votes_on_one: int = 3
    invitees: Sequence[str] = field(default_factory=tuple)
    cohosts: Sequence[str] = field(default_factory=tuple)
    scribes: Sequence[str] = field(default_factory=tuple)
    observers: Sequence[str] = field(default_factory=tuple)


def closing_of(terms: Terms) -> datetime | None:
    """When the task of a workshop ends if nobody ends it: a room may be opened late."""
    return max(terms.starts_at, timezone.now()) + OPEN_AFTER if terms.starts_at else None


def checked(terms: Terms) -> dict[str, Any]:
    """As columns of the workshop; what cannot be is named."""
    problems: dict[str, object] = {}
    if terms.starts_at is None:
        problems["starts_at"] = _("Say when it begins.")
    if not 1 <= terms.seats <= MOST_SEATS:
        problems["seats"] = _("A number from 1 to %(most)s.") % {"most": MOST_SEATS}
    if terms.meeting not in Meeting.values:
        problems["meeting"] = _("There is no such way to meet.")
    if terms.zone not in available_timezones():
        problems["zone"] = _("There is no such time zone.")
    if not 1 <= terms.votes_each <= 20:
        problems["votes_each"] = _("A number from 1 to %(most)s.") % {"most": 20}
    if not 1 <= terms.votes_on_one <= terms.votes_each:
        problems["votes_on_one"] = _("Not more than each person has.")
    if not 0 <= terms.arrival_minutes <= MOST_ARRIVAL:
        problems["arrival_minutes"] = _("A number from 0 to %(most)s.") % {"most": MOST_ARRIVAL}
    place = clean_line(terms.place)[:200]
    if terms.meeting != Meeting.ONLINE and not place:
        problems["place"] = _("Say where people meet.")
    if problems:
        raise Invalid(problems)
    return {
        "starts_at": terms.starts_at,
        "seats": terms.seats,
        "meeting": terms.meeting,
        "place": place,
        "travel": clean_text(terms.travel).strip()[:1000],
        "arrival_minutes": terms.arrival_minutes,
        "zone": terms.zone,
        "reading": clean_text(terms.reading).strip()[:4000],
        "consent": clean_text(terms.consent).strip()[:2000],
        "anonymous": terms.anonymous,
        "votes_each": terms.votes_each,
        "votes_on_one": terms.votes_on_one,
    }
