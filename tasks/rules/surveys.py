"""Who reads the results of a survey: one gate for page, API, live, letters and export."""

from __future__ import annotations

from typing import Any

from ..enums import ResultsPromise, TaskState
from ..models import Survey
from .tasks import can_ask, is_asked, took_part

FEWEST = 5  # no result, share or chart of fewer people

_ENDED = {TaskState.CLOSED, TaskState.ANALYSED, TaskState.REPORTED}


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
