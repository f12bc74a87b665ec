"""Who proposes, who writes on, what must be there before it is sent, what is small."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden
from kocforum.members.enums import KocLevel
from kocforum.members.rules import can_write

from ..enums import AskKind, ProposalState
from ..models import Ask, Initiative
from ..models.initiatives import TOLD
from .clubs import has_standing

MOST_LINES = 30
ANSWERED_WITHIN, SMALL_ANSWERED_WITHIN = timedelta(days=14), timedelta(hours=48)
SMALL_UP_TO = {"CNY": 200_000}  # in the smallest unit; other currencies have no easy way


def can_propose(member: Any) -> Any:
    """Whoever may write and has standing."""
    if (writes := can_write(member)) is not True:
        return writes
    return has_standing(member) or Forbidden(
        _(
            "An initiative is proposed by a KOC leader, or by a senior KOC together with one. Ask one of them to propose it with you."
        )
    )


def is_of(member: Any, initiative: Initiative) -> bool:
    """The proposer, or the deputy, also one who was asked and has not answered: reads the draft, writes on it, and judges nothing of it."""
    return bool(member.is_authenticated) and member.pk in {initiative.proposer_id, initiative.deputy_id}


def leads(member: Any, initiative: Initiative) -> bool:
    """The proposer, or a deputy who said yes: whoever has a say in its events, spends its money, reads who comes. Nobody who works for
    the brand, whatever they began before: the brand endorses and does not manage."""
    return knows_inside(member, initiative) and not member.is_staff


def knows_inside(member: Any, initiative: Initiative) -> bool:
    """Reads its money and what is lent to it: who leads it, also after becoming a colleague. Who was asked to stand in has not yet said
    yes to that."""
    if not member.is_authenticated:
        return False
    stands_in = initiative.deputy_agreed_at is not None and member.pk == initiative.deputy_id
    return member.pk == initiative.proposer_id or stands_in


def heads(member: Any, initiative: Initiative) -> bool:
    """Submits it, takes it back, appeals: the proposer; once that is a colleague, the deputy who said yes."""
    return leads(member, initiative) and initiative.head is not None and member.pk == initiative.head.pk


def leads_no_more(initiative: Initiative) -> bool:
    """Its proposer works for the brand now."""
    return initiative.proposer is not None and initiative.proposer.is_staff


def colleagues_stand_in_for_nobody() -> str:
    return _("A colleague of the brand is no deputy: it belongs to owners. Name an owner.")


def can_edit(member: Any, initiative: Initiative) -> Any:
    """Its writers, as long as nothing is frozen."""
    if not is_of(member, initiative) or member.is_staff:
        return Forbidden(_("Only who proposes it writes on it. The brand changes no word."))
    if not initiative.is_writable:
        return Conflict(_("What was submitted is not changed any more; the brand can ask for changes."))
    return can_write(member)


def can_submit(member: Any, initiative: Initiative) -> Any:
    """Its head, with the standing of today; a senior KOC with a leader who agreed to stand in."""
    if not heads(member, initiative):
        return Forbidden(_("Only who proposes it submits it."))
    if not initiative.is_writable:
        return Conflict(_("It was submitted already."))
    if (may := can_propose(member)) is not True:
        return may
    if member.koc_level == KocLevel.LEADER or initiative.deputy is None:
        return True
    if initiative.deputy.koc_level != KocLevel.LEADER or initiative.deputy_agreed_at is None:
        return Conflict(
            _("A senior KOC proposes together with a KOC leader: name one as deputy, and let them agree first.")
        )
    return True


def can_withdraw(member: Any, initiative: Initiative) -> Any:
    """Its head, until there is an answer."""
    if not heads(member, initiative):
        return Forbidden(_("Only who proposes it takes it back."))
    if initiative.state in {ProposalState.ENDORSED, ProposalState.DECLINED, ProposalState.WITHDRAWN}:
        return Conflict(_("There is an answer already."))
    return True


def can_appeal(member: Any, initiative: Initiative) -> Any:
    """The head of what was declined, once."""
    if not heads(member, initiative):
        return Forbidden(_("Only who proposed it appeals."))
    if initiative.state != ProposalState.DECLINED:
        return Conflict(_("Only a declined proposal can be looked at again."))
    return initiative.round == 1 or Conflict(_("Others have looked at it again; that answer stands."))


def can_support(member: Any, initiative: Initiative) -> Any:
    """Every member who may write, but not for the own one, while it is told of."""
    if (writes := can_write(member)) is not True:
        return writes
    if is_of(member, initiative):
        return Forbidden(_("It is your own."))
    return initiative.state in TOLD or Conflict(_("This proposal is not open any more."))


def missing_in(initiative: Initiative, asks: Iterable[Ask]) -> dict[str, str]:
    """What stands against submitting, by field."""
    missing: dict[str, str] = {}
    if initiative.deputy is None or not initiative.deputy.is_active:
        missing["deputy"] = _("Name somebody who takes over if you cannot.")
    elif initiative.deputy.is_staff:
        missing["deputy"] = colleagues_stand_in_for_nobody()
    if not initiative.safety:
        missing["safety"] = _("Say how everybody stays safe: route, weather, insurance, first aid, whom to call.")
    if not initiative.plan.strip():
        missing["plan"] = _("Say what happens, step by step.")
    if len({ask.currency for ask in asks if ask.kind == AskKind.MONEY}) > 1:
        missing["asks"] = _("Ask for money in one currency.")
    return missing


def is_small(asks: Iterable[Ask], ceiling_minor: int = SMALL_UP_TO["CNY"]) -> bool:
    """No official channel, and money and material together within the ceiling of who proposes (`rules/trust.py`)."""
    total = 0
    for ask in asks:
        if ask.kind == AskKind.STAGE or (ask.amount_minor and ask.currency not in SMALL_UP_TO):
            return False
        if ask.kind == AskKind.MATERIAL and not ask.amount_minor:
            return False
        total += ask.amount_minor or 0
    return total <= ceiling_minor
