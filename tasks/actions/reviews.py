"""Score a proposal, ask for changes, decide on it, tell the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_text

from .. import facts
from ..enums import ProposalState, Verdict
from ..models import Decision, Initiative, Review
from ..models.reviews import CRITERIA
from ..queries.initiatives import last_version
from ..rules.reviews import can_ask_for_changes, can_decide, can_score
from .endorsements import grant
from .initiatives import hold_initiative
from .proposals import move


@transaction.atomic
def score(
    *,
    by: Member,
    initiative: Initiative,
    version: int,
    scores: Mapping[str, int] | None = None,
    words: str = "",
    conflict: bool = False,
) -> Review:
    """One's own scores of the version that was read, once; or that one is too close. Only then the others' are shown."""
    held = hold_initiative(initiative.pk)
    require(can_score(by, held), _("You cannot score this proposal."))
    if version != held.version:
        raise Conflict(_("There is a newer version. Read it first."))
    given = dict(scores or {})
    if not conflict and (wrong := [name for name in CRITERIA if given.get(name) not in range(1, 6)]):
        raise Invalid({name: _("From 1 to 5.") for name in wrong})
    review = Review.objects.create(
        initiative=held,
        version=held.version,
        round=held.round,
        reviewer=by,
        conflict=conflict,
        words=clean_text(words).strip()[:2000],
        **({} if conflict else {name: given[name] for name in CRITERIA}),
    )
    record(facts.ProposalScored(initiative_id=held.pk, conflict=conflict), by=by)
    _take_up(held, by)
    return review


def _take_up(held: Initiative, by: Member) -> None:
    """The first colleague who does something with it: it is in review."""
    if held.state == ProposalState.SUBMITTED:
        move(held, ProposalState.IN_REVIEW, by=by)


@transaction.atomic
def ask_for_changes(*, by: Member, initiative: Initiative, what: str) -> Initiative:
    """Its writers change it and submit it again; the brand changes no word."""
    held = hold_initiative(initiative.pk)
    require(can_ask_for_changes(by, held), _("You cannot ask for changes."))
    what = clean_text(what).strip()[:1000]
    if not what:
        raise Invalid({"reason": _("Say what is to be changed.")})
    _take_up(held, by)
    return move(held, ProposalState.CHANGES_ASKED, by=by, reason=what, changes_asked=what, answer_due_at=None)


@transaction.atomic
def decide(
    *,
    by: Member,
    initiative: Initiative,
    verdict: str,
    reason: str,
    conditions: str = "",
    granted: Sequence[int | None] | None = None,
    tell_at: datetime | None = None,
    version: int | None = None,
) -> Decision:
    """Decide, and tell it now or at a moment before the answer is due. `granted`: an amount for each line of the version; `version`: the
    one that was read, where a page or a program says so."""
    held = hold_initiative(initiative.pk)
    require(can_decide(by, held), _("You cannot decide on this proposal."))
    if version is not None and version != held.version:
        raise Conflict(_("There is a newer version. Read it first."))
    reason, conditions = clean_text(reason).strip()[:2000], clean_text(conditions).strip()[:2000]
    now = timezone.now()
    problems: dict[str, object] = {}
    if verdict not in Verdict.values:
        problems["verdict"] = _("There is no such decision.")
    if not reason:
        problems["reason"] = _("Who proposed it reads the reasons. After a no, also what would make it a yes.")
    if verdict == Verdict.CONDITIONAL and not conditions:
        problems["conditions"] = _("Name the conditions.")
    if tell_at is not None and tell_at > max(held.answer_due_at, now):
        problems["tell_at"] = _("Not later than the day on which the answer is due.")
    if problems:
        raise Invalid(problems)
    decision = Decision.objects.create(
        initiative=held,
        round=held.round,
        version=held.version,
        verdict=verdict,
        reason=reason,
        conditions=conditions if verdict == Verdict.CONDITIONAL else "",
        granted=[] if verdict == Verdict.DECLINED else _granted(held, granted),
        by=by,
        asker=held.head,
        at=now,
        tell_at=tell_at or now,
    )
    _take_up(held, by)
    record(facts.ProposalDecided(initiative_id=held.pk, decision_id=decision.pk), by=by)
    if decision.tell_at <= now:
        tell_decision(decision=decision)
    return decision


def _granted(held: Initiative, amounts: Sequence[int | None] | None) -> list[dict[str, Any]]:
    """The lines of the version with what is granted of each: all of it where nothing else is said, never more than was asked."""
    asked = last_version(held).content["asks"]
    if amounts is None:
        return [{**ask, "granted_minor": ask["amount_minor"]} for ask in asked]
    if len(amounts) != len(asked):
        raise Invalid({"granted": _("An amount for each line.")})
    for ask, amount in zip(asked, amounts, strict=True):
        if amount is not None and not 0 <= amount <= (ask["amount_minor"] or 0):
            raise Invalid({"granted": _("“%(what)s”: not more than was asked for.") % {"what": ask["what"]}})
    return [
        {**ask, "granted_minor": ask["amount_minor"] if amount is None else amount}
        for ask, amount in zip(asked, amounts, strict=True)
    ]


@transaction.atomic
def tell_decision(*, decision: Decision) -> Initiative:
    """It holds from now on: endorsed, or declined with its reasons. Once."""
    held = hold_initiative(decision.initiative_id)
    if not Decision.objects.filter(pk=decision.pk, told_at__isnull=True).update(told_at=timezone.now()):
        return held
    if decision.verdict == Verdict.DECLINED:
        return move(held, ProposalState.DECLINED, by=decision.by, reason=decision.reason)
    move(held, ProposalState.ENDORSED, by=decision.by, reason=decision.reason)
    grant(initiative=held, decision=decision)
    return held


def tell_due() -> int:
    """Tell what was decided for now. Returns how many."""
    due = list(Decision.objects.due_to_tell())
    for decision in due:
        tell_decision(decision=decision)
    return len(due)


def alarm_overdue() -> int:
    """Say once of each that its answer is late. Silence declines nothing. Returns how many."""
    return sum(
        _alarm(pk) for pk in list(Initiative.objects.overdue().filter(alarmed_at=None).values_list("pk", flat=True))
    )


@transaction.atomic
def _alarm(pk: int) -> bool:
    if not Initiative.objects.overdue().filter(pk=pk, alarmed_at=None).update(alarmed_at=timezone.now()):
        return False
    record(facts.AnswerOverdue(initiative_id=pk), by=None)
    return True
