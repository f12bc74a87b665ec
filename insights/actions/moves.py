"""A ticket moves: by the table, by who may, with what the move needs, once."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.forum.actions.official import set_official_status
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_line

from ..enums import TicketState
from ..facts import TicketMoved, TicketRouted
from ..models import Release, Ticket, Transition
from ..queries.subjects import threads_of, topics_of
from ..rules.states import PUBLIC_REASON, PUBLIC_STATUS
from ..rules.tickets import can_move, goes
from ..rules.words import claim_of_cause
from . import audit
from .evidence import put_under, tell_frozen
from .fields import checked_fields
from .offers import make_offers
from .outcomes import tell_outcomes


@once(Ticket)
@transaction.atomic
def move_ticket(
    *, by: Member, ticket: Ticket, to: str, expected: str, reason: str = "", public_note: str = "", **fields: Any
) -> Ticket:
    """Move a ticket from the state that the person saw. What the move needs comes as `fields`, named as in `rules.states.NEEDS`.

    Where the public is owed an answer (declined, closed, not reproduced, more information needed) the reason is what
    owners read, unless `public_note` says it for them.
    """
    if to not in TicketState.values:
        raise Invalid({"to": _("There is no such state.")})
    require(can_move(by, ticket, to), _("You cannot move this ticket there."))
    audit.begin()
    ticket.refresh_from_db()
    require(goes(ticket, to, expected), "")
    reason, public_note = clean_line(reason)[:300], clean_line(public_note)[:300]
    values = checked_fields(by, ticket, to, reason, fields)
    note = public_note or (reason if to in PUBLIC_REASON else "")
    if claim := claim_of_cause(note):
        where = "public_note" if public_note else "reason"
        raise Invalid(
            {where: _("Owners read this. Say what was seen, not why it happens: “%(word)s”.") % {"word": claim}}
        )
    release: Release | None = values.pop("release", None)
    step(by=by, ticket=ticket, to=to, reason=reason, note=note, values=values)
    if "department" in values:
        record(TicketRouted(ticket_id=ticket.pk, department_id=ticket.department_id), by=by)
    if to == TicketState.BETA and release:
        make_offers(by=by, release=release, ticket=ticket)
    if to == TicketState.MERGED:
        _bring_together(by, ticket)
    return ticket


def step(
    *,
    by: Member | None,
    ticket: Ticket,
    to: str,
    reason: str = "",
    note: str = "",
    values: dict[str, Any] | None = None,
) -> None:
    """One move that the table allows, in the caller's transaction: row, history, public status, fact, chain. `by` None: the owners' words."""
    here = ticket.state
    moved = Ticket.objects.filter(pk=ticket.pk, state=here).update(
        state=to, moved_at=timezone.now(), public_note=note, **(values or {})
    )
    if not moved:
        raise Conflict(_("The ticket is no longer where you saw it."))
    ticket.refresh_from_db()
    Transition.objects.create(ticket=ticket, from_state=here, to_state=to, reason=reason, by=by)
    show_state(by=by, ticket=ticket)
    record(TicketMoved(ticket_id=ticket.pk, from_state=here, to_state=to), by=by)
    audit.append(
        by=by,
        action="move",
        ticket=ticket,
        **{"from": here, "to": to, "reason": reason, "public_note": note},
        fields={name: str(value) for name, value in (values or {}).items()},
    )


def show_state(*, by: Member | None, ticket: Ticket) -> None:
    """What the public reads of a ticket: a status and a sentence, on each thread, topic and survey that it rests on.

    A state that says nothing leaves what was said before it.
    """
    status = PUBLIC_STATUS[TicketState(ticket.state)]
    if status is not None:
        set_official_status(
            by=by, status=status, note=ticket.public_note, threads=threads_of(ticket), topics=topics_of(ticket)
        )
        tell_outcomes(by=by, ticket=ticket)


def _bring_together(by: Member, ticket: Ticket) -> None:
    """What a merged ticket rested on lies under the other one from now on, frozen anew."""
    target = ticket.merged_into
    rows = ticket.evidence.select_related("thread", "topic", "passage", "task")
    if put_under(target, [row.thing for row in rows], by):
        snapshot = audit.freeze(target)
        tell_frozen(snapshot, by)
        audit.append(by=by, action="merge", ticket=target, snapshot=snapshot.sha256, number=snapshot.number)
    show_state(by=by, ticket=target)
    tell_outcomes(by=by, ticket=target)


@transaction.atomic
def merge(*, by: Member, ticket: Ticket, into: Ticket, expected: str, reason: str = "") -> Ticket:
    """The same matter twice: this ticket ends, its evidence goes under the other one."""
    return move_ticket(by=by, ticket=ticket, to=TicketState.MERGED, expected=expected, reason=reason, merged_into=into)
