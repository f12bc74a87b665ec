"""What every draft has, whatever its form: title, reason, decision, audience, window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Invalid
from kocforum.forum.models import Thread
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_line, clean_text

from ..enums import Goal, TaskForm, TaskState
from ..facts import TaskDrafted
from ..models import Advice, Audience, Task, TaskTransition
from ..queries.audiences import clean_criteria

MOST_ANSWERS = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Brief:
    """The part of a draft that all forms share, as a form or the API gave it."""

    title: str
    goal: str = Goal.DISTRIBUTION
    why: str = ""
    decision: str = ""
    basis: str = ""
    minutes: Decimal = Decimal("0.5")
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    criteria: Mapping[str, Any] | None = None
    thread: Thread | None = None
    on_front: bool = False
    enough: int | None = None


def begin_draft(
    *, by: Member, form: TaskForm, brief: Brief, parent: Task | None = None, advice: Advice | None = None
) -> Task:
    """A task in the state draft with its audience, in the caller's transaction. The advice that it follows is tied to it."""
    task = Task(form=form, created_by=by, parent=parent, **_checked(brief))
    task.save()
    Audience.objects.create(task=task, **_audience(brief))
    TaskTransition.objects.create(task=task, to_state=TaskState.DRAFT, by=by)
    if advice is not None:
        Advice.objects.filter(pk=advice.pk, task__isnull=True).update(task=task)
    record(TaskDrafted(task_id=task.pk, form=form), by=by)
    return task


def change_draft(*, task: Task, brief: Brief) -> Task:
    """New words in a draft. What is open or was open keeps what people answered to."""
    changed = Task.objects.filter(pk=task.pk, state=TaskState.DRAFT).update(**_checked(brief))
    if not changed:
        raise Invalid({"": _("Only a draft can be changed. What was opened stays as people saw it.")})
    Audience.objects.filter(task=task).update(**_audience(brief))
    task.refresh_from_db()
    return task


def _checked(brief: Brief) -> dict[str, Any]:
    title = clean_line(brief.title)
    problems: dict[str, object] = {}
    if not 2 <= len(title) <= 120:
        problems["title"] = _("A title has 2 to 120 characters.")
    if brief.goal not in Goal.values:
        problems["goal"] = _("There is no such goal.")
    if not Decimal("0.1") <= brief.minutes <= 600:
        problems["minutes"] = _("Between a tenth of a minute and 600 minutes.")
    if brief.opens_at and brief.closes_at and brief.closes_at <= brief.opens_at:
        problems["closes_at"] = _("The end comes after the beginning.")
    if brief.enough is not None and not 1 <= brief.enough <= MOST_ANSWERS:
        problems["enough"] = _("Between 1 and %(most)s answers.") % {"most": MOST_ANSWERS}
    if problems:
        raise Invalid(problems)
    return {
        "title": title,
        "goal": brief.goal,
        "why": clean_text(brief.why).strip()[:600],
        "decision": clean_line(brief.decision)[:300],
        "basis": clean_line(brief.basis)[:300],
        "minutes": brief.minutes,
        "opens_at": brief.opens_at,
        "closes_at": brief.closes_at,
        "thread": brief.thread,
        "on_front": brief.on_front,
    }


def _audience(brief: Brief) -> dict[str, Any]:
    criteria = checked_criteria(brief.criteria or {})
    return {"criteria": criteria, "everyone": not criteria, "enough": brief.enough}


def checked_criteria(said: Mapping[str, Any]) -> dict[str, Any]:
    """A description of people without what says nothing. What nobody knows and what cannot be is named."""
    try:
        criteria, unknown = clean_criteria(said)
    except (TypeError, ValueError):
        raise Invalid(
            {"audience": _("An audience is lists of models, versions, levels, boards, cities, and a number.")}
        )
    if unknown:
        raise Invalid({"audience": _("“%(word)s” is not known here.") % {"word": next(iter(unknown.values()))}})
    if criteria.get("sample", 1) < 1:
        raise Invalid({"audience": _("A sample has at least one person.")})
    return criteria
