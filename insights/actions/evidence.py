"""What a ticket rests on, and taking a new frozen copy of it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models, transaction
from django.utils.translation import gettext as _

from kocforum.errors import Invalid, require
from kocforum.forum.enums import PostState
from kocforum.forum.models import Passage, Thread, Topic
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from tasks.actions.room_results import take_up_result
from tasks.models import Quote, RoomResult, Task

from ..enums import EvidenceKind
from ..facts import EvidenceFrozen
from ..models import EvidenceSnapshot, Ticket, TicketEvidence
from ..rules.evidence import against_evidence
from ..rules.tickets import can_promote
from . import audit
from .outcomes import tell_outcomes

KIND_OF: dict[type[models.Model], EvidenceKind] = {
    Thread: EvidenceKind.THREAD,
    Topic: EvidenceKind.TOPIC,
    Passage: EvidenceKind.PASSAGE,
    Task: EvidenceKind.SURVEY,
    Quote: EvidenceKind.QUOTE,
    RoomResult: EvidenceKind.RESULT,
}


def checked_things(things: Iterable[models.Model]) -> list[models.Model]:
    """Each once; what moderation hid or its author withdrew is no evidence, nor is a survey that still runs."""
    kept = list(dict.fromkeys(things))
    for thing in kept:
        if isinstance(thing, Thread) and thing.state != PostState.VISIBLE:
            raise Invalid({"threads": _("The thread %(id)s can no longer be read.") % {"id": thing.pk}})
        if isinstance(thing, Topic) and thing.hidden_at:
            raise Invalid({"topics": _("The topic %(id)s can no longer be read.") % {"id": thing.pk}})
        if isinstance(thing, Task) and (against := against_evidence(thing)):
            raise Invalid({"evidence": against})
        if isinstance(thing, Quote) and not thing.words:
            raise Invalid({"evidence": _("The words of quote %(id)s are withdrawn.") % {"id": thing.pk}})
    return kept


def put_under(ticket: Ticket, things: Iterable[models.Model], by: Member | None) -> int:
    """Rows of evidence; what is there already stays one row. How many are new."""
    new = 0
    for thing in things:
        kind = KIND_OF[type(thing)]
        _row, created = TicketEvidence.objects.get_or_create(
            ticket=ticket, kind=kind, **{kind.column: thing}, defaults={"added_by": by}
        )
        new += created
        if isinstance(thing, RoomResult):
            take_up_result(by=by, result=thing)
    return new


def tell_frozen(snapshot: EvidenceSnapshot, by: Member | None) -> None:
    """The fact that a copy was taken."""
    record(EvidenceFrozen(ticket_id=snapshot.ticket_id, snapshot_id=snapshot.pk, number=snapshot.number), by=by)


@once(EvidenceSnapshot)
@transaction.atomic
def add_evidence(
    *,
    by: Member,
    ticket: Ticket,
    threads: Iterable[Thread] = (),
    topics: Iterable[Topic] = (),
    evidence: Iterable[models.Model] = (),
) -> EvidenceSnapshot:
    """Put more under a ticket, or nothing new, and freeze what is known now as the next snapshot. Earlier ones stay."""
    require(can_promote(by), _("Only researchers add evidence."))
    things = checked_things([*threads, *topics, *evidence])
    audit.begin()
    put_under(ticket, things, by)
    snapshot = audit.freeze(ticket)
    tell_frozen(snapshot, by)
    tell_outcomes(by=by, ticket=ticket)
    audit.append(by=by, action="add_evidence", ticket=ticket, snapshot=snapshot.sha256, number=snapshot.number)
    return snapshot
