"""Results of rooms under tickets: which they are, and what is frozen of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from tasks.models import RoomResult


def results_seen_by(user: Any) -> QuerySet[RoomResult]:
    """Results that this person may act on."""
    return RoomResult.objects.visible_to(user).select_related("workshop__task")


def known_of_rooms(results: Iterable[RoomResult]) -> list[dict[str, Any]]:
    """Rows for a frozen copy: what was chosen or promised, and how it was voted. What was said there stays there."""
    return [
        {
            "id": one.pk,
            "workshop": one.workshop.task_id,
            "room": one.workshop.task.title,
            "kind": one.kind,
            "title": one.title,
            "why": one.why,
            "owners": one.owners,
            "staff": one.staff,
            "held_at": one.workshop.live_at,
        }
        for one in sorted(results, key=lambda one: one.pk)
    ]
