"""What an event looks like: its pictures, and the one that shows the way."""

from __future__ import annotations

from collections.abc import Iterable

from kocforum.uploads.models import Upload
from kocforum.uploads.queries import attached_as, attached_to

from ..models import Event
from ..models.events import EVENT_PICTURES, EVENT_WAY


def pictures_of(event: Event) -> tuple[list[Upload], Upload | None]:
    """(its pictures, the one that shows how one gets there)."""
    found = attached_as([EVENT_PICTURES, EVENT_WAY], event.pk)
    return found.get(EVENT_PICTURES, []), next(iter(found.get(EVENT_WAY, [])), None)


def first_pictures(events: Iterable[Event]) -> dict[int, Upload]:
    """By number of the event, the one to show in a list. One query."""
    shown = attached_to(EVENT_PICTURES, [event.pk for event in events])
    return {number: pictures[0] for number, pictures in shown.items()}
