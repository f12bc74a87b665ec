"""Surveys under tickets: which they are, what is frozen of them, and what the frozen counts say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from kocforum.stats import wilson
from tasks.enums import TaskForm
from tasks.instruments import instrument_of
from tasks.models import Task

from ..models import TicketEvidence
from ..rules.evidence import ENDED


def surveys_seen_by(user: Any) -> QuerySet[Task]:
    """Tasks of the form survey that this person may open."""
    return Task.objects.visible_to(user).filter(form=TaskForm.SURVEY)


def tasks_under(tickets: Iterable[int]) -> QuerySet[Task]:
    """The tasks that any of these tickets rests on, by their numbers, by a quote from them or by what their room chose."""
    rows = TicketEvidence.objects.filter(ticket__in=list(tickets))
    surveys = Q(pk__in=rows.filter(task__isnull=False).values("task"))
    calls = Q(pk__in=rows.filter(quote__isnull=False).values("quote__entry__call__task"))
    rooms = Q(pk__in=rows.filter(room_result__isnull=False).values("room_result__workshop__task"))
    return Task.objects.filter(surveys | calls | rooms).order_by("pk")


def known_of_surveys(tasks: Iterable[Task]) -> list[dict[str, Any]]:
    """Rows for a frozen copy, in primitives without fractions: who was asked what for, and the counts as the form gives them.

    Too few answers stay suppressed. What was cancelled in the meantime has no results.
    """
    rows = []
    for task in sorted(tasks, key=lambda task: task.pk):
        instrument = instrument_of(task.form)
        figures = instrument.figures(task) if instrument else {}
        rows.append(
            {
                "id": task.pk,
                "title": task.title,
                "decision": task.decision,
                "state": task.state,
                "closed_at": task.closed_at,
                "everyone": task.audience.everyone,
                "audience": figures.get("invited", 0),
                "respondents": figures.get("respondents", 0),
                "questions": figures.get("questions", []) if task.state in ENDED else [],
            }
        )
    return rows


def shares_of(question: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The options of a frozen question, the most chosen first: count, and the 95 % interval (Wilson) in whole percent.

    Nothing where too few answered, nor where the question has no options; an option whose count is kept back is left out.
    """
    base = question["base"]
    if question.get("suppressed") or not base:
        return []
    rows = []
    for option in question.get("options", []):
        if option.get("suppressed"):
            continue
        low, high = wilson(option["count"], base)
        rows.append({**option, "low": round(100 * low), "high": round(100 * high)})
    return sorted(rows, key=lambda row: -row["count"])
