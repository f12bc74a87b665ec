"""What is known of threads, topics and passages at this moment, in primitives without fractions: rows for a frozen copy.

Owners stand in it as numbers of members; whoever keeps the copy puts pseudonyms in their place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import QuerySet

from kocforum.stats.cases import standing_cases
from kocforum.uploads.queries import attached_to

from ..models import (
    Corroboration,
    Observation,
    ObservedCondition,
    Passage,
    Post,
    Report,
    Thread,
    Topic,
    TopicLink,
    Verification,
)
from .cases import cases_of


def reports_of(threads: Collection[Thread], topics: Collection[Topic]) -> QuerySet[Report]:
    """The counted reports that threads are and topics hold."""
    linked = TopicLink.objects.filter(topic__in=[topic.pk for topic in topics], unlinked_at__isnull=True)
    counted = Report.objects.counted()
    found = counted.filter(thread__in=[thread.pk for thread in threads]) | counted.filter(
        pk__in=linked.values("report")
    )
    return found.distinct().order_by("pk")


def evidence_of(
    threads: Collection[Thread] = (), topics: Collection[Topic] = (), passages: Collection[Passage] = ()
) -> dict[str, Any]:
    """Reports, standing corroborations, verifications, topics, passages, hashes of files, and the counts of the lens."""
    reports = list(reports_of(threads, topics).select_related("thread", "observation", "function", "failure_mode"))
    pks = [report.pk for report in reports]
    answers = list(
        Corroboration.objects.standing()
        .filter(report__in=pks)
        .select_related("post", "observation", "report")
        .order_by("pk")
    )
    verified = list(
        Verification.objects.standing().filter(report__in=pks).select_related("post", "observation").order_by("pk")
    )
    openings = {
        post.thread_id: post
        for post in Post.objects.filter(
            number=1, thread__in={report.thread_id for report in reports} | {thread.pk for thread in threads}
        )
    }
    posts = [post.pk for post in openings.values()] + [row.post_id for row in [*answers, *verified]]
    files = attached_to("post", posts)
    conditions = _conditions([row.observation_id for row in [*reports, *answers, *verified]])

    def hashes(post: Post | None) -> list[str]:
        return [upload.sha256 for upload in files.get(post.pk, [])] if post else []

    return {
        "threads": [
            {
                "id": thread.pk,
                "kind": thread.kind,
                "title": thread.title,
                "owner": thread.author_id,
                "body": openings[thread.pk].body if thread.pk in openings else "",
                "post_revision": openings[thread.pk].revision if thread.pk in openings else 0,
                "uploads": hashes(openings.get(thread.pk)),
            }
            for thread in sorted(threads, key=lambda thread: thread.pk)
        ],
        "topics": [_topic(topic) for topic in sorted(topics, key=lambda topic: topic.pk)],
        "passages": [_passage(passage) for passage in sorted(passages, key=lambda passage: passage.pk)],
        "reports": [
            {
                **_report(report),
                **_observed(report.observation, conditions),
                "owner": report.thread.author_id,
                "words": openings[report.thread_id].body if report.thread_id in openings else "",
                "post_revision": openings[report.thread_id].revision if report.thread_id in openings else 0,
                "uploads": hashes(openings.get(report.thread_id)),
            }
            for report in reports
        ],
        "corroborations": [
            {
                "id": row.pk,
                "report": row.report_id,
                "post": row.post_id,
                "post_revision": row.post.revision,
                "owner": row.author_id,
                "stance": row.stance,
                "words": row.post.body,
                "action": row.action,
                **_observed(row.observation, conditions),
                "uploads": hashes(row.post),
            }
            for row in answers
        ],
        "verifications": [
            {
                "id": row.pk,
                "report": row.report_id,
                "post": row.post_id,
                "post_revision": row.post.revision,
                "owner": row.author_id,
                "on_version": row.version,
                "by_first_teller": row.by_first_teller,
                "invited": row.invited,
                "words": row.post.body,
                **_observed(row.observation, conditions),
                "uploads": hashes(row.post),
            }
            for row in verified
        ],
        "lens": _counts(Report.objects.filter(pk__in=pks)),
    }


def _topic(topic: Topic) -> dict[str, Any]:
    return {
        "id": topic.pk,
        "title": topic.title,
        "claim": topic.claim,
        "summary": topic.summary,
        "revision": topic.revision,
        "function": topic.function.slug,
        "failure_mode": topic.failure_mode.slug if topic.failure_mode_id else "",
        "host": topic.host_id,
        "reports": sorted(topic.links.filter(unlinked_at__isnull=True).values_list("report", flat=True)),
    }


def _passage(passage: Passage) -> dict[str, Any]:
    return {
        "id": passage.pk,
        "post": passage.post_id,
        "thread": passage.post.thread_id,
        "post_revision": passage.post_revision,
        "text": passage.text,
        "owner": passage.post.author_id,
    }


def _report(report: Report) -> dict[str, Any]:
    return {
        "id": report.pk,
        "thread": report.thread_id,
        "title": report.thread.title,
        "function": report.function.slug,
        "failure_mode": report.failure_mode.slug if report.failure_mode_id else "",
        "severity": report.severity,
        "district": report.district,
        "venue": report.venue,
        "signals": [str(signal) for signal in report.signals],
        "tried": [_said(tried) for tried in report.tried],
        "created_at": report.created_at,
    }


def _said(tried: Any) -> Any:
    return {str(key): str(value) for key, value in tried.items()} if isinstance(tried, dict) else str(tried)


def _observed(seen: Observation, conditions: dict[int, dict[str, list[str]]]) -> dict[str, Any]:
    return {
        "model": seen.model_name,
        "trim": seen.trim,
        "year": seen.year,
        "software_version": seen.software_version,
        "mileage_km": seen.mileage_km,
        "occurred_at": seen.occurred_at,
        "precision": seen.precision,
        "attempts": seen.attempts,
        "failures": seen.failures,
        "outcome": seen.outcome,
        "conditions": conditions.get(seen.pk, {}),
    }


def _conditions(observations: Iterable[int]) -> dict[int, dict[str, list[str]]]:
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    rows = ObservedCondition.objects.filter(observation__in=list(observations)).order_by("value__slug")
    for pk, dimension, value in rows.values_list("observation_id", "value__dimension__slug", "value__slug"):
        found[pk][dimension].append(value)
    return found


def _counts(reports: QuerySet[Report]) -> dict[str, Any]:
    """One case per owner and vehicle; for each condition the four cells, of those who observed its dimension."""
    cases = standing_cases(cases_of(reports))
    pairs = sorted({(name, value) for case in cases for name, values in case.observed.items() for value in values})
    cells = []
    for dimension, value in pairs:
        row = {"dimension": dimension, "value": value, "with": [0, 0], "without": [0, 0]}
        for case in cases:
            if case.observed.get(dimension):
                side = "with" if value in case.observed[dimension] else "without"
                row[side][0 if case.failing else 1] += 1
        cells.append(row)
    return {
        "cases": len(cases),
        "owners": len({case.owner for case in cases}),
        "failing": sum(case.failing for case in cases),
        "fine": sum(not case.failing for case in cases),
        "conditions": cells,
    }
