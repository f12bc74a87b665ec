"""Tasks of some weeks as bars on a line of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from ..enums import TaskState
from ..models import Task

BEFORE, AFTER = 21, 28


@dataclass(frozen=True)
class Bar:
    """A task between two places of the line, from 0 to 1."""

    task: Task
    start: float
    width: float


@dataclass(frozen=True)
class Calendar:
    """The line of days: first and last, the Mondays with their places, today's place, the bars."""

    first: date
    last: date
    mondays: list[tuple[date, float]]
    today: float
    bars: list[Bar]


def calendar(user: Any, today: date | None = None) -> Calendar:
    """Three weeks back and four ahead. A draft without an end stands in the list alone."""
    today = today or timezone.localdate()
    first = today - timedelta(days=today.weekday() + BEFORE)
    days = BEFORE + AFTER + 7
    last = first + timedelta(days=days)
    begin, end = _midnight(first), _midnight(last)
    tasks = (
        Task.objects.visible_to(user)
        .exclude(state=TaskState.CANCELLED)
        .filter(Q(closes_at__gt=begin) & (Q(opens_at__lt=end) | Q(opens_at__isnull=True, created_at__lt=end)))
        .order_by("closes_at")[:30]
    )

    def place(moment: datetime) -> float:
        return min(1.0, max(0.0, (moment - begin) / (end - begin)))

    bars = []
    for task in tasks:
        start = place(task.opened_at or task.opens_at or timezone.now())
        bars.append(Bar(task, start, max(0.01, place(task.closes_at) - start)))
    mondays = [(day, (day - first).days / days) for day in (first + timedelta(weeks=week) for week in range(days // 7))]
    return Calendar(first, last, mondays, place(timezone.now()), bars)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
