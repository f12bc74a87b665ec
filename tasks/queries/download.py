"""What tasks hold about a member, for that member."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from ..models import Entry, Participation, Reply
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


def what_i_wrote(member: Any) -> tuple[str, Iterable[dict[str, Any]]]:
    """What the member wrote to calls, given or not, and answered there."""
    return "calls", _of_calls(member)


def _of_calls(member: Any) -> Iterable[dict[str, Any]]:
    for entry in Entry.objects.by(member).select_related("call__task", "manuscript").order_by("pk"):
        manuscript = getattr(entry, "manuscript", None)
        yield {
            "call": entry.call.task.title,
            "title": entry.title,
            "text": entry.body,
            "state": entry.state,
            "given": entry.given_at,
            "not_given_yet": {"title": manuscript.title, "text": manuscript.body} if manuscript else None,
            "may_be_quoted_inside": entry.quote_inside,
            "may_be_quoted_in_public": entry.quote_public,
            "may_be_used_in_advertising": entry.marketing,
        }
    for reply in Reply.objects.filter(author=member.pk).select_related("entry__call__task").order_by("pk"):
        yield {
            "call": reply.entry.call.task.title,
            "answer": reply.body,
            "kind": reply.kind,
            "state": reply.state,
            "at": reply.at,
        }
