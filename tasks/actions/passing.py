"""What time does to an event: who comes is reminded, it begins, it is over."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from kocforum.ledger.recording import record

from ..enums import EventState
from ..facts import EventNear
from ..models import Event
from ..models.events import TAKES_PLACE
from .events import move
from .seats import hold_event


def announce_events() -> int:
    """Tell of what begins within a day, once each. Returns how many were told of."""
    return sum(_announce(pk) for pk in list(Event.objects.due_to_remind().values_list("pk", flat=True)))


@transaction.atomic
def _announce(pk: int) -> bool:
    if not Event.objects.due_to_remind().filter(pk=pk).update(reminded_at=timezone.now()):
        return False
    record(EventNear(event_id=pk), by=None)
    return True


def begin_due() -> int:
    """What has begun, runs. Returns how many."""
    due = list(Event.objects.due_to_begin().values_list("pk", flat=True))
    return sum(begin(pk=pk).state == EventState.RUNNING for pk in due)


@transaction.atomic
def begin(*, pk: int) -> Event:
    """Its row, held; it runs from now on if its hour has come."""
    held = hold_event(pk)
    # Somebody may have given it another day while its row was waited for.
    if held.state not in TAKES_PLACE or held.state == EventState.RUNNING or held.starts_at > timezone.now():
        return held
    return move(held, EventState.RUNNING, by=None)


def end_due() -> int:
    """What is over, is over. Returns how many."""
    return sum(_end(pk) for pk in list(Event.objects.due_to_end().values_list("pk", flat=True)))


@transaction.atomic
def _end(pk: int) -> bool:
    held = hold_event(pk)
    if held.state not in TAKES_PLACE or held.ends_at > timezone.now():
        return False
    move(held, EventState.HELD, by=None)
    return True
