"""Events as search keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..models import Event
from ..models.events import EVENTS_KIND


def document_of(event: Event) -> dict[str, Any]:
    """An event by its title, and by where and what it is."""
    return {
        "kind": EVENTS_KIND,
        "object_id": event.pk,
        "title": event.title,
        "body": "\n\n".join(part for part in (event.about, f"{event.city} {event.place}", event.agenda) if part),
        "at": event.opened_at or event.created_at,
        "author_id": event.initiative.proposer_id,
    }


def documents() -> Iterator[dict[str, Any]]:
    """Those that were opened: before that nobody looks for them."""
    for event in Event.objects.filter(opened_at__isnull=False).select_related("initiative").iterator(500):
        yield document_of(event)
