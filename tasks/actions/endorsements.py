"""Endorse an initiative, suspend that, lift it, revoke it; it expires by itself."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_text

from .. import facts
from ..enums import EndorsementState
from ..models import Decision, Endorsement, EndorsementChange, Initiative
from ..queries.proposals import hash_of
from ..rules.reviews import ENDORSEMENT_MOVES, can_answer_suspension, can_move_endorsement
from .lending import let_go
from .money import grant_money

ENDS = (EndorsementState.REVOKED, EndorsementState.EXPIRED)
STAYS_FOR, ANSWERED_WITHIN = timedelta(days=30), timedelta(days=7)


def grant(*, initiative: Initiative, decision: Decision) -> Endorsement:
    """In the transaction that tells the decision: what is certified is put down, for good."""
    content = initiative.versions.get(number=decision.version).content
    payload = {name: content[name] for name in ("title", "begins_on", "ends_on", "place", "heads", "clubs")} | {
        "organiser": initiative.proposer.name if initiative.proposer else "",
        "scope": decision.verdict,
        "conditions": decision.conditions,
        "lends": sorted({line["kind"] for line in decision.granted if line["granted_minor"] != 0}),
        "version": decision.version,
        "text_sha256": initiative.versions.get(number=decision.version).sha256,
    }
    endorsement = Endorsement.objects.create(
        initiative=initiative,
        decision=decision,
        payload=payload,
        sha256=hash_of(payload),
        expires_at=_expiry(initiative),
    )
    EndorsementChange.objects.create(endorsement=endorsement, to_state=EndorsementState.ACTIVE, by=decision.by)
    record(facts.EndorsementGranted(initiative_id=initiative.pk, endorsement_id=endorsement.pk), by=decision.by)
    grant_money(initiative=initiative, decision=decision)
    return endorsement


def _expiry(initiative: Initiative) -> datetime | None:
    if initiative.ends_on is None and initiative.begins_on is None:
        return None
    last = datetime.combine(initiative.ends_on or initiative.begins_on, time.max, timezone.get_current_timezone())
    return last + STAYS_FOR


@transaction.atomic
def move_endorsement(*, by: Member, endorsement: Endorsement, to: str, reason: str) -> Endorsement:
    """Suspend (a week to answer), lift, revoke. Everybody who checks the code reads when and why."""
    require(can_move_endorsement(by, endorsement), _("You cannot move this endorsement."))
    reason = clean_text(reason).strip()[:1000]
    if to not in ENDORSEMENT_MOVES[endorsement.state]:
        raise Conflict(_("It does not go there from where it is."))
    if not reason:
        raise Invalid({"reason": _("Everybody who checks it reads the reason. Write a sentence.")})
    values: dict[str, Any] = {"answer_by": None, "answer": ""}
    if to == EndorsementState.SUSPENDED:
        values = {"answer_by": timezone.now() + ANSWERED_WITHIN, "answer": ""}
    return _step(endorsement, to, by=by, reason=reason, **values)


def _step(endorsement: Endorsement, to: str, *, by: Member | None, reason: str, **values: Any) -> Endorsement:
    here = endorsement.state
    if not Endorsement.objects.filter(pk=endorsement.pk, state=here).update(state=to, **values):
        raise Conflict(_("Somebody else moved it in the meantime."))
    EndorsementChange.objects.create(endorsement=endorsement, from_state=here, to_state=to, reason=reason, by=by)
    record(
        facts.EndorsementMoved(
            initiative_id=endorsement.initiative_id, endorsement_id=endorsement.pk, from_state=here, to_state=to
        ),
        by=by,
    )
    if to in ENDS:
        let_go(initiative=endorsement.initiative_id, by=by, because=reason)
    endorsement.refresh_from_db()
    return endorsement


@transaction.atomic
def answer_suspension(*, by: Member, endorsement: Endorsement, answer: str) -> Endorsement:
    """Who leads the initiative says what approvers should know before they lift it or revoke."""
    require(can_answer_suspension(by, endorsement), _("You cannot answer here."))
    answer = clean_text(answer).strip()[:2000]
    if not answer:
        raise Invalid({"answer": _("Write a sentence.")})
    suspended = Endorsement.objects.filter(pk=endorsement.pk, state=EndorsementState.SUSPENDED).exclude(answer=answer)
    if not suspended.update(answer=answer):
        endorsement.refresh_from_db()
        return endorsement
    record(facts.EndorsementAnswered(initiative_id=endorsement.initiative_id, endorsement_id=endorsement.pk), by=by)
    endorsement.refresh_from_db()
    return endorsement


@transaction.atomic
def reconfirm(*, by: Member, endorsement: Endorsement) -> Endorsement:
    """What changed about an event after it was endorsed is fine."""
    require(can_move_endorsement(by, endorsement), _("You cannot move this endorsement."))
    if Endorsement.objects.filter(pk=endorsement.pk, needs_reconfirmation=True).update(needs_reconfirmation=False):
        _told_of_changes(endorsement, False, by)
    endorsement.refresh_from_db()
    return endorsement


def question(*, initiative: Initiative, by: Member) -> None:
    """In the transaction that changes an event: what was endorsed is not quite what takes place."""
    for endorsement in Endorsement.objects.filter(initiative=initiative, state=EndorsementState.ACTIVE):
        if Endorsement.objects.filter(pk=endorsement.pk, needs_reconfirmation=False).update(needs_reconfirmation=True):
            _told_of_changes(endorsement, True, by)


def _told_of_changes(endorsement: Endorsement, needs: bool, by: Member) -> None:
    record(
        facts.EndorsementQuestioned(
            initiative_id=endorsement.initiative_id, endorsement_id=endorsement.pk, needs_reconfirmation=needs
        ),
        by=by,
    )


def expire_due() -> int:
    """Thirty days after the end. Returns how many."""
    due = list(Endorsement.objects.due_to_expire())
    for endorsement in due:
        with transaction.atomic():
            _step(endorsement, EndorsementState.EXPIRED, by=None, reason="")
    return len(due)
