"""What the forum holds of a member, for that member's download."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet

from kocforum.members.download import register
from kocforum.members.models import Member

from ..models import (
    Corroboration,
    Flag,
    Follow,
    Observation,
    ObservedCondition,
    Passage,
    Post,
    Question,
    Report,
    Thread,
    Topic,
    Verification,
)

Rows = Iterable[dict[str, Any]]
_SEEN = (
    "model_name",
    "trim",
    "year",
    "software_version",
    "mileage_km",
    "occurred_at",
    "precision",
    "attempts",
    "failures",
    "outcome",
)


def register_all() -> None:
    """Called once, when the forum is ready: one file per section."""
    for section in (
        threads,
        posts,
        reports,
        corroborations,
        verifications,
        follows,
        topics,
        questions,
        passages,
        flags,
    ):
        register(section)


def _with_observations(rows: QuerySet, fields: Iterable[str]) -> Rows:
    """Rows with what was observed: the conditions come with every two hundred, not with each."""
    page: list[Model] = []
    for row in rows.select_related("observation").iterator(chunk_size=200):
        page.append(row)
        if len(page) == 200:
            yield from _told(page, fields)
            page = []
    yield from _told(page, fields)


def _told(page: list[Any], fields: Iterable[str]) -> Rows:
    conditions: dict[int, dict[str, list[str]]] = {}
    ticked = ObservedCondition.objects.filter(observation__in=[row.observation_id for row in page])
    for pk, dimension, value in ticked.values_list("observation", "value__dimension__slug", "value__slug"):
        conditions.setdefault(pk, {}).setdefault(dimension, []).append(value)
    for row in page:
        seen: Observation = row.observation
        yield {
            **{name: _value(row, name) for name in fields},
            "observation": {name: getattr(seen, name) for name in _SEEN},
            "conditions": conditions.get(seen.pk, {}),
        }


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name, None)
    return row


def threads(member: Member) -> tuple[str, Rows]:
    """Threads that they opened."""
    rows = Thread.objects.filter(author=member).order_by("id")
    return "threads", rows.values("id", "board__slug", "kind", "title", "state", "created_at").iterator()


def posts(member: Member) -> tuple[str, Rows]:
    """Everything that they wrote, what waits or was taken down as well."""
    rows = Post.objects.filter(author=member).order_by("id")
    return "posts", rows.values("thread_id", "number", "kind", "state", "body", "created_at", "edited_at").iterator()


def reports(member: Member) -> tuple[str, Rows]:
    """Reports with their structured facts."""
    rows = Report.objects.filter(thread__author=member).order_by("id")
    fields = (
        "thread__id",
        "thread__title",
        "function__slug",
        "failure_mode__slug",
        "severity",
        "district",
        "venue",
        "signals",
        "tried",
        "created_at",
        "withdrawn_at",
    )
    return "reports", _with_observations(rows.select_related("thread", "function", "failure_mode"), fields)


def corroborations(member: Member) -> tuple[str, Rows]:
    """Answers to others' reports, with their facts."""
    rows = Corroboration.objects.filter(author=member).order_by("id")
    fields = (
        "report_id",
        "stance",
        "action",
        "before_attempts",
        "before_failures",
        "after_attempts",
        "after_failures",
        "created_at",
        "changed_at",
        "withdrawn_at",
    )
    return "corroborations", _with_observations(rows, fields)


def verifications(member: Member) -> tuple[str, Rows]:
    """Words on new versions, with their facts."""
    rows = Verification.objects.filter(author=member).order_by("id")
    return "verifications", _with_observations(
        rows, ("report_id", "version", "by_first_teller", "invited", "created_at")
    )


def follows(member: Member) -> tuple[str, Rows]:
    """Threads that they follow or muted."""
    rows = Follow.objects.filter(member=member).order_by("id")
    return "follows", rows.values("thread_id", "thread__title", "muted", "at").iterator()


def topics(member: Member) -> tuple[str, Rows]:
    """Topics that they opened or host."""
    rows = Topic.objects.filter(host=member) | Topic.objects.filter(opened_by=member)
    return "topics", rows.order_by("id").values("id", "title", "claim", "summary", "state", "created_at").iterator()


def questions(member: Member) -> tuple[str, Rows]:
    """Questions that hosts asked them, and that they asked as hosts."""
    rows = Question.objects.filter(asked_of=member) | Question.objects.filter(asked_by=member)
    return "questions", rows.order_by("id").values("topic_id", "field", "words", "at", "answered_at").iterator()


def passages(member: Member) -> tuple[str, Rows]:
    """Passages that they collected."""
    rows = Passage.objects.filter(by=member).order_by("id")
    return "passages", rows.values("post__thread_id", "post__number", "text", "note").iterator()


def flags(member: Member) -> tuple[str, Rows]:
    """Posts that they flagged."""
    rows = Flag.objects.filter(by=member).order_by("id")
    return "flags", rows.values("post__thread_id", "post__number", "reason", "note", "state", "at").iterator()
