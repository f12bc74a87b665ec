"""A report is still data after it is posted: each field is edited alone, with a history that everyone sees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kocforum.errors import Invalid, require
from kocforum.garage.models import Vehicle
from kocforum.garage.queries import normalise_version
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.uploads.actions import detach
from kocforum.uploads.queries import attached_to

from ..enums import Outcome, PostState, Precision, Severity
from ..facts import ReportAmended, ReportHeld
from ..models import Report, ReportRevision, Thread
from ..rules.reports import can_amend_report
from .observations import checked_counts, checked_time, conditions_of, find_values, rewrite_conditions, settle_outcome
from .posts import edit_post
from .reports import (
    checked_choice,
    checked_place,
    checked_tried,
    checked_words,
    find_failure_mode,
    find_function,
    refresh_report,
)
from .writing import attach_uploads, checked_title, hold_report, settle_state, touch_thread, withhold_post

Change = tuple[Any, Any]


def _title(by: Member, report: Report, value: str) -> Change:
    before = report.thread.title
    report.title_is_own = bool(value and value.strip())
    if report.title_is_own:
        Thread.objects.filter(pk=report.thread_id).update(title=checked_title(value))
    report.save(update_fields=["title_is_own"])
    refresh_report(report)
    report.thread.refresh_from_db()
    return before, report.thread.title


def _narrative(by: Member, report: Report, value: str) -> Change:
    opening = report.thread.posts.select_related("thread").get(number=1)
    before = opening.body
    return before, edit_post(by=by, post=opening, body=value or "").body


def _function(by: Member, report: Report, value: str) -> Change:
    before, report.function = report.function.slug, find_function(value)
    if report.failure_mode_id and report.failure_mode not in list(report.function.failure_modes.all()):
        report.failure_mode = None
    report.save(update_fields=["function", "failure_mode"])
    return before, report.function.slug


def _failure_mode(by: Member, report: Report, value: str) -> Change:
    before = report.failure_mode.slug if report.failure_mode_id else ""
    report.failure_mode = find_failure_mode(report.function, value or "")
    report.save(update_fields=["failure_mode"])
    return before, value or ""


def _severity(by: Member, report: Report, value: str) -> Change:
    before, report.severity = (
        report.severity,
        checked_choice(value or "", Severity.values, "severity", _("There is no such severity.")),
    )
    report.save(update_fields=["severity"])
    return before, report.severity


def _place(by: Member, report: Report, value: dict | None) -> Change:
    before = {"district": report.district, "venue": report.venue}
    after = checked_place(value)
    report.district, report.venue = after["district"], after["venue"]
    report.save(update_fields=["district", "venue"])
    return before, after


def _signals(by: Member, report: Report, value: list) -> Change:
    before, report.signals = report.signals, checked_words(value or [], "signals")
    report.save(update_fields=["signals"])
    return before, report.signals


def _tried(by: Member, report: Report, value: list) -> Change:
    before, report.tried = report.tried, checked_tried(value or [])
    report.save(update_fields=["tried"])
    return before, report.tried


def _conditions(by: Member, report: Report, value: dict) -> Change:
    before = conditions_of(report.observation)
    rewrite_conditions(report.observation, find_values(value or {}))
    return before, conditions_of(report.observation)


def _counts(by: Member, report: Report, value: dict) -> Change:
    seen = report.observation
    before = {"attempts": seen.attempts, "failures": seen.failures, "outcome": seen.outcome}
    after = {**before, **value}
    seen.attempts, seen.failures = checked_counts(after["attempts"], after["failures"])
    outcome = checked_choice(
        after["outcome"] or "", Outcome.values, "outcome", _("The outcome is failed, worked or mixed.")
    )
    seen.outcome = settle_outcome(seen.attempts, seen.failures, outcome, Outcome.FAILED)
    seen.save(update_fields=["attempts", "failures", "outcome"])
    return before, {"attempts": seen.attempts, "failures": seen.failures, "outcome": seen.outcome}


def _vehicle(by: Member, report: Report, value: Vehicle) -> Change:
    if not isinstance(value, Vehicle) or value.owner_id != by.pk or value.left_at:
        raise Invalid({"vehicle": _("Choose a car from your garage.")})
    seen = report.observation
    before = {"model": seen.model_name, "year": seen.year, "software_version": seen.software_version}
    seen.vehicle, seen.model = value, value.model
    seen.model_name = value.model.name if value.model_id else value.model_text
    seen.trim, seen.year, seen.mileage_km = value.trim, value.year, value.mileage_km
    seen.save()
    return before, {"model": seen.model_name, "year": seen.year, "software_version": seen.software_version}


def _software_version(by: Member, report: Report, value: str) -> Change:
    before, report.observation.software_version = report.observation.software_version, normalise_version(value or "")
    report.observation.save(update_fields=["software_version"])
    return before, report.observation.software_version


def _occurred_at(by: Member, report: Report, value: Any) -> Change:
    if value is None:
        raise Invalid({"occurred_at": _("Say when it happened.")})
    seen = report.observation
    before, seen.occurred_at = seen.occurred_at, checked_time(value)
    seen.save(update_fields=["occurred_at"])
    # One instant is one text, whatever the offset it was sent with: an unchanged time leaves no revision.
    return before.astimezone(dt.UTC).isoformat() if before else None, seen.occurred_at.astimezone(dt.UTC).isoformat()


def _precision(by: Member, report: Report, value: str) -> Change:
    seen = report.observation
    said = checked_choice(value, Precision.values, "precision", _("The precision is minute, hour, day or month."))
    before, seen.precision = seen.precision, said or Precision.MINUTE
    seen.save(update_fields=["precision"])
    return before, seen.precision


def _uploads(by: Member, report: Report, value: list[Any]) -> Change:
    """The files that the report shall have, in order: new ones are attached, those left out come off."""
    opening = report.thread.posts.get(number=1)
    there = attached_to("post", [opening.pk]).get(opening.pk, [])
    wanted = [upload if isinstance(upload, int) else upload.pk for upload in value or []]
    detach(by=by, uploads=[upload for upload in there if upload.pk not in wanted])
    attach_uploads(by=by, post=opening, uploads=wanted)
    return [upload.pk for upload in there], wanted


def _one_count(name: str) -> Callable[[Member, Report, Any], Change]:
    def amend(by: Member, report: Report, value: Any) -> Change:
        before, after = _counts(by, report, {name: value})
        return before[name], after[name]

    return amend


AMENDABLE: dict[str, Callable[[Member, Report, Any], Change]] = {
    "title": _title,
    "narrative": _narrative,
    "function": _function,
    "failure_mode": _failure_mode,
    "severity": _severity,
    "place": _place,
    "signals": _signals,
    "tried": _tried,
    "conditions": _conditions,
    "counts": _counts,
    "attempts": _one_count("attempts"),
    "failures": _one_count("failures"),
    "outcome": _one_count("outcome"),
    "vehicle": _vehicle,
    "software_version": _software_version,
    "occurred_at": _occurred_at,
    "precision": _precision,
    "uploads": _uploads,
}


WORDS = {"title", "place", "signals", "tried"}  # the narrative is a post, and is looked at as one


def _hold_if_it_must_wait(by: Member, report: Report, field: str, value: Any) -> None:
    """A report that says injury or fire only now waits like one that said it at first; new words are looked at like others."""
    opening = report.thread.posts.select_related("thread__board").get(number=1)
    if field in WORDS and settle_state(by, opening.thread.board, str(value)) == PostState.PENDING:
        withhold_post(opening, by=by)
    if field == "severity" and value and Severity(value).is_held and opening.state == PostState.VISIBLE:
        withhold_post(opening, by=by)
        record(ReportHeld(report_id=report.pk, thread_id=report.thread_id, severity=value), by=by)


@transaction.atomic
def amend_report(*, by: Member, report: Report, field: str, value: Any) -> Report:
    """Change one field of a report. The value before stays in its history; nothing is written when nothing changed."""
    require(can_amend_report(by, report), _("You can change your own reports only."))
    if field not in AMENDABLE:
        raise Invalid({field: _("A report has no such field.")})
    hold_report(report)
    require(can_amend_report(by, report), _("You can change your own reports only."))
    before, after = AMENDABLE[field](by, report, value)
    if before == after:
        return report
    ReportRevision.objects.create(report=report, field=field, before=before, after=after, by=by)
    refresh_report(report)
    touch_thread(report.thread)
    record(ReportAmended(report_id=report.pk, thread_id=report.thread_id, field=field), by=by)
    push(f"thread:{report.thread_id}", "report.changed", report.pk)
    _hold_if_it_must_wait(by, report, field, after)
    report.refresh_from_db()
    return report
