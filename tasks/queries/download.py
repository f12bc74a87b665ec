"""What tasks hold about a member, for that member."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..models import Answer, Participation
from .surveys import respondent_of


def what_i_answered(member: Any) -> tuple[str, Iterable[dict[str, Any]]]:
    """Tasks that the member took part in, with the own answers."""
    rows = Participation.objects.filter(member=member).select_related("task__survey").order_by("pk")
    return "tasks", (
        {"title": row.task.title, "form": row.task.form, "on": row.on, "answers": _answers(row, member)} for row in rows
    )


def _answers(row: Participation, member: Any) -> list[dict[str, str]]:
    survey = getattr(row.task, "survey", None)
    if survey is None:
        return []
    mine = Answer.objects.filter(response__survey=survey, response__respondent=respondent_of(survey, member))
    return [
        {"question": answer.question.text, "answer": answer.option.label}
        for answer in mine.select_related("question", "option")
    ]
