"""Surveys of several questions, for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from kocforum.members.models import Member
from tasks.actions.surveys import Terms, draft_survey
from tasks.models import Task
from tasks.rules.notation import from_data
from tests.tasks.stories import brief, make_researcher, moved

PARKING: list[dict[str, Any]] = [
    {
        "key": "used",
        "type": "single",
        "text": "雨天用过自动泊车吗？",
        "required": True,
        "options": [{"key": "yes", "label": "用过"}, {"key": "no", "label": "没用过"}],
    },
    {
        "key": "where",
        "type": "multiple",
        "text": "在哪里用的？",
        "options": [
            {"key": "mall", "label": "商场地库"},
            {"key": "home", "label": "小区"},
            {"key": "none", "label": "都不是", "exclusive": True},
            {"key": "other", "label": "其他", "words": True},
        ],
        "show_if": {"key": "used", "is": "yes"},
    },
    {"key": "calm", "type": "rating", "text": "停进去的时候放心吗？", "scale": {"min": 1, "max": 5}, "page": 2},
    {"key": "nps", "type": "nps", "text": "会推荐朋友用吗？", "page": 2},
    {"key": "words", "type": "long_text", "text": "还想说什么？", "page": 2},
]


def survey_of(questions: list[dict[str, Any]] | None = None, *, by: Member | None = None, **values: Any) -> Task:
    """A draft with these questions. `privacy`, `results`, `amendable`, `guess`, `cells` go to the promises."""
    names = ("privacy", "results", "amendable", "guess", "cells")
    terms = Terms(**{name: values.pop(name) for name in names if name in values})
    values = {"title": "雨天的自动泊车", "closes_at": timezone.now() + timedelta(days=7), **values}
    return draft_survey(
        by=by or make_researcher(), brief=brief(**values), items=from_data(questions or PARKING), terms=terms
    )


def open_survey(questions: list[dict[str, Any]] | None = None, **values: Any) -> Task:
    """Opened by a colleague of who wrote it."""
    return moved(survey_of(questions, **values), "open", by=make_researcher("colleague"))
