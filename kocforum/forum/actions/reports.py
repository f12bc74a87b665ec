"""Tell a report, amend one field of it, take it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.garage.models import FailureMode, Function, Vehicle
from kocforum.garage.queries import lineage
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.search.actions import index
from kocforum.text import clean_line

from ..enums import BoardVisibility, Outcome, PostState, Precision, RiverStage, Severity, ThreadKind, Venue
from ..facts import ReportHeld, ReportTold, ReportWithdrawn
from ..models import Board, Report, Thread
from ..queries import documents
from ..queries.completeness import completeness_of
from ..queries.titles import written_title
from ..rules.reports import can_tell_report, can_withdraw_report
from .observations import ObservationData, write_observation
from .posts import remove_post
from .stages import reach
from .writing import checked_body, checked_title, hold_report, settle_state, start_thread

SHORTEST_WORDS = 8
MOST_SIGNALS = 12


def find_function(slug: str) -> Function:
    """The function that a slug names."""
    function = Function.objects.select_related("parent").filter(slug=slug).first()
    if function is None:
        raise Invalid({"function": _("There is no function called %(slug)s.") % {"slug": slug or "?"}})
    return function


def find_failure_mode(function: Function, slug: str) -> FailureMode | None:
    """A failure mode of the function or of one above it; of two with one slug, the nearer."""
    if not slug:
        return None
    line = lineage(function)
    found = {mode.function_id: mode for mode in FailureMode.objects.filter(function__in=line, slug=slug)}
    mode = next((found[above.pk] for above in line if above.pk in found), None)
    if mode is None:
        raise Invalid({"failure_mode": _("This function has no failure mode called %(slug)s.") % {"slug": slug}})
    return mode


def board_for(function: Function) -> Board:
    """The board of the function, of the nearest function above it that has one, or the first public board."""
    boards = {board.function_id: board for board in Board.objects.filter(function__isnull=False)}
    for above in lineage(function):
        if above.pk in boards:
            return boards[above.pk]
    board = Board.objects.filter(visibility=BoardVisibility.PUBLIC, only_staff_opens=False).first()
    if board is None:
        raise Conflict(_("There is no board for reports yet. Staff can make one in admin."))
    return board


def checked_words(values: Sequence[Any], name: str, most: int = MOST_SIGNALS) -> list[str]:
    """Short words of a list, each once, none empty."""
    words = list(dict.fromkeys(word for word in (clean_line(str(value))[:60] for value in values) if word))
    if len(words) > most:
        raise Invalid({name: _("%(most)s are enough here.") % {"most": most}})
    return words


def checked_tried(values: Sequence[Any]) -> list[dict[str, str]]:
    """What was tried: `{action, effect}` with effect better, same or worse; a bare word is an action without an effect."""
    tried = []
    for value in values:
        said = {"action": value} if isinstance(value, str) else dict(value)
        action = clean_line(str(said.get("action", "")))[:80]
        effect = str(said.get("effect", ""))
        if effect not in {"", "better", "same", "worse"}:
            raise Invalid({"tried": _("What was tried made it better, the same or worse.")})
        if action:
            tried.append({"action": action, "effect": effect})
    if len(tried) > MOST_SIGNALS:
        raise Invalid({"tried": _("%(most)s are enough here.") % {"most": MOST_SIGNALS}})
    return tried


def checked_place(place: Mapping[str, Any] | None) -> dict[str, str]:
    """District in words, venue from the list. Exact places are not asked for."""
    place = place or {}
    venue = str(place.get("venue") or "")
    if venue and venue not in Venue.values:
        raise Invalid({"place": _("There is no kind of place called %(venue)s.") % {"venue": venue}})
    return {"district": clean_line(str(place.get("district") or ""))[:60], "venue": venue}


def checked_choice(value: str, choices: Sequence[str], name: str, sentence: str) -> str:
    """A value of a short list, or empty."""
    if value and value not in choices:
        raise Invalid({name: sentence})
    return value


def require_substance(*, attempts: int | None, outcome: str, signals: Sequence[str], narrative: str) -> None:
    """One of: an attempt, a signal, eight characters of text."""
    if not (attempts or signals or len(narrative.strip()) >= SHORTEST_WORDS):
        raise Invalid({"narrative": _("Count an attempt, tick a signal, or write at least eight characters.")})


@once(Report)
@transaction.atomic
def tell_report(
    *,
    by: Member,
    function: str,
    vehicle: Vehicle | None,
    occurred_at: dt.datetime | None,
    precision: str = Precision.MINUTE,
    failure_mode: str = "",
    conditions: Mapping[str, Sequence[str]] | None = None,
    attempts: int | None = None,
    failures: int | None = None,
    outcome: str = "",
    title: str = "",
    narrative: str = "",
    place: Mapping[str, Any] | None = None,
    signals: Sequence[str] = (),
    severity: str = "",
    tried: Sequence[Any] = (),
    uploads: Sequence[int] = (),
    software_version: str = "",
) -> Report:
    """Record one experience as a thread whose opening post stays data.

    Required: car, function, time, and one of attempt, signal or eight characters of text. A report of injury or fire is
    held for staff, who hear of it at once.
    """
    require(can_tell_report(by), _("You cannot report here."))
    if vehicle is None or vehicle.owner_id != by.pk or vehicle.left_at:
        raise Invalid({"vehicle": _("Choose a car from your garage.")})
    if occurred_at is None:
        raise Invalid({"occurred_at": _("Say when it happened.")})
    named = find_function(function)
    mode = find_failure_mode(named, failure_mode)
    narrative = checked_body(narrative, required=False)
    signals = checked_words(signals, "signals")
    require_substance(attempts=attempts or failures, outcome=outcome, signals=signals, narrative=narrative)
    checked_choice(severity, Severity.values, "severity", _("There is no such severity."))
    checked_choice(precision, Precision.values, "precision", _("The precision is minute, hour, day or month."))
    observation = write_observation(
        owner=by,
        data=ObservationData(
            vehicle=vehicle,
            occurred_at=occurred_at,
            precision=precision,
            conditions=conditions or {},
            attempts=attempts,
            failures=failures,
            outcome=outcome,
            software_version=software_version,
        ),
        default_outcome=Outcome.FAILED,
    )
    board = board_for(named)
    own_title = checked_title(title) if title.strip() else ""
    held = bool(severity) and Severity(severity).is_held
    said = [own_title, narrative, *signals, str(list(tried)), str(dict(place or {}).get("district", ""))]
    looked_at = settle_state(by, board, *said)
    state = PostState.PENDING if held else looked_at
    thread, opening = start_thread(
        author=by,
        board=board,
        kind=ThreadKind.REPORT,
        title=own_title or named.name,
        body=narrative,
        state=state,
        uploads=uploads,
    )
    report = Report.objects.create(
        thread=thread,
        observation=observation,
        function=named,
        failure_mode=mode,
        title_is_own=bool(own_title),
        severity=severity,
        signals=signals,
        tried=checked_tried(tried),
        **checked_place(place),
    )
    refresh_report(report)
    if state == PostState.VISIBLE:
        publish_report(report)
    elif held:
        record(ReportHeld(report_id=report.pk, thread_id=thread.pk, severity=severity), by=by)
    return report


def publish_report(report: Report) -> None:
    """A report became public: stage one, and the fact. Called when it is told, or when its review lets it through."""
    thread = report.thread
    reach(RiverStage.RECORDED, report=report, at=thread.created_at)
    record(
        ReportTold(
            report_id=report.pk,
            thread_id=thread.pk,
            post_id=thread.posts.get(number=1).pk,
            vehicle_id=report.observation.vehicle_id,
            outcome=report.observation.outcome,
            severity=report.severity,
            complete=report.completeness,
        ),
        by=thread.author,
    )


def refresh_report(report: Report) -> None:
    """What follows from the fields: the title unless edited, the completeness, the words that search knows."""
    report.completeness = completeness_of(report)
    report.save(update_fields=["completeness"])
    thread = report.thread
    if not report.title_is_own:
        Thread.objects.filter(pk=thread.pk).update(title=written_title(report))
        thread.refresh_from_db(fields=["title"])
    if thread.state == PostState.VISIBLE:
        index_report(report)


def index_report(report: Report) -> None:
    """Give title, words and what was ticked to search, as a thread and as a report."""
    document = documents.of_report(report, report.thread.posts.get(number=1).body)
    index(kind="report", **document)
    index(kind="thread", **{**document, "object_id": report.thread_id, "parent_id": None})


@transaction.atomic
def withdraw_report(*, by: Member, report: Report) -> Report:
    """Take a report back: a tombstone stays, answers stay, and every number that counted it recounts."""
    require(can_withdraw_report(by, report), _("You can withdraw your own reports only."))
    hold_report(report)
    require(can_withdraw_report(by, report), _("You can withdraw your own reports only."))
    withdrawn = Report.objects.filter(pk=report.pk, withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())
    if not withdrawn:
        raise Conflict(_("This report was already withdrawn."))
    opening = report.thread.posts.get(number=1)
    if opening.state in {PostState.VISIBLE, PostState.PENDING}:
        remove_post(by=by, post=opening)
    record(ReportWithdrawn(report_id=report.pk, thread_id=report.thread_id), by=by)
    report.refresh_from_db()
    return report
