"""What who comes late needs to know to join in (W12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from ..models import Seat, Workshop
from .presence import came_at

LATE = timedelta(minutes=3)  # after the room was opened
SETTLED = timedelta(minutes=15)  # after having come in: then one knows


@dataclass(frozen=True, slots=True)
class LateDigest:
    """`minutes`: since the room was opened. `groups`: (name, notes), the largest first; `decided`: (name, label of the verdict, why)."""

    minutes: int
    groups: list[tuple[str, int]]
    decided: list[tuple[str, str, str]]
    questions: int


def late_digest(workshop: Workshop, seat: Seat, columns: Sequence[Any], questions: int) -> LateDigest | None:
    """For who came in late and a moment ago, and where something has happened; else none. One query."""
    if not workshop.is_live:
        return None
    came = came_at(workshop, seat.member_id) or timezone.now()
    if came - workshop.live_at < LATE or timezone.now() - came > SETTLED:
        return None
    groups = sorted(((one.name, len(one.notes)) for one in columns), key=lambda pair: -pair[1])[:5]
    decided = [(one.name, one.decision["label"], one.decision["why"]) for one in columns if one.decision]
    if not groups and not decided and not questions:
        return None
    since = timezone.now() - workshop.live_at
    return LateDigest(int(since.total_seconds() // 60), groups, decided, questions)
