"""What a move needs, each field checked and named when it is missing."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Invalid
from kocforum.garage.models import FailureMode, Function
from kocforum.garage.queries import lineage
from kocforum.members.models import Member
from kocforum.text import clean_line

from ..enums import ReleaseState, Severity, TicketState
from ..models import Department, DistilledReport, Release, Ticket
from ..rules.states import NEEDS

LINES = {"root_cause_ref": 200, "acceptance_target": 200, "compliance_ref": 200, "fix_version": 120}


def checked_fields(by: Member, ticket: Ticket, to: str, reason: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Values to write into the ticket (and `release` for the beta). What the ticket has already counts."""
    values: dict[str, Any] = {
        name: clean_line(fields[name])[:longest] for name, longest in LINES.items() if fields.get(name)
    }
    if fields.get("severity"):
        if fields["severity"] not in Severity.values:
            raise Invalid({"severity": _("The severity is S0, S1, S2 or S3.")})
        values["severity"] = fields["severity"]
    values |= _about(ticket, fields)
    if fields.get("department"):
        values["department"] = find_department(fields["department"])
    if fields.get("assignee"):
        values["assignee"] = find_colleague(fields["assignee"])
    elif to == TicketState.ACKNOWLEDGED and not ticket.assignee_id:
        values["assignee"] = by
    if to == TicketState.MERGED:
        values |= _target(ticket, fields.get("merged_into"))
    if to == TicketState.BETA:
        values |= _beta(ticket, fields.get("release"))
    missing = [name for name in NEEDS.get(TicketState(to), ()) if not _there(name, ticket, reason, values)]
    if missing:
        raise Invalid({name: _SENTENCES[name]() for name in missing})
    if to == TicketState.PROMOTED:
        _sign(by, ticket)
    return values


def _there(name: str, ticket: Ticket, reason: str, values: dict[str, Any]) -> bool:
    if name == "reason":
        return bool(reason)
    if name == "counter_examples":
        newest = ticket.distilled_reports.first()
        return bool(newest and newest.counter_examples.strip())
    if name in {"merged_into", "release"}:
        return name in values
    return bool(values.get(name) or getattr(ticket, name))


_SENTENCES = {
    "reason": lambda: _("Say why. A car owner must be able to read it."),
    "severity": lambda: _("How serious is it? S0 to S3."),
    "function": lambda: _("Which function of the car is it about?"),
    "counter_examples": lambda: _("The distilled report must say what speaks against it, or that nothing was found."),
    "department": lambda: _("Which department can change it?"),
    "merged_into": lambda: _("Which ticket does it belong to?"),
    "root_cause_ref": lambda: _("Where is the document with the root cause?"),
    "acceptance_target": lambda: _("Say before it is built what owners must see for it to count as solved."),
    "fix_version": lambda: _("Which version has the fix?"),
    "compliance_ref": lambda: _("Where is the document that clears it?"),
    "release": lambda: _("Put it under a release and start that release's beta."),
}


def _about(ticket: Ticket, fields: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if named := fields.get("function"):
        values["function"] = named if isinstance(named, Function) else Function.objects.filter(slug=named).first()
        if values["function"] is None:
            raise Invalid({"function": _("There is no such function.")})
    if named := fields.get("failure_mode"):
        values["failure_mode"] = (
            named if isinstance(named, FailureMode) else _mode_of(values.get("function") or ticket.function, named)
        )
        if values["failure_mode"] is None:
            raise Invalid({"failure_mode": _("There is no such failure mode.")})
    return values


def _mode_of(function: Function | None, slug: str) -> FailureMode | None:
    """Functions name their failure modes alike, so the slug says which only together with the function."""
    return FailureMode.objects.filter(function__in=lineage(function), slug=slug).first() if function else None


def find_department(named: Department | str | int) -> Department:
    """A department by its row, slug or number."""
    if isinstance(named, Department):
        return named
    key = {"pk": int(named)} if str(named).isascii() and str(named).isdigit() else {"slug": named}
    found = Department.objects.filter(**key).first()
    if found is None:
        raise Invalid({"department": _("There is no such department.")})
    return found


def find_colleague(named: Member | str) -> Member:
    """A member of staff by row or user name."""
    found = named if isinstance(named, Member) else Member.objects.filter(username=named).first()
    if found is None or not found.is_staff or not found.is_active:
        raise Invalid({"assignee": _("There is no such colleague.")})
    return found


def _target(ticket: Ticket, named: Ticket | int | None) -> dict[str, Any]:
    if not named:
        return {}
    target = named if isinstance(named, Ticket) else Ticket.objects.filter(pk=named).first()
    if target is None or target.pk == ticket.pk or target.state == TicketState.MERGED:
        raise Invalid({"merged_into": _("Choose another ticket that is still open.")})
    return {"merged_into": target}


def _beta(ticket: Ticket, named: Release | int | None) -> dict[str, Any]:
    running = Release.objects.filter(answers__ticket=ticket, state=ReleaseState.BETA)
    if named:
        running = running.filter(pk=named.pk if isinstance(named, Release) else named)
    found = running.order_by("-pk").first()
    return {"release": found} if found else {}


def _sign(by: Member, ticket: Ticket) -> None:
    """Handing over is a signature under the newest report, when nobody signed it yet."""
    newest = ticket.distilled_reports.first()
    DistilledReport.objects.filter(pk=newest.pk, signed_at__isnull=True).update(signed_by=by, signed_at=timezone.now())
