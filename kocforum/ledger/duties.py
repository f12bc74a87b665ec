"""Periodic duties: `@every(minutes=10)` above a function in `<app>/handlers.py`; a worker runs it when it is due."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from .models import Schedule

log = logging.getLogger("kocforum.jobs")

Work = Callable[[], object]


@dataclass(frozen=True)
class Duty:
    """A function and its rhythm: an interval, and for whole days a time of day in the site's time zone."""

    name: str
    work: Work
    interval: timedelta
    at: time | None = None

    def after(self, now: datetime, *, first: bool = False) -> datetime:
        """When it is due next, seen from now; `first` when it was never done."""
        if self.at is None:
            return now if first else now + self.interval
        earliest = timezone.localtime(now if first else now + self.interval - timedelta(days=1))
        due = timezone.make_aware(datetime.combine(earliest.date(), self.at), earliest.tzinfo)
        return due if due > earliest else due + timedelta(days=1)

    @property
    def lease(self) -> timedelta:
        """How long a worker has for it before another may think that the first was killed."""
        return min(max(self.interval, timedelta(minutes=1)), timedelta(minutes=15))


_duties: dict[str, Duty] = {}


def every(
    *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0, at: str | None = None
) -> Callable[[Work], Work]:
    """Declare a duty: `@every(minutes=10)`, `@every(days=1, at="08:30")`.

    It runs outside a transaction, possibly twice when a worker is killed, never in two workers within its lease:
    let it find by a query what is to be done, and do each piece by an action.
    """
    interval = timedelta(seconds=seconds, minutes=minutes, hours=hours, days=days)
    if interval <= timedelta(0) or (at is not None and interval < timedelta(days=1)):
        raise ValueError("A duty needs an interval, and with a time of day one of whole days.")

    def declare(work: Work) -> Work:
        name = f"{work.__module__}.{work.__qualname__}"
        _duties[name] = Duty(name, work, interval, time.fromisoformat(at) if at else None)
        return work

    return declare


def known_duties() -> dict[str, Duty]:
    """Every declared duty by its dotted path."""
    return dict(sorted(_duties.items()))


def enlist() -> None:
    """Give every duty its row, and bring forward what a shortened interval makes due earlier."""
    now = timezone.now()
    rows = [Schedule(name=duty.name, due_at=duty.after(now, first=True)) for duty in _duties.values()]
    Schedule.objects.bulk_create(rows, ignore_conflicts=True)
    for duty in _duties.values():
        soonest = duty.after(now)
        Schedule.objects.filter(name=duty.name, due_at__gt=soonest).update(due_at=soonest)


def run_due() -> int:
    """Run every duty whose time has come and that no other worker has taken. Returns how many."""
    done = 0
    for row in Schedule.objects.filter(name__in=list(_duties), due_at__lte=timezone.now()).order_by("due_at"):
        duty = _duties[row.name]
        leased_until = timezone.now() + duty.lease
        if Schedule.objects.filter(pk=row.pk, due_at=row.due_at).update(due_at=leased_until):
            _do(duty, row, leased_until)
            done += 1
    return done


def _do(duty: Duty, row: Schedule, leased_until: datetime) -> None:
    mine = Schedule.objects.filter(pk=row.pk, due_at=leased_until)
    try:
        with override(settings.LANGUAGE_CODE):
            duty.work()
    except Exception as error:
        log.exception("The duty %s failed.", duty.name)
        soon = timezone.now() + min(duty.interval, timedelta(minutes=5))
        mine.update(due_at=soon, error="".join(traceback.format_exception(error))[-8000:])
    else:
        now = timezone.now()
        mine.update(due_at=duty.after(now), last_done_at=now, error="")


def forget_undeclared() -> int:
    """Remove rows of duties that the code no longer has; a week's grace for a release that is taken back."""
    long_ago = timezone.now() - timedelta(days=7)
    return Schedule.objects.exclude(name__in=list(_duties)).filter(due_at__lt=long_ago).delete()[0]
