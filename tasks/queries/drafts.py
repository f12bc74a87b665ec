"""A draft as somebody saw it, to tell whether a colleague changed it since."""

from __future__ import annotations

import hashlib
import json

from ..models import QuotaCell, Survey, Task
from ..rules.notation import to_data
from .instruments import questionnaire_of

OF_TASK = ("title", "goal", "why", "decision", "basis", "minutes", "opens_at", "closes_at", "on_front", "thread_id")
OF_SURVEY = ("privacy", "results", "amendable", "guess")


def stamp_of_draft(task: Task) -> str:
    """Sixteen hexadecimal digits that change with anything that a researcher writes in a survey's draft."""
    survey = Survey.objects.get(task=task)
    said = [
        [getattr(task, name) for name in OF_TASK],
        [getattr(survey, name) for name in OF_SURVEY],
        [task.audience.criteria, task.audience.enough],
        [to_data(item) for item in questionnaire_of(survey, pictures=True).items],
        list(
            QuotaCell.objects.filter(survey=survey).order_by("pk").values_list("limit", "model", "version", "koc_level")
        ),
    ]
    return hashlib.blake2b(json.dumps(said, default=str).encode(), digest_size=8).hexdigest()
