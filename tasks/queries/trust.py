"""The envelope of a leader: the promises of the initiatives that the brand endorsed, what follows from them, and what of it is taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, Sum

from ..enums import AskKind, EndorsementState, EnvelopeState, ExpenseState, PromiseState, ProposalState
from ..models import Ask, Expense, Initiative, Loan, TrustContest
from ..rules.trust import (
    BASE_MINOR,
    BROKEN_STEPS,
    CURRENCY,
    LAST_INITIATIVES,
    MOST_MINOR,
    STEP_MINOR,
    ceiling_of,
)
from .initiatives import in_money
from .promises import Promise, promises_of

COUNTS = (PromiseState.KEPT, PromiseState.BROKEN)
COSTS = (AskKind.MONEY, AskKind.MATERIAL)
IN_FORCE = (EndorsementState.ACTIVE, EndorsementState.SUSPENDED)
WAITS = (ExpenseState.SUBMITTED, ExpenseState.RETURNED)


@dataclass(frozen=True)
class Trust:
    """What follows from the promises: the ceiling in the smallest unit, and each initiative with its promises, the last first."""

    kept: int
    broken: int
    ceiling_minor: int
    initiatives: list[tuple[Initiative, list[Promise]]]

    @property
    def ceiling(self) -> str:
        return _short(self.ceiling_minor)

    @property
    def promises(self) -> list[Promise]:
        return [promise for _initiative, promises in self.initiatives for promise in promises]


def trust_of(member: Any) -> Trust:
    """The envelope of this leader today. Six queries. Only initiatives that the brand endorsed for this person count, of those
    whose promises are due the last eight; what one took over from somebody else is not counted for who took over."""
    endorsed = Initiative.objects.filter(proposer=member.pk, state=ProposalState.ENDORSED)
    endorsed = endorsed.filter(endorsement__decision__asker=member.pk).select_related("endorsement", "envelope")
    endorsed = endorsed.annotate(
        money_waits=Exists(Expense.objects.filter(envelope__initiative=OuterRef("pk"), state__in=WAITS))
    )
    initiatives = list(endorsed.order_by("-endorsement__granted_at", "-pk"))
    promises = promises_of(member, initiatives)
    shown, due = [], 0
    for initiative in initiatives:
        counts = any(one.state in COUNTS for one in promises[initiative.pk])
        if counts and due == LAST_INITIATIVES:
            continue
        due += counts
        shown.append((initiative, promises[initiative.pk]))
    states = [promise.state for _initiative, made in shown for promise in made]
    kept, broken = states.count(PromiseState.KEPT), states.count(PromiseState.BROKEN)
    return Trust(kept, broken, ceiling_of(kept, broken), [(one, made) for one, made in shown if made])


def taken_of(member: Any, but: Initiative | None = None) -> int:
    """What of the ceiling is taken, in the smallest unit of CNY: asked for in small proposals that wait for an answer, and granted as
    small and not settled. Without money there is nothing to settle: then until it is reported or the endorsement ended, and nothing is
    out any more. Two queries."""
    small = Initiative.objects.headed_by(member).filter(small=True).exclude(pk=but.pk if but else None)
    asked = Ask.objects.filter(initiative__in=small.with_the_brand(), kind__in=COSTS)
    unsettled = Q(envelope__state=EnvelopeState.OPEN) | Q(envelope=None) & (
        Q(endorsement__state__in=IN_FORCE, report=None)
        | Exists(Loan.objects.unaccounted().filter(initiative=OuterRef("pk")))
    )
    granted = small.filter(unsettled, state=ProposalState.ENDORSED)
    lines = [line for lines in granted.values_list("endorsement__decision__granted", flat=True) for line in lines or ()]
    costs = sum(line["granted_minor"] or 0 for line in lines if line["kind"] in COSTS)
    return (asked.aggregate(n=Sum("amount_minor"))["n"] or 0) + costs


def room_of(member: Any, but: Initiative | None = None) -> int:
    """What of the ceiling of this leader is left for one more proposal."""
    return max(0, trust_of(member).ceiling_minor - taken_of(member, but))


def _short(amount_minor: int) -> str:
    """¥2,000 and not ¥2,000.00: ceilings move in whole steps."""
    return in_money(amount_minor, CURRENCY).removesuffix(".00")


def formula(trust: Trust) -> dict[str, Any]:
    """The formula with its numbers, for pages."""
    return {
        "base": _short(BASE_MINOR),
        "step": _short(STEP_MINOR),
        "takes": _short(BROKEN_STEPS * STEP_MINOR),
        "most": _short(MOST_MINOR),
        "last": LAST_INITIATIVES,
        "is_capped": BASE_MINOR + STEP_MINOR * max(0, trust.kept - BROKEN_STEPS * trust.broken) > MOST_MINOR,
        "steps": max(0, trust.kept - BROKEN_STEPS * trust.broken),
        "broken_steps": BROKEN_STEPS,
        "base_share": BASE_MINOR / MOST_MINOR,
        "ceiling_share": trust.ceiling_minor / MOST_MINOR,
    }


def taken_in_words(member: Any, trust: Trust) -> dict[str, str]:
    """What of it is taken and what is left, for pages; empty where nothing is. Two queries."""
    taken = taken_of(member)
    if not taken:
        return {}
    return {"taken": in_money(taken, CURRENCY), "left": in_money(max(0, trust.ceiling_minor - taken), CURRENCY)}


def contests_waiting(user: Any) -> list[TrustContest]:
    """What leaders contest and nobody has answered, the oldest first. One query."""
    waiting = TrustContest.objects.visible_to(user).open().exclude(by=user.pk)
    return list(waiting.select_related("initiative", "by").order_by("pk"))


def small_up_to(initiative: Initiative) -> str:
    """What was left of the ceiling when the last version was submitted, in words; empty where none was kept. One query."""
    ceiling = initiative.versions.order_by("-number").values_list("ceiling_minor", flat=True).first()
    return _short(ceiling) if ceiling is not None else ""
