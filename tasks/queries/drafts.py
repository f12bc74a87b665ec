"""A draft as somebody saw it, to tell whether a colleague changed it since."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ..enums import TaskForm
from ..models import Call, QuotaCell, Survey, Task, Workshop
from ..rules.notation import to_data
from .instruments import questionnaire_of

OF_TASK = ("title", "goal", "why", "decision", "basis", "minutes", "opens_at", "closes_at", "on_front", "thread_id")
OF_SURVEY = ("privacy", "results", "amendable", "guess")
OF_WORKSHOP = (
    "starts_at", "zone", "meeting", "place", "travel", "arrival_minutes", "seats", "reading", "consent", "anonymous",
    "votes_each", "votes_on_one",
)  # fmt: skip
OF_CALL = ("prompt", "use", "kind", "sealed", "staff_reads", "scaffold", "reveal_at", "community_at", "staff_wait")


def stamp_of_draft(task: Task) -> str:
    """Sixteen hexadecimal digits that change with anything that a researcher writes in a draft."""
    said = [
        [getattr(task, name) for name in OF_TASK],
        [task.audience.criteria, task.audience.enough],
        _of_form(task),
    ]
    return hashlib.blake2b(json.dumps(said, default=str).encode(), digest_size=8).hexdigest()


def _of_form(task: Task) -> list[Any]:
    if task.form == TaskForm.CALL:
        call = Call.objects.get(task=task)
        return [task.readers, *(getattr(call, name) for name in OF_CALL)]
    if task.form == TaskForm.WORKSHOP:
        workshop = Workshop.objects.get(task=task)
        listed = workshop.list.order_by("pk").values_list("member", "role")
        return [[getattr(workshop, name) for name in OF_WORKSHOP], list(listed)]
    survey = Survey.objects.get(task=task)
    cells = QuotaCell.objects.filter(survey=survey).order_by("pk")
    return [
        [getattr(survey, name) for name in OF_SURVEY],
        [to_data(item) for item in questionnaire_of(survey, pictures=True).items],
        list(cells.values_list("limit", "model", "version", "koc_level")),
    ]
