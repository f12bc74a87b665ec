"""What tasks hold about a member, for that member."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from ..models import Participation
from ..rules.wording import in_words
from .instruments import questionnaire_of
from .respondents import own_response


def what_i_answered(member: Any) -> tuple[str, Iterable[dict[str, Any]]]:
    """Tasks that the member took part in, with the own answers."""
    rows = Participation.objects.filter(member=member).select_related("task__survey").order_by("pk")
    return "tasks", (
        {"title": row.task.title, "form": row.task.form, "on": row.on, "answers": _answers(row, member)} for row in rows
    )


def _answers(row: Participation, member: Any) -> list[dict[str, Any]] | str:
    survey = getattr(row.task, "survey", None)
    if survey is None:
        return []
    if survey.is_anonymous:
        return _("Answered anonymously: nobody can tell which answer is yours, also not us.")
    response = own_response(survey, member)
    if response is None:
        return []
    items = questionnaire_of(survey).items
    return [
        {"question": item.text, "answer": in_words(item, response.answers)}
        for item in items
        if item.key in response.answers
    ]
