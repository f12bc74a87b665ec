"""What owners were asked lately, what they gave, and what we owe them."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from ..enums import TaskForm, TaskState
from ..models import Advice, AskingPolicy, Audience, ContactBudget, Invitation, Participation, Task
from .advisor import USUAL_RATE, People, margin_of
from .audiences import frame_size, matching

LATELY = timedelta(days=90)
FEWEST_TASKS = 3
CARRIED = 0.6


def people_for(criteria: Mapping[str, Any]) -> People:
    """What the advisor must know of an audience. Of a sample as many are tired as of those whom it is drawn from, in proportion."""
    usual = AskingPolicy.current().budget_minutes
    month = timezone.localdate().replace(day=1)
    # Who gives no minutes has none left in any month; whose row is of an older month has spent nothing of this one.
    used_up = Q(month__gte=month, spent__gte=Coalesce("minutes", Value(usual)) * 60)
    spent = ContactBudget.objects.filter(used_up | Q(minutes=0))
    fit, frame = matching(criteria), frame_size(criteria)
    tired = fit.filter(Exists(spent.filter(member=OuterRef("pk")))).count()
    if criteria.get("sample") and (everybody := fit.count()):
        tired = round(tired * frame / everybody)
    return People(
        frame=frame,
        rate=usual_rate(),
        tired=tired,
        same_few=share_of_the_busiest() > CARRIED,
    )


def usual_rate() -> float:
    """The median share of an audience that answered, 0 to 1, over the twenty surveys that closed last; 0.35 while there are
    fewer than three.

    Surveys only: of a conversation or a room a few take part by its nature, and their shares say nothing of a count.
    """
    closed = Task.objects.filter(
        form=TaskForm.SURVEY, state__in=[TaskState.CLOSED, TaskState.ANALYSED, TaskState.REPORTED]
    )
    frames = Audience.objects.filter(task__in=closed, size__gt=0).order_by("-task__closed_at", "-task")
    sizes = dict(frames.values_list("task", "size")[:20])
    counts = dict(Participation.objects.filter(task__in=sizes).values_list("task").annotate(n=Count("pk")).order_by())
    rates = [min(1.0, counts.get(task, 0) / size) for task, size in sizes.items()]
    return round(statistics.median(rates), 3) if len(rates) >= FEWEST_TASKS else USUAL_RATE


def share_of_the_busiest() -> float:
    """The share, 0 to 1, of all participations of ninety days that the busiest tenth of those who took part gave, the tenth
    rounded down to whole people; 0 with fewer than ten people."""
    since = timezone.localdate() - LATELY
    counts = sorted(
        Participation.objects.filter(on__gte=since)
        .values_list("member")
        .annotate(n=Count("pk"))
        .values_list("n", flat=True),
        reverse=True,
    )
    return sum(counts[: len(counts) // 10]) / sum(counts) if len(counts) >= 10 else 0.0


@dataclass(frozen=True)
class Owed:
    """A task whose report is missing: `minutes` that people gave and heard nothing for."""

    task: Task
    people: int
    minutes: Decimal


def debt() -> list[Owed]:
    """Feedback debt: what was closed and not reported, the longest overdue first. `task.is_late` says what is overdue."""
    tasks = Task.objects.owed().annotate(people=Count("participations")).order_by("report_due_at", "pk")
    return [Owed(task, task.people, task.people * task.minutes) for task in tasks]


@dataclass(frozen=True)
class Week:
    """A week of the calendar: minutes that were or will be asked for, and of how many people."""

    begins: Any
    minutes: int
    invitations: int


def load_by_week(weeks: int = 6) -> list[Week]:
    """Minutes asked for by invitation in each of the last weeks, Monday first, the running one last.

    Days are the site's (Asia/Shanghai), not those of UTC or of the database. Who was invited counts, also who turned it
    down later or has left: it was asked for. Whole minutes, half ones up.
    """
    today = timezone.localdate()
    first = today - timedelta(days=today.weekday(), weeks=weeks - 1)
    midnight = timezone.make_aware(datetime.combine(first, time.min))
    sent = Invitation.objects.filter(invited_at__gte=midnight)
    rows = sent.values_list("invited_at__date").annotate(n=Count("pk"), minutes=Sum("task__minutes")).order_by()
    counts: dict[Any, list] = {}
    for day, number, minutes in rows:
        monday = day - timedelta(days=day.weekday())
        kept = counts.setdefault(monday, [0, Decimal(0)])
        kept[0] += number
        kept[1] += minutes
    mondays = [first + timedelta(weeks=week) for week in range(weeks)]
    nothing = [0, Decimal(0)]
    return [Week(day, _whole(counts.get(day, nothing)[1]), counts.get(day, nothing)[0]) for day in mondays]


def _whole(minutes: Decimal) -> int:
    return int(minutes.quantize(Decimal(1), ROUND_HALF_UP))


@dataclass(frozen=True)
class Record:
    """One promise of the advisor beside what came."""

    advice: Advice
    answers: int
    margin: float | None
    rate: float | None
    seconds: int | None
    staff_hours: Decimal | None
    used: bool

    @property
    def kept(self) -> bool:
        """At least as many answers as promised."""
        return self.answers >= self.advice.answers


def record_of(advice: Iterable[Advice]) -> list[Record]:
    """Promise and result of each piece of advice that led to a task, in three queries. `margin`: percentage points by
    `margin_of` for the answers that came; `seconds`: the median of those who were measured; `rate`: 0 to 1."""
    rows = [one for one in advice if one.task_id]
    tasks = [one.task_id for one in rows]
    counts = dict(Participation.objects.filter(task__in=tasks).values_list("task").annotate(n=Count("pk")).order_by())
    times: dict[int, list[int]] = {}
    for task, seconds in Participation.objects.filter(task__in=tasks, seconds__isnull=False).values_list(
        "task", "seconds"
    ):
        times.setdefault(task, []).append(seconds)
    sizes = dict(Audience.objects.filter(task__in=tasks).values_list("task", "size"))
    made = []
    for one in rows:
        count, size = counts.get(one.task_id, 0), sizes.get(one.task_id, 0)
        report = getattr(one.task, "report", None)
        made.append(
            Record(
                advice=one,
                answers=count,
                margin=margin_of(count, size) if one.task.form == TaskForm.SURVEY else None,
                rate=min(1.0, count / size) if size else None,
                seconds=round(statistics.median(times[one.task_id])) if one.task_id in times else None,
                staff_hours=report.staff_hours if report else None,
                used=one.task.form == one.form,
            )
        )
    return made


def finished_advice():
    """Advice that led to a task which is over, the newest first."""
    over = [TaskState.CLOSED, TaskState.ANALYSED, TaskState.REPORTED]
    return Advice.objects.filter(task__state__in=over).select_related("task__report")
