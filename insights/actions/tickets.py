"""Tickets: made of what the community gathered, given to a department, worked on by people."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.forum.enums import Outcome
from kocforum.forum.enums import Severity as Harm
from kocforum.forum.models import Report, Thread, Topic
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_line, clean_text
from tasks.models import RoomResult, Task

from ..enums import EvidenceKind, Severity, TicketKind, TicketState
from ..facts import NoteAdded, TicketAssigned, TicketPromoted, TicketRouted
from ..models import Department, DistilledReport, InternalNote, Ticket, Transition
from ..queries.subjects import reports_of_ticket
from ..rules.tickets import can_promote, can_work_on
from . import audit
from .drafts import draft_of
from .evidence import add_evidence, checked_things, put_under, tell_frozen
from .fields import find_colleague, find_department
from .moves import merge, move_ticket, show_state

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that reads like another


@once(Ticket)
@transaction.atomic
def promote(
    *,
    by: Member,
    kind: str = TicketKind.DEFECT,
    threads: Iterable[Thread] = (),
    topics: Iterable[Topic] = (),
    evidence: Iterable[models.Model] = (),
    department: Department | str | None = None,
    title: str = "",
) -> Ticket:
    """Make a ticket of threads, topics, passages, surveys, quotes and results of rooms: evidence is frozen, a report drafted from it, owners see that they were noticed."""
    require(can_promote(by), _("Only researchers make tickets."))
    things = checked_things([*threads, *topics, *evidence])
    if kind not in TicketKind.values:
        raise Invalid({"kind": _("A ticket is a defect, a strength or a wish.")})
    if not things:
        raise Invalid(
            {"threads": _("A ticket rests on at least one thread, topic, passage, survey, quote or result of a room.")}
        )
    place = find_department(department) if department else None
    audit.begin()
    ticket = Ticket.objects.create(
        ref=_new_ref(),
        kind=kind,
        title=clean_line(title)[:160] or _title_of(things),
        department=place,
        created_by=by,
    )
    put_under(ticket, things, by)
    _fill_in(ticket, things)
    snapshot = audit.freeze(ticket)
    DistilledReport.objects.create(ticket=ticket, written_by=by, **draft_of(audit.content_of(snapshot)))
    Transition.objects.create(ticket=ticket, to_state=ticket.state, by=by)
    show_state(by=by, ticket=ticket)
    record(
        TicketPromoted(
            ticket_id=ticket.pk,
            ticket_kind=kind,
            threads=_ids(ticket, EvidenceKind.THREAD),
            topics=_ids(ticket, EvidenceKind.TOPIC),
            passages=_ids(ticket, EvidenceKind.PASSAGE),
            surveys=_ids(ticket, EvidenceKind.SURVEY),
            quotes=_ids(ticket, EvidenceKind.QUOTE),
            rooms=_ids(ticket, EvidenceKind.RESULT),
        ),
        by=by,
    )
    tell_frozen(snapshot, by)
    audit.append(
        by=by,
        action="promote",
        ticket=ticket,
        kind=kind,
        snapshot=snapshot.sha256,
        number=snapshot.number,
        threads=_ids(ticket, EvidenceKind.THREAD),
        topics=_ids(ticket, EvidenceKind.TOPIC),
        passages=_ids(ticket, EvidenceKind.PASSAGE),
        **({"surveys": surveys} if (surveys := _ids(ticket, EvidenceKind.SURVEY)) else {}),
        **({"quotes": quotes} if (quotes := _ids(ticket, EvidenceKind.QUOTE)) else {}),
        **({"rooms": rooms} if (rooms := _ids(ticket, EvidenceKind.RESULT)) else {}),
    )
    return ticket


def _new_ref() -> str:
    while Ticket.objects.filter(ref=(ref := "T-" + "".join(secrets.choice(LETTERS) for _ in range(6)))).exists():
        pass
    return ref


def _ids(ticket: Ticket, kind: EvidenceKind) -> list[int]:
    return list(ticket.evidence.filter(kind=kind).values_list(f"{kind.column}_id", flat=True))


def _title_of(things: list[models.Model]) -> str:
    for cls in (Topic, Thread, Task, RoomResult):
        for thing in things:
            if isinstance(thing, cls):
                return thing.title[:160]
    return clean_line(getattr(things[0], "paraphrase", "") or things[0].text)[:60]


def _fill_in(ticket: Ticket, things: list[models.Model]) -> None:
    """Function, failure mode and a proposal for the severity, as far as the evidence says them. Harm goes first, whatever the numbers."""
    reports = list(reports_of_ticket(ticket).select_related("observation", "function", "failure_mode"))
    about: Topic | Report | None = next((thing for thing in things if isinstance(thing, Topic)), None)
    about = about or (reports[0] if reports else None)
    values: dict[str, Any] = {}
    if about is not None:
        values = {"function": about.function, "failure_mode": about.failure_mode}
    if reports:
        harmed = any(report.severity and Harm(report.severity).is_safety for report in reports)
        failing = any(report.observation.outcome in {Outcome.FAILED, Outcome.MIXED} for report in reports)
        values["severity"] = Severity.S0 if harmed else Severity.S2 if failing else Severity.S3
    if values:
        Ticket.objects.filter(pk=ticket.pk).update(**values)
        ticket.refresh_from_db()


@transaction.atomic
def route(*, by: Member, ticket: Ticket, department: Department | str, expected: str = "", reason: str = "") -> Ticket:
    """Give a ticket to the department that can change something. A promoted one moves with it; later it changes hands."""
    if ticket.state == TicketState.PROMOTED:
        return move_ticket(
            by=by,
            ticket=ticket,
            to=TicketState.ROUTED,
            expected=expected or ticket.state,
            reason=reason,
            department=department,
        )
    require(can_promote(by), _("Only researchers route tickets."))
    audit.begin()
    ticket.refresh_from_db()
    if expected and ticket.state != expected:
        raise Conflict(_("The ticket is no longer where you saw it."))
    Ticket.objects.filter(pk=ticket.pk).update(department=find_department(department))
    ticket.refresh_from_db()
    record(TicketRouted(ticket_id=ticket.pk, department_id=ticket.department_id), by=by)
    audit.append(by=by, action="route", ticket=ticket, dept=ticket.department.slug, reason=clean_line(reason)[:300])
    return ticket


@transaction.atomic
def assign(*, by: Member, ticket: Ticket, assignee: Member | str) -> Ticket:
    """Name the colleague who looks after it."""
    require(can_work_on(by, ticket), _("You do not work on this ticket."))
    audit.begin()
    Ticket.objects.filter(pk=ticket.pk).update(assignee=find_colleague(assignee))
    ticket.refresh_from_db()
    record(TicketAssigned(ticket_id=ticket.pk, member_id=ticket.assignee_id), by=by)
    audit.append(by=by, action="assign", ticket=ticket, assignee=f"staff:{ticket.assignee_id}")
    return ticket


@once(InternalNote)
@transaction.atomic
def add_note(*, by: Member, ticket: Ticket, body: str) -> InternalNote:
    """A note between colleagues. It has no way out of the desk."""
    require(can_work_on(by, ticket), _("You do not work on this ticket."))
    body = clean_text(body).strip()
    if not body:
        raise Invalid({"body": _("There is nothing to read yet. Write a few words.")})
    if len(body) > 2000:
        raise Invalid({"body": _("A note has 2,000 characters at most.")})
    note = InternalNote.objects.create(ticket=ticket, body=body, by=by)
    record(NoteAdded(ticket_id=ticket.pk, note_id=note.pk), by=by)
    return note


__all__ = ["add_evidence", "add_note", "assign", "merge", "move_ticket", "promote", "route"]
