"""The distilled report: findings that cite, a hypothesis with its author, a recommendation. Each text is a version; signed ones stay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_line, clean_text

from ..evidence import canonical, sha256
from ..facts import DistilledReportSigned, DistilledReportWritten
from ..models import DistilledReport, Ticket
from ..rules.tickets import can_distil
from ..rules.words import claim_of_cause
from . import audit

MOST_FINDINGS = 30


@transaction.atomic
def write(
    *,
    by: Member,
    ticket: Ticket,
    findings: Sequence[dict[str, Any]],
    counter_examples: str,
    hypothesis: str = "",
    recommendation: str = "",
    version: int | None = None,
) -> DistilledReport:
    """Write the next version. `version` is the one that the person saw. The hypothesis keeps the name of who last changed it."""
    require(can_distil(by), _("Only researchers write the distilled report."))
    audit.begin()
    newest = ticket.distilled_reports.first()
    if version is not None and newest and newest.version != version:
        raise Conflict(_("Somebody else wrote a newer version meanwhile. Compare before you save."))
    frozen = _frozen_things(ticket)
    said = [_checked(finding, frozen) for finding in findings]
    if not said or len(said) > MOST_FINDINGS:
        raise Invalid({"findings": _("Write at least one finding, and thirty at most.")})
    counter_examples = clean_text(counter_examples).strip()
    if not counter_examples:
        raise Invalid({"counter_examples": _("Say what speaks against it, or that nothing was found.")})
    _refuse_claims("counter_examples", counter_examples)
    hypothesis = clean_text(hypothesis).strip()[:4000]
    same = newest is not None and newest.hypothesis == hypothesis
    try:
        with transaction.atomic():
            row = DistilledReport.objects.create(
                ticket=ticket,
                version=newest.version + 1 if newest else 1,
                findings=said,
                counter_examples=counter_examples[:4000],
                hypothesis=hypothesis,
                hypothesis_by=(newest.hypothesis_by if same else by) if hypothesis else None,
                recommendation=clean_text(recommendation).strip()[:4000],
                written_by=by,
            )
    except IntegrityError:
        raise Conflict(_("Somebody else wrote a newer version meanwhile. Compare before you save."))
    record(DistilledReportWritten(ticket_id=ticket.pk, version=row.version), by=by)
    audit.append(by=by, action="distil", ticket=ticket, version=row.version, text=hash_of(row))
    return row


CITED: dict[str, Callable[[], str]] = {
    "reports": lambda: _("Report %(id)s is not in the frozen evidence. Add it to the evidence first."),
    "surveys": lambda: _("Survey %(id)s is not in the frozen evidence. Add it to the evidence first."),
    "rooms": lambda: _("Result %(id)s of a room is not in the frozen evidence. Add it to the evidence first."),
    "quotes": lambda: _("Quote %(id)s is not in the frozen evidence. Add it to the evidence first."),
}


def _frozen_things(ticket: Ticket) -> dict[str, set[int]]:
    """What the frozen copies of a ticket hold that a finding can cite, by kind."""
    copies = [audit.content_of(snapshot) for snapshot in ticket.snapshots.all()]
    return {kind: {row["id"] for copy in copies for row in copy.get(kind, [])} for kind in CITED}


def _checked(finding: dict[str, Any], frozen: dict[str, set[int]]) -> dict[str, Any]:
    text = clean_line(finding.get("text", ""))[:600]
    cited = {kind: sorted({int(number) for number in finding.get(kind, [])}) for kind in CITED}
    if not text:
        raise Invalid({"findings": _("A finding is a sentence.")})
    for kind, numbers in cited.items():
        if unknown := [number for number in numbers if number not in frozen[kind]]:
            raise Invalid({"findings": CITED[kind]() % {"id": unknown[0]}})
    if any(frozen.values()) and not any(cited.values()):
        raise Invalid(
            {
                "findings": _("Each finding cites at least one report, survey, quote or result of a room: “%(text)s”")
                % {"text": text[:60]}
            }
        )
    _refuse_claims("findings", text)
    # A finding without surveys, quotes or rooms stays what it was before there were any, byte for byte.
    others = {kind: cited[kind] for kind in ("surveys", "quotes", "rooms") if cited[kind]}
    return {"text": text, "reports": cited["reports"], **others}


def _refuse_claims(field: str, text: str) -> None:
    if word := claim_of_cause(text):
        raise Invalid(
            {
                field: _("A finding says what goes together. Why it happens belongs into the hypothesis: “%(word)s”.")
                % {"word": word}
            }
        )


def hash_of(row: DistilledReport) -> str:
    """The hash of what a version says, as the chain keeps it."""
    return sha256(
        canonical(
            {
                "findings": row.findings,
                "counter_examples": row.counter_examples,
                "hypothesis": row.hypothesis,
                "recommendation": row.recommendation,
            }
        )
    )


@transaction.atomic
def sign(*, by: Member, report: DistilledReport) -> DistilledReport:
    """Sign the newest version: from now on it stands as it is, and changes are new versions."""
    require(can_distil(by), _("Only researchers sign the distilled report."))
    audit.begin()
    if report.ticket.distilled_reports.first() != report:
        raise Conflict(_("Somebody else wrote a newer version meanwhile. Compare before you save."))
    signed = DistilledReport.objects.filter(pk=report.pk, signed_at__isnull=True).update(
        signed_by=by, signed_at=timezone.now()
    )
    if not signed:
        raise Conflict(_("This version was already signed."))
    report.refresh_from_db()
    record(DistilledReportSigned(ticket_id=report.ticket_id, version=report.version), by=by)
    audit.append(by=by, action="sign", ticket=report.ticket, version=report.version, text=hash_of(report))
    return report
