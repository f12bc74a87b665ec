"""Reads that mix apps: the front page, a member's own loop, the river of the whole community."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max
from django.utils.translation import get_language

from kocforum.forum.enums import OfficialStatus, PostState, RiverStage
from kocforum.forum.models import Corroboration, Report, Stage, Topic, Verification
from kocforum.forum.queries import threads
from kocforum.forum.queries.moderation import last_act
from kocforum.forum.queries.topics import COUNTED_LINKS
from kocforum.members.models import Member
from kocforum.ui.visitors import page_number

RIVER_SECONDS = 60


@dataclass(frozen=True)
class CommunityStage:
    """One stage of the whole community: how many reached it, how many stand there now, days from the stage before."""

    key: str
    label: str
    reached: int
    standing: int
    median_days: float | None
    steps: int


def community_river() -> list[CommunityStage]:
    """All public reports by stage, with the median days between a stage and the one before; kept for a minute."""
    key = f"home:community-river:{get_language()}"
    stages = cache.get(key)
    if stages is None:
        stages = _community_river()
        cache.set(key, stages, RIVER_SECONDS)
    return stages


def _community_river() -> list[CommunityStage]:
    counted = Stage.objects.filter(report__thread__state=PostState.VISIBLE, report__withdrawn_at__isnull=True)
    reached = dict(counted.values_list("stage").annotate(n=Count("pk")).order_by())
    furthest = counted.values("report").annotate(furthest=Max("stage")).values_list("furthest", flat=True)
    standing: dict[int, int] = defaultdict(int)
    for stage in furthest:
        standing[stage] += 1
    times: dict[int, dict[int, Any]] = defaultdict(dict)
    for report, stage, at in counted.filter(stage__gt=RiverStage.RECORDED).values_list(
        "report_id", "stage", "reached_at"
    ):
        times[report][stage] = at
    starts = counted.filter(stage=RiverStage.RECORDED, report__in=list(times)).values_list("report_id", "reached_at")
    for report, at in starts:
        times[report][RiverStage.RECORDED] = at
    days: dict[int, list[float]] = defaultdict(list)
    for passed in times.values():
        order = sorted(passed)
        for before, stage in zip(order, order[1:], strict=False):
            days[stage].append(max(0.0, (passed[stage] - passed[before]).total_seconds() / 86400))
    return [
        CommunityStage(
            key=stage.name.lower(),
            label=str(stage.label),
            reached=reached.get(stage, 0),
            standing=standing.get(stage, 0),
            median_days=statistics.median(days[stage]) if days[stage] else None,
            steps=len(days[stage]),
        )
        for stage in RiverStage
    ]


ANONYMOUS_SECONDS = 15  # visitors share a copy of the front page for so long
TABS = ("gathering", "latest", "waiting", "answered", "followed")


def front_threads(tab: str, user):
    """The list behind a tab of the front page."""
    return {
        "gathering": threads.gathering_reports,
        "latest": threads.latest_threads,
        "waiting": threads.reports_awaiting,
        "answered": threads.officially_answered,
        "followed": threads.followed_threads,
    }[tab](user)


def version_for_visitors(query: Mapping[str, str]) -> str | None:
    """See `ui.visitors`: a kept front page is old after `ANONYMOUS_SECONDS`, and at once after an act of moderation."""
    tab, page = query.get("tab", TABS[0]), page_number(query)
    return f"{tab}:{page}:{last_act()}" if tab in TABS and page else None


def echo_of(member: Member) -> dict[str, int]:
    """What became of a member's words: reports told, gathered into topics, accepted, released; answers given."""
    mine = Report.objects.counted().filter(thread__author=member)
    reached = dict(Stage.objects.filter(report__in=mine).values_list("stage").annotate(n=Count("pk")).order_by())
    helped = Corroboration.objects.standing().filter(report__in=mine).exclude(author=member)
    return {
        "reports": reached.get(RiverStage.RECORDED, 0),
        "gathered": reached.get(RiverStage.GATHERED, 0),
        "accepted": reached.get(RiverStage.ACCEPTED, 0),
        "released": reached.get(RiverStage.RELEASED, 0),
        "verified": reached.get(RiverStage.VERIFIED, 0),
        "answers": Corroboration.objects.standing().filter(author=member).count(),
        "verifications": Verification.objects.standing().filter(author=member).count(),
        "owners": helped.values("author").distinct().count(),
    }


def live_topics(user, limit: int = 4):
    """Topics that gather now, the last change first."""
    topics = Topic.objects.visible_to(user).select_related("host", "function", "failure_mode")
    links = Count("links", filter=COUNTED_LINKS)
    return topics.annotate(report_count=links).order_by("-changed_at", "-id")[:limit]


def open_answers(user):
    """Reports of the same model that wait for an owner's word, for the front page's side."""
    return threads.reports_awaiting(user)


def answered_lately(user, limit: int = 3):
    """The brand's newest answers."""
    return threads.officially_answered(user).exclude(official_status=OfficialStatus.NOTICED)[:limit]
