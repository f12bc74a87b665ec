"""What is ripe for the brand: topics and reports by distinct owners, growth in seven days, silence of the brand, and harm first."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from kocforum.forum.enums import OfficialStatus, PostKind, PostState, Severity
from kocforum.forum.models import Corroboration, Post, Report, Topic, TopicLink

from ..enums import TicketState
from ..models import TicketEvidence

WEEK = dt.timedelta(days=7)
MOST_LOOKED_AT = 400
HARM = [severity.value for severity in Severity if severity.is_safety]
CLOSED = [TicketState.DECLINED, TicketState.MERGED, TicketState.CLOSED_NO_ACTION]


@dataclass
class Ripe:
    """One line of the desk: a topic, or a report that no topic holds."""

    thing: Topic | Report
    kind: str
    owners: set[int] = field(default_factory=set)
    new_owners: set[int] = field(default_factory=set)
    answers: int = 0
    failing: int = 0
    harm: bool = False
    answered: bool = False

    @property
    def title(self) -> str:
        return self.thing.title if isinstance(self.thing, Topic) else self.thing.thread.title

    @property
    def promote_query(self) -> str:
        """The query of the page that makes a ticket of it."""
        return f"topic={self.thing.pk}" if self.kind == "topic" else f"thread={self.thing.thread_id}"

    @property
    def rank(self) -> tuple[Any, ...]:
        return (not self.harm, self.answered, -len(self.owners), -len(self.new_owners), -self.thing.pk)


def ripe(user, limit: int = 20) -> list[Ripe]:
    """The ripest first, in six queries whatever their number. What an open ticket rests on already is not here."""
    open_rows = TicketEvidence.objects.exclude(ticket__state__in=CLOSED)
    topics = (
        Topic.objects.visible_to(user)
        .filter(~Exists(open_rows.filter(topic=OuterRef("pk"))))
        .select_related("function", "failure_mode")
        .order_by("-changed_at")[:MOST_LOOKED_AT]
    )
    lines: dict[tuple[str, int], Ripe] = {
        ("topic", topic.pk): Ripe(topic, "topic", answered=topic.official_status != OfficialStatus.NONE)
        for topic in topics
    }
    answered = Post.objects.filter(thread=OuterRef("thread"), kind=PostKind.OFFICIAL, state=PostState.VISIBLE)
    linked = TopicLink.objects.filter(report=OuterRef("pk"), unlinked_at__isnull=True)
    talked_about = Exists(Corroboration.objects.standing().filter(report=OuterRef("pk")))
    reports = (
        Report.objects.visible_to(user)
        .counted()
        .filter(~Exists(open_rows.filter(thread=OuterRef("thread"))))
        .filter(Q(severity__in=HARM, source="") | (Q(talked_about) & ~Exists(linked)))
        .annotate(spoken_to=Exists(answered))
        .select_related("thread", "function", "failure_mode", "observation")
        .order_by("-thread__last_post_at")[:MOST_LOOKED_AT]
    )
    for report in reports:
        lines["report", report.pk] = Ripe(
            report,
            "report",
            harm=report.severity in HARM and not report.source,
            answered=report.spoken_to or report.thread.official_status != OfficialStatus.NONE,
        )
    _count(lines)
    return sorted(lines.values(), key=lambda line: line.rank)[:limit]


def _count(lines: dict[tuple[str, int], Ripe]) -> None:
    """Owners of each line, those of the last week among them, from the reports below it and their standing answers."""
    topics = [pk for kind, pk in lines if kind == "topic"]
    lines_of: dict[int, list[Ripe]] = defaultdict(list)
    for report, topic in TopicLink.objects.filter(topic__in=topics, unlinked_at__isnull=True).values_list(
        "report", "topic"
    ):
        lines_of[report].append(lines["topic", topic])
    for (kind, pk), line in lines.items():
        if kind == "report":
            lines_of[pk].append(line)
    since = timezone.now() - WEEK
    told = Report.objects.counted().filter(pk__in=lines_of)
    for pk, author, at, severity, outcome in told.values_list(
        "pk", "thread__author", "created_at", "severity", "observation__outcome"
    ):
        for line in lines_of[pk]:
            line.harm = line.harm or severity in HARM
            line.failing += outcome in {"failed", "mixed"}
            _owner(line, author, at >= since)
    answers = Corroboration.objects.standing().filter(report__in=lines_of)
    for pk, author, at, outcome in answers.values_list("report", "author", "created_at", "observation__outcome"):
        for line in lines_of[pk]:
            line.answers += 1
            line.failing += outcome in {"failed", "mixed"}
            _owner(line, author, at >= since)


def _owner(line: Ripe, author: int | None, is_new: bool) -> None:
    if not author:
        return
    if is_new and author not in line.owners:
        line.new_owners.add(author)
    elif not is_new:
        line.new_owners.discard(author)
    line.owners.add(author)
