"""What a report's page shows beside its posts, the same for every reader."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from kocforum.uploads.queries import attached_to, beside

from ..enums import Outcome, Signal, Stance
from ..models import Corroboration, ObservedCondition, Report, Thread, Topic
from .lens import lens_of_report, lens_of_topic
from .river import river_of_reports


def report_page(thread: Thread) -> dict[str, Any]:
    """Record, river, counts of answers, lens and topic of a report."""
    report = (
        Report.objects.select_related("observation__model", "function", "failure_mode", "thread__author")
        .filter(thread=thread)
        .get()
    )
    opening = thread.posts.select_related("author").get(number=1)
    opening.files = beside(attached_to("post", [opening.pk]).get(opening.pk, []), opening.body)
    stances = dict(
        Corroboration.objects.standing().filter(report=report).values_list("stance").annotate(n=Count("pk")).order_by()
    )
    topic = (
        Topic.objects.filter(links__report=report, links__unlinked_at__isnull=True, hidden_at__isnull=True)
        .select_related("host", "function", "failure_mode")
        .first()
    )
    return {
        "report": report,
        "observation": report.observation,
        "opening": opening,
        "conditions": conditions_by_dimension(report),
        "signal_labels": signal_labels(report.signals),
        "changed_fields": set(report.revisions.values_list("field", flat=True)),
        "stages": river_of_reports([report])[report.pk],
        "stances": {stance.value: stances.get(stance.value, 0) for stance in Stance},
        "same_first": report.observation.outcome != Outcome.WORKED,
        "topic": topic,
        "poster_url": reverse("report_poster", args=[report.pk]),
        "lens": lens_of_topic(topic) if topic else lens_of_report(report),
    }


def conditions_by_dimension(report: Report) -> list[tuple[str, str]]:
    """(dimension, values in words) in the catalogue's order."""
    rows = ObservedCondition.objects.filter(observation=report.observation).select_related("value__dimension")
    said: dict[str, list[str]] = {}
    for row in rows.order_by("value__dimension__position", "value__position"):
        said.setdefault(str(row.value.dimension), []).append(str(row.value))
    return [(dimension, _(", ").join(values)) for dimension, values in said.items()]


def signal_labels(signals: list[str]) -> list[str]:
    """Chips in words; an owner's own words as they are."""
    return [str(Signal(signal).label) if signal in Signal.values else signal for signal in signals]
