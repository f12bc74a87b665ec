"""What owners' words change at once, and only they: the public status, and the last states of a ticket."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from kocforum.forum.actions.official import set_official_status
from kocforum.forum.actions.stages import leave
from kocforum.forum.enums import OfficialStatus, Outcome, RiverStage
from kocforum.forum.models import Report, Verification
from kocforum.live.pushing import push

from ..enums import TicketState
from ..models import Release, Ticket
from ..queries.owners import comparison, public_releases_for, reports_of_tickets
from ..queries.subjects import tickets_of_report
from ..rules.states import WAITS_FOR_OWNERS, moves_from
from ..rules.verdict import verdict
from . import audit
from .moves import step


@transaction.atomic
def settle(*, verification: Verification) -> None:
    """Draw from the rows what a verification changes. Any number of times with the same result."""
    audit.begin()
    report = Report.objects.select_related("thread").get(pk=verification.report_id)
    tickets = tickets_of_report(report)
    release = next(
        (release for release in public_releases_for(report, tickets) if release.version_name == verification.version),
        None,
    )
    if release is None:
        return
    _first_word(report, release)
    for ticket in tickets.filter(answers__release=release, state__in=WAITS_FOR_OWNERS):
        _move(ticket, release)
    push(f"release:{release.pk}", "release.changed", release.pk)


def _first_word(report: Report, release: Release) -> None:
    """The first teller's word counts at once, with a of b."""
    word = (
        Verification.objects.standing()
        .filter(report=report, by_first_teller=True, version=release.version_name)
        .select_related("observation")
        .order_by("-pk")
        .first()
    )
    if word is None:
        _take_back(report, release)
        return
    worked = word.observation.outcome == Outcome.WORKED
    status = OfficialStatus.FIRST_CONFIRMED if worked else OfficialStatus.NOT_CONFIRMED
    seen = word.observation
    with translation.override(settings.LANGUAGE_CODE):
        note = release.version_name
        if seen.attempts:
            note = _("%(version)s: worked %(worked)s of %(of)s times") % {
                "version": release.version_name,
                "worked": seen.successes,
                "of": seen.attempts,
            }
    thread = report.thread
    if thread.official_status == OfficialStatus.VERIFIED and worked:
        return
    if (thread.official_status, thread.official_note) != (status, note):
        set_official_status(by=None, status=status, note=note, threads=[thread])


def _take_back(report: Report, release: Release) -> None:
    """The first teller's word was withdrawn or taken down: the release waits for owners again, as if it had not been said."""
    if report.thread.official_status not in {OfficialStatus.FIRST_CONFIRMED, OfficialStatus.NOT_CONFIRMED}:
        return
    about = report.thread.official_note.removeprefix(release.version_name)
    if about == report.thread.official_note or about[:1].isalnum() or about[:1] == ".":
        return  # a word on another version, which stands
    leave(RiverStage.VERIFIED, report=report)
    set_official_status(by=None, status=OfficialStatus.RELEASED, threads=[report.thread])


def _move(ticket: Ticket, release: Release) -> None:
    reports = reports_of_tickets([ticket.pk])
    compared = comparison(release, reports)
    to = verdict(compared.before, compared.after)
    first = (
        Verification.objects.standing()
        .filter(report__in=reports.order_by().values("pk"), by_first_teller=True, version=release.version_name)
        .values_list("observation__outcome", flat=True)
    )
    outcomes = set(first)
    if Outcome.FAILED in outcomes or Outcome.MIXED in outcomes:
        # Who told it first and still has it is answered before any number is shown.
        failed_only = Outcome.FAILED in outcomes and Outcome.WORKED not in outcomes and Outcome.MIXED not in outcomes
        to = TicketState.NOT_FIXED if failed_only and to != TicketState.PARTIAL else TicketState.PARTIAL
    if to and to != ticket.state and to in moves_from(ticket.kind, ticket.state):
        step(by=None, ticket=ticket, to=to)
