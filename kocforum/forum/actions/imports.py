"""Reports from elsewhere: one action per row, which adds, amends, or leaves what is there. Nobody is told of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone

from kocforum.errors import Invalid, Refused
from kocforum.garage.queries import normalise_version
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.search.actions import index_many
from kocforum.text import clean_line

from ..enums import ContentVerdict, Outcome, PostState, Precision, Severity, ThreadKind
from ..facts import ReportAmended
from ..models import Board, Observation, ObservedCondition, Post, PostRevision, Report, ReportRevision, Thread
from ..queries import documents
from ..queries.completeness import completeness_of
from ..queries.moderation import check
from ..queries.titles import written_title
from .amendments import AMENDABLE
from .import_catalogue import Known
from .observations import checked_counts, checked_time, settle_outcome
from .reports import checked_choice, checked_place, publish_report
from .writing import checked_body, checked_title, hold_thread, rewrite_post, start_thread, touch_thread

LONGEST = {"source": 60, "key": 120, "car": 60, "trim": 60, "district": 60}
EARLIEST_YEAR, LARGEST_MILEAGE = 1950, 10_000_000


class Imported(StrEnum):
    """What became of a row."""

    ADDED = "added"
    PRESENT = "already present"
    AMENDED = "amended"


@dataclass(frozen=True, kw_only=True)
class ForeignReport:
    """One report of another source. `source` and `key` name it for ever, a higher `version` says it anew.

    Empty means: not told. `title` is a pattern of {car}, {year}, {what} and {district}, or empty: then it writes itself.
    """

    source: str
    key: str
    function: str
    version: int = 1
    failure_mode: str = ""
    title: str = ""
    narrative: str = ""
    occurred_at: dt.datetime | None = None
    precision: str = Precision.MINUTE
    told_at: dt.datetime | None = None
    conditions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    attempts: int | None = None
    failures: int | None = None
    outcome: str = ""
    severity: str = ""
    district: str = ""
    venue: str = ""
    car: str = ""
    trim: str = ""
    year: int | None = None
    mileage_km: int | None = None
    software_version: str = ""


@transaction.atomic
def import_reports(*, told: Sequence[ForeignReport], board: Board) -> list[Report | Exception]:
    """Add foreign reports as threads without an author; amend those that are here in an earlier version. All of a row or nothing of it.

    Answers for each the row, which carries `imported`, or why it was refused. They are public at once, whatever their
    severity: their source has published them. Search gets the words of all of them together.
    """
    known, became = Known(), []
    for one in told:
        try:
            with transaction.atomic():
                became.append(_import(one, board, known))
        except (Refused, DatabaseError) as refused:
            became.append(refused)
    changed = [row for row in became if isinstance(row, Report) and row.imported != Imported.PRESENT]
    _index({row.pk for row in changed})
    return became


def _import(told: ForeignReport, board: Board, known: Known) -> Report:
    _check(told)
    report = (
        Report.objects.select_related("thread", "observation", "function", "failure_mode")
        .filter(source=told.source, source_key=told.key)
        .first()
    )
    if report is None:
        report, became = _add(told, board, known), Imported.ADDED
    elif told.version <= report.source_version:
        became = Imported.PRESENT
    else:
        hold_thread(report.thread_id)
        report, became = _amend(report, told, known), Imported.AMENDED
    report.imported = became
    return report


def _index(pks: set[int]) -> None:
    """Give them to search as threads and as reports, as `index_report` does with one. What was hidden stays so."""
    openings = Post.objects.filter(thread__report__in=pks, number=1, state=PostState.VISIBLE)
    bodies = dict(openings.values_list("thread_id", "body"))
    rows = Report.objects.counted().filter(pk__in=pks, thread__in=bodies)
    waiting = []
    for report in rows.select_related("thread", "observation", "function", "failure_mode"):
        document = documents.of_report(report, bodies[report.thread_id])
        waiting += [
            {"kind": "report", **document},
            {"kind": "thread", **document, "object_id": report.thread_id, "parent_id": None},
        ]
    index_many(waiting)


def _refresh(report: Report, told: ForeignReport) -> None:
    """What follows from the fields: the completeness, and the title by its pattern."""
    report.completeness = completeness_of(report)
    report.save(update_fields=["completeness"])
    title = _title(told, report) if told.title else written_title(report)
    Thread.objects.filter(pk=report.thread_id).update(title=title)
    report.thread.title = title


def _check(told: ForeignReport) -> None:
    """What the columns of a report cannot hold is refused, never cut."""
    for name, most in LONGEST.items():
        if len(getattr(told, name)) > most:
            raise Invalid({name: f"{name} is longer than {most} characters"})
    if told.year is not None and not EARLIEST_YEAR <= told.year <= timezone.localdate().year + 2:
        raise Invalid({"year": f"{told.year} is not the year of a model"})
    if told.mileage_km is not None and told.mileage_km > LARGEST_MILEAGE:
        raise Invalid({"mileage_km": f"{told.mileage_km} km is more than a car drives"})
    checked_choice(told.severity, Severity.values, "severity", f"there is no severity called {told.severity}")
    checked_choice(told.outcome, Outcome.values, "outcome", f"there is no outcome called {told.outcome}")
    checked_choice(told.precision, Precision.values, "precision", f"there is no precision called {told.precision}")
    if check(told.narrative, told.district, told.car) == ContentVerdict.REFUSE:
        raise Invalid({"narrative": "its text has words that are not allowed here"})


def _car(told: ForeignReport, known: Known) -> dict[str, Any]:
    model = known.model(told.car)
    return {
        "model": model,
        "model_name": model.name if model else clean_line(told.car),
        "trim": clean_line(told.trim),
        "year": told.year,
        "mileage_km": told.mileage_km,
    }


def _title(told: ForeignReport, report: Report) -> str:
    """The pattern with what is known; parts between " · " of which nothing is known fall away."""
    known = {
        "car": told.car,
        "year": told.year or "",
        "what": (report.failure_mode or report.function).name,
        "district": told.district,
    }
    parts = [" ".join(part.format_map(known).split()) for part in told.title.split(" · ")]
    return checked_title(" · ".join(filter(None, parts))[:120])


def _add(told: ForeignReport, board: Board, known: Known) -> Report:
    function = known.function(told.function)
    mode = known.mode(function, told.failure_mode)
    values = known.values(told.conditions)
    place = checked_place({"district": told.district, "venue": told.venue})
    body = checked_body(told.narrative, required=False).strip()
    attempts, failures = checked_counts(told.attempts, told.failures)
    observation = Observation.objects.create(
        occurred_at=checked_time(told.occurred_at),
        precision=told.precision,
        software_version=normalise_version(told.software_version),
        attempts=attempts,
        failures=failures,
        outcome=settle_outcome(attempts, failures, told.outcome),
        **_car(told, known),
    )
    ObservedCondition.objects.bulk_create(ObservedCondition(observation=observation, value=value) for value in values)
    at = min(told.told_at or told.occurred_at or timezone.now(), timezone.now())
    thread, _opening = start_thread(
        author=None,
        board=board,
        kind=ThreadKind.REPORT,
        title=function.name,
        body=body,
        created_at=at,
        shown=False,
    )
    report = Report.objects.create(
        thread=thread,
        observation=observation,
        function=function,
        failure_mode=mode,
        title_is_own=bool(told.title),
        severity=told.severity,
        source=told.source,
        source_key=told.key,
        source_version=told.version,
        created_at=at,
        **place,
    )
    _refresh(report, told)
    publish_report(report)
    return report


# --- a later version


def _amend(report: Report, told: ForeignReport, known: Known) -> Report:
    """Say it anew, field by field, each change in the history that every reader sees."""
    known.mode(known.function(told.function), told.failure_mode)
    attempts, failures = checked_counts(told.attempts, told.failures)
    title = report.thread.title
    wanted = {
        "function": told.function,
        "failure_mode": told.failure_mode,
        "severity": told.severity,
        "place": {"district": told.district, "venue": told.venue},
        "conditions": told.conditions,
        "counts": {
            "attempts": attempts,
            "failures": failures,
            "outcome": settle_outcome(attempts, failures, told.outcome, report.observation.outcome),
        },
        "software_version": told.software_version,
        "precision": told.precision,
    }
    if told.occurred_at and told.occurred_at != report.observation.occurred_at:
        wanted["occurred_at"] = told.occurred_at
    for name, value in wanted.items():
        _note(report, name, *AMENDABLE[name](None, report, value))
    _note(report, "vehicle", *_amend_car(report, told, known))
    _note(report, "narrative", *_amend_narrative(report, told))
    Report.objects.filter(pk=report.pk).update(source_version=told.version)
    report.refresh_from_db()
    _refresh(report, told)
    _note(report, "title", title, report.thread.title)
    touch_thread(report.thread)
    push(f"thread:{report.thread_id}", "report.changed", report.pk)
    return report


def _note(report: Report, name: str, before: Any, after: Any) -> None:
    if before != after:
        ReportRevision.objects.create(report=report, field=name, before=before, after=after, by=None)
        record(ReportAmended(report_id=report.pk, thread_id=report.thread_id, field=name), by=None)


def _amend_car(report: Report, told: ForeignReport, known: Known) -> tuple[Any, Any]:
    seen, names = report.observation, ("model_name", "trim", "year", "mileage_km")
    before = {name: getattr(seen, name) for name in names}
    for name, value in _car(told, known).items():
        setattr(seen, name, value)
    seen.save(update_fields=["model", *names])
    return before, {name: getattr(seen, name) for name in names}


def _amend_narrative(report: Report, told: ForeignReport) -> tuple[str, str]:
    opening = Post.objects.select_related("thread").get(thread=report.thread_id, number=1)
    before, after = opening.body, checked_body(told.narrative, required=False).strip()
    if before != after:
        PostRevision.objects.create(post=opening, number=opening.revision, body=before)
        Post.objects.filter(pk=opening.pk).update(revision=opening.revision + 1, edited_at=timezone.now())
        opening.refresh_from_db()
        rewrite_post(opening, after)
    return before, after
