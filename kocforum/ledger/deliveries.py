"""Deliveries: facts reach their handlers in jobs, at least once, with retries and back-off.

A delivery counts its attempts, and a job carries the count that it was made for: `[delivery, attempts]`. To begin is a
compare-and-swap on that count, so of several jobs for one delivery only one begins. The handler's work and the mark
"done" commit together. An attempt that neither finishes nor fails (its worker was killed) is given again by `sweep`
when `due_at` has passed.
"""

from __future__ import annotations

import logging
import random
import traceback
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override
from django_tasks import task

from .facts import revive
from .models import Delivery
from .subscribers import handler

log = logging.getLogger("kocforum.jobs")

PATIENCE = timedelta(minutes=15)  # handed out and not begun: its job was lost
LEASE = timedelta(minutes=1)  # begun and not ended: its worker was killed. Doubled at each attempt, for slow handlers
FIRST_PAUSE = timedelta(seconds=10)  # after a failure, four times longer after each: 10 s … 11 h
GIVE_UP_AFTER = 8
A_JOB_HOLDS = 10
A_SWEEP_HOLDS = 500


class Overtaken(Exception):
    """This attempt took so long that another one began; its work is rolled back."""


def first_due() -> Any:
    """When a delivery that was just written and handed out is given again."""
    return timezone.now() + PATIENCE


def hand_out(deliveries: Iterable[Delivery]) -> None:
    """Queue the deliveries of one fact as one job, in the caller's transaction."""
    turns = [[delivery.pk, delivery.attempts] for delivery in deliveries]
    for start in range(0, len(turns), A_JOB_HOLDS):
        deliver.enqueue(turns[start : start + A_JOB_HOLDS])


@task()
def deliver(turns: list[list[int]]) -> None:
    """The job: attempt each delivery; what fails stays with its delivery and stops no other."""
    for delivery_id, turn in turns:
        attempt(delivery_id, turn)


def attempt(delivery_id: int, turn: int) -> bool:
    """Run one delivery if it still stands at this turn. True when it is done now."""
    now = timezone.now()
    this_turn = turn + 1
    begun = Delivery.objects.filter(pk=delivery_id, state=Delivery.State.PENDING, attempts=turn).update(
        attempts=this_turn, due_at=now + LEASE * 2**turn
    )
    if not begun:
        return False
    delivery = Delivery.objects.select_related("fact").get(pk=delivery_id)
    mine = Delivery.objects.filter(pk=delivery_id, state=Delivery.State.PENDING, attempts=this_turn)
    try:
        with transaction.atomic(), override(settings.LANGUAGE_CODE):
            _handle(delivery)
            if not mine.update(state=Delivery.State.DONE, done_at=timezone.now(), error=""):
                raise Overtaken
    except Overtaken:
        log.warning("%s was overtaken by another attempt.", delivery)
        return False
    except Exception as error:
        _failed(delivery, this_turn, error)
        return False
    return True


def _handle(delivery: Delivery) -> None:
    """Call the handler. One that this code does not know is an error, not a skip: a newer worker may know it."""
    work = handler(delivery.subscriber)
    if work is None:
        raise LookupError(f"No handler {delivery.subscriber} in this code.")
    work(revive(delivery.fact.name, delivery.fact.payload), delivery.fact)


def _failed(delivery: Delivery, attempts: int, error: Exception) -> None:
    said = "".join(traceback.format_exception(error))[-8000:]
    mine = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.PENDING, attempts=attempts)
    if attempts >= GIVE_UP_AFTER:
        mine.update(state=Delivery.State.DEAD, error=said)
        log.error("%s is given up after %s attempts.", delivery, attempts, exc_info=error)
    else:
        mine.update(due_at=timezone.now() + pause_after(attempts), error=said)
        log.warning("%s failed, attempt %s.", delivery, attempts, exc_info=error)


def pause_after(attempts: int) -> timedelta:
    """Back-off with a quarter of jitter, so that what failed together does not return together."""
    return FIRST_PAUSE * 4 ** (attempts - 1) * random.uniform(0.75, 1.25)


def sweep() -> int:
    """Give pending deliveries again whose time has passed; give up those that were begun too often. Returns how many."""
    now = timezone.now()
    late = Delivery.objects.filter(state=Delivery.State.PENDING, due_at__lte=now)
    late.filter(attempts__gte=GIVE_UP_AFTER, error="").update(error="Its worker died at every attempt.")
    late.filter(attempts__gte=GIVE_UP_AFTER).update(state=Delivery.State.DEAD)
    with transaction.atomic():
        again = [
            delivery
            for delivery in late.order_by("due_at")[:A_SWEEP_HOLDS]
            # Moved on only if nobody else did: two sweeps never hand out the same turn.
            if Delivery.objects.filter(
                pk=delivery.pk, state=Delivery.State.PENDING, attempts=delivery.attempts, due_at=delivery.due_at
            ).update(due_at=now + PATIENCE)
        ]
        hand_out(again)
    return len(again)


@transaction.atomic
def give_again(deliveries: Iterable[Delivery]) -> int:
    """Staff's second chance for what was given up or waits for its next attempt: counted from nothing, queued at once."""
    again = []
    for delivery in deliveries:
        open_ones = Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts).exclude(
            state=Delivery.State.DONE
        )
        if open_ones.update(state=Delivery.State.PENDING, attempts=0, due_at=first_due()):
            delivery.attempts = 0
            again.append(delivery)
    hand_out(again)
    return len(again)


def forget_done(older_than: timedelta = timedelta(days=30)) -> int:
    """Remove old deliveries that were done. The facts stay: they are the history."""
    return Delivery.objects.filter(state=Delivery.State.DONE, done_at__lt=timezone.now() - older_than).delete()[0]
