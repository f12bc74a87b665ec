"""Where reports and topics stand on the river."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..enums import OfficialStatus, Outcome, RiverStage
from ..models import Corroboration, Report, Stage, Topic, TopicLink, Verification

SUCCESS_ENDS = RiverStage.RELEASED


@dataclass(frozen=True)
class StageView:
    """One stage as a page shows it. `state` is done, now or todo; `note` says what happened there; `at` when."""

    key: str
    number: int
    label: str
    state: str
    note: str
    at: dt.datetime | None


def river_of_reports(reports: Iterable[Report]) -> dict[int, list[StageView]]:
    """The rivers of reports by pk, in four queries whatever their number. Needs `thread` and `observation` selected."""
    reports = list(reports)
    pks = [report.pk for report in reports]
    reached = _reached(Stage.objects.filter(report__in=pks), "report_id")
    corroborated = dict(
        Corroboration.objects.standing().filter(report__in=pks).values_list("report").annotate(n=Count("pk")).order_by()
    )
    gathered = dict(
        TopicLink.objects.filter(report__in=pks, unlinked_at__isnull=True)
        .values_list("report")
        .annotate(n=Count("pk"))
        .order_by()
    )
    verified = _verified(Verification.objects.standing().filter(report__in=pks), "report")
    return {
        report.pk: _views(
            reached[report.pk],
            notes={
                RiverStage.CORROBORATED: _count_note(corroborated.get(report.pk, 0)),
                RiverStage.GATHERED: _("in a topic") if gathered.get(report.pk) else "",
                **_official_notes(report.thread.official_status, report.thread.official_note),
                RiverStage.VERIFIED: _verified_note(report.thread.official_status, verified.get(report.pk)),
            },
            success=report.observation.outcome == Outcome.WORKED,
        )
        for report in reports
    }


def river_of_topics(topics: Iterable[Topic]) -> dict[int, list[StageView]]:
    """The rivers of topics by pk. A topic's first two stages are those of its reports."""
    topics = list(topics)
    pks = [topic.pk for topic in topics]
    reached = _reached(Stage.objects.filter(topic__in=pks), "topic_id")
    links = TopicLink.objects.filter(topic__in=pks, unlinked_at__isnull=True, report__in=Report.objects.counted())
    report_of: dict[int, list[int]] = defaultdict(list)
    outcomes: dict[int, list[str]] = defaultdict(list)
    for topic_id, report_id, outcome in links.values_list("topic_id", "report_id", "report__observation__outcome"):
        report_of[topic_id].append(report_id)
        outcomes[topic_id].append(outcome)
    linked = [report for reports in report_of.values() for report in reports]
    of_reports = _reached(Stage.objects.filter(report__in=linked), "report_id")
    corroborated = dict(
        Corroboration.objects.standing()
        .filter(report__in=linked)
        .values_list("report")
        .annotate(n=Count("pk"))
        .order_by()
    )
    verified = _verified(Verification.objects.standing().filter(report__in=linked), "report")
    views = {}
    for topic in topics:
        mine = report_of[topic.pk]
        stages = dict(reached[topic.pk])
        for stage in (RiverStage.RECORDED, RiverStage.CORROBORATED):
            times = [of_reports[report][stage] for report in mine if stage in of_reports[report]]
            if times:
                stages[stage] = min(times)
        told = [verified[report] for report in mine if report in verified]
        views[topic.pk] = _views(
            stages,
            notes={
                RiverStage.RECORDED: ngettext("%(n)s report", "%(n)s reports", len(mine)) % {"n": len(mine)}
                if mine
                else "",
                RiverStage.CORROBORATED: _count_note(sum(corroborated.get(report, 0) for report in mine)),
                **_official_notes(topic.official_status, topic.official_note),
                RiverStage.VERIFIED: _verified_note(
                    topic.official_status, (sum(n for n, _m in told), sum(m for _n, m in told)) if told else None
                ),
            },
            success=bool(outcomes[topic.pk]) and all(outcome == Outcome.WORKED for outcome in outcomes[topic.pk]),
        )
    return views


def _reached(stages, key: str) -> dict[int, dict[int, dt.datetime]]:
    found: dict[int, dict[int, dt.datetime]] = defaultdict(dict)
    for row in stages:
        found[getattr(row, key)][row.stage] = row.reached_at
    return found


def _verified(verifications, key: str) -> dict[int, tuple[int, int]]:
    """{report: (how many say it works, how many verified)}."""
    counted = verifications.values_list(key).annotate(
        worked=Count("pk", filter=Q(observation__outcome=Outcome.WORKED)), told=Count("pk")
    )
    return {pk: (worked, told) for pk, worked, told in counted.order_by()}


def _count_note(number: int) -> str:
    return ngettext("%(n)s corroboration", "%(n)s corroborations", number) % {"n": number} if number else ""


def _official_notes(status: str, note: str) -> dict[RiverStage, str]:
    if not status:
        return {}
    label = str(OfficialStatus(status).label)
    if status in {OfficialStatus.RELEASED, OfficialStatus.KEPT, OfficialStatus.ADOPTED, OfficialStatus.SHOWN}:
        return {RiverStage.RELEASED: label}
    if status in {OfficialStatus.FIRST_CONFIRMED, OfficialStatus.NOT_CONFIRMED, OfficialStatus.VERIFIED}:
        return {}
    return {RiverStage.ACCEPTED: label}


def _verified_note(status: str, told: tuple[int, int] | None) -> str:
    if not told:
        return ""
    counted = _("%(worked)s of %(told)s say it works") % {"worked": told[0], "told": told[1]}
    if status in {OfficialStatus.FIRST_CONFIRMED, OfficialStatus.NOT_CONFIRMED, OfficialStatus.VERIFIED}:
        return f"{OfficialStatus(status).label} · {counted}"
    return counted


def _views(reached: dict[int, dt.datetime], *, notes: dict[RiverStage, str], success: bool) -> list[StageView]:
    """Done up to the furthest stage reached, which is `now` unless it is the last one; a success ends at release."""
    last = SUCCESS_ENDS if success else RiverStage.VERIFIED
    furthest = min(max(reached, default=RiverStage.RECORDED), last)
    views = []
    for stage in RiverStage:
        if stage > last:
            break
        if stage < furthest or (stage == furthest == last):
            state = "done" if stage in reached or stage == furthest else "todo"
        else:
            state = "now" if stage == furthest else "todo"
        label = _("Kept or adopted") if success and stage == SUCCESS_ENDS else stage.label
        views.append(
            StageView(stage.name.lower(), stage.value, str(label), state, notes.get(stage, ""), reached.get(stage))
        )
    return views
