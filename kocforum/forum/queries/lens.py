"""The condition lens of a topic and of a report: the numbers of `kocforum.stats.lens` with sentences that owners read."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from kocforum.stats.findings import Lens
from kocforum.stats.lens import lens

from ..models import DimensionValue, Report, Topic
from .cases import CAR_DIMENSIONS, cases_of
from .findings import Names, disclaimer, sentence, summary

KEPT_SECONDS = 600


def lens_of_topic(topic: Topic) -> dict[str, Any]:
    """The lens answer of a topic over its linked reports, kept until the topic's version moves.

    Where nobody in the topic is fine, its reports stand against those of the same function's other failure modes. A report
    that does not say in which way it failed may be one of these: it is on neither side.
    """
    key = f"lens:topic:{topic.pk}:{topic.version}"
    answer = cache.get(key)
    if answer is None:
        links = topic.links.filter(unlinked_at__isnull=True)
        own = Report.objects.counted().filter(pk__in=links.values("report"))
        others = Report.objects.counted().filter(function=topic.function).exclude(pk__in=links.values("report"))
        if topic.failure_mode_id:
            others = others.filter(failure_mode__isnull=False).exclude(failure_mode__slug=topic.failure_mode.slug)
        answer = answer_of(own, others)
        cache.set(key, answer, KEPT_SECONDS)
    return answer


def lens_of_report(report: Report) -> dict[str, Any]:
    """The lens answer over one report and its corroborations; empty when the report does not stand."""
    return answer_of(Report.objects.counted().filter(pk=report.pk))


def answer_of(reports: QuerySet[Report], others: QuerySet[Report] | None = None) -> dict[str, Any]:
    """Conditions strongest first, as the API gives them; `cars` is a run of its own over model and software version."""
    found = lens(cases_of(reports), cases_of(others, with_answers=False) if others is not None else ())
    cars = lens(
        cases_of(reports, about_cars=True),
        cases_of(others, with_answers=False, about_cars=True) if others is not None else (),
    )
    names = _names([*found.findings, *cars.findings])
    return {
        "owners": found.owners,
        "observations": found.observations,
        "failing": found.failing,
        "fine": found.fine,
        "tests": found.tests,
        "compared_with_other_failures": found.compared_with_other_failures,
        "summary": _in_both(lambda names: summary(found, names), names),
        "disclaimer": _in_both(lambda _names: disclaimer(), names),
        "conditions": _rows(found, names),
        "cars": _rows(cars, names),
    }


def _rows(found: Lens, names: dict[str, Names]) -> list[dict[str, Any]]:
    return [
        {
            **finding.numbers(),
            "label": _in_both(lambda told, finding=finding: told.of(finding.dimension, finding.value), names),
            "sentence": _in_both(lambda told, finding=finding: sentence(finding, found, told), names),
            "against": finding.adjusted and _in_both(lambda told, held=finding.adjusted.for_: told.of(*held), names),
        }
        for finding in found.findings
    ]


def _in_both(said, names: dict[str, Names]) -> dict[str, str]:
    spoken = {}
    for language, code in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(code):
            spoken[language] = said(names[language])
    return spoken


def _names(findings) -> dict[str, Names]:
    wanted = {finding.dimension for finding in findings} | {
        finding.adjusted.for_[0] for finding in findings if finding.adjusted is not None
    }
    values = list(DimensionValue.objects.filter(dimension__slug__in=wanted).select_related("dimension"))
    names = {}
    for language, code in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(code):
            known = {(row.dimension.slug, row.slug): (str(row.dimension), str(row)) for row in values}
            cars = dict(zip(CAR_DIMENSIONS, (_("model"), _("version")), strict=True))
            names[language] = Names(known, cars)
    return names
