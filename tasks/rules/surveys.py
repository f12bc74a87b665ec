"""Who answers a survey, who reads the results: one gate for page, API, live, letters and export."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden

from ..enums import Privacy, ResultsPromise, TaskState
from ..models import ResponseDraft, Survey, Task
from .tasks import can_ask, can_take_part, is_asked, took_part

FEWEST = 5  # no result, share, cell, mean, words or export of fewer people
GRACE = timedelta(minutes=15)  # who had begun before the end may still send

_ENDED = {TaskState.CLOSED, TaskState.ANALYSED, TaskState.REPORTED}


def can_answer(member: Any, *, survey: Survey, draft: ResponseDraft | None) -> Any:
    """As any task; and who began before the end may send until fifteen minutes after it (S5)."""
    allowed = can_take_part(member, survey.task)
    if isinstance(allowed, Conflict) and draft is not None and is_late(survey.task, begun_at=draft.started_at):
        return True
    return allowed


def is_late(task: Task, *, begun_at: Any = None) -> bool:
    """After the end and within the grace, by the database's clock; `begun_at`: when somebody began."""
    over = Task.objects.filter(
        pk=task.pk, state__in=[TaskState.OPEN, TaskState.CLOSED], closes_at__lte=Now(), closes_at__gt=Now() - GRACE
    )
    return over.filter(closes_at__gt=begun_at).exists() if begun_at else over.exists()


def can_withdraw_response(member: Any, survey: Survey) -> Any:
    """One's own, where the answer is known as one's own, until what came of it was told."""
    if not took_part(member, survey.task):
        return False
    if survey.is_anonymous:
        return Conflict(_("Nobody can tell which answer is yours, also not us; so it cannot be taken back."))
    if survey.task.state not in {TaskState.OPEN, TaskState.CLOSED, TaskState.ANALYSED}:
        return Conflict(_("What came of it has been told; the answers stay as they were counted."))
    return True


def can_open_survey(user: Any, task: Task) -> Any:
    """Names are asked for by two: who wrote an identified survey does not open it."""
    survey = Survey.objects.filter(task=task).first()
    if survey and survey.privacy == Privacy.IDENTIFIED and task.created_by_id == user.pk:
        return Forbidden(_("Answers with names need a second person: a colleague opens it."))
    return can_ask(user)


def can_correct_wording(user: Any, survey: Survey) -> bool:
    """Researchers, while people answer."""
    return can_ask(user) and survey.task.state in {TaskState.SCHEDULED, TaskState.OPEN}


def can_export(user: Any, survey: Survey) -> bool:
    """Researchers, once there is a crowd."""
    return can_ask(user)


def can_see_results(user: Any, survey: Survey) -> bool:
    """As it was promised before anybody answered. A cancelled task has none."""
    task, promise = survey.task, survey.results
    if task.state == TaskState.CANCELLED:
        return can_ask(user)
    if user.is_authenticated and user.is_staff:
        return promise != ResultsPromise.NEVER or can_ask(user)
    if promise in {ResultsPromise.STAFF, ResultsPromise.NEVER}:
        return False
    if promise == ResultsPromise.AFTER_ANSWER and took_part(user, task):
        return True
    if task.state not in _ENDED:
        return False
    return task.audience.everyone or (user.is_authenticated and (is_asked(user, task) or took_part(user, task)))
