"""The envelope of a leader: the promises of the initiatives that the brand endorsed, what follows from them, and what of it is taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from ..enums import ExpenseState, PromiseState, ProposalState
from ..models import Expense, Initiative, TrustContest
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
        "steps": max(0, trust.kept - BROKEN_STEPS * trust.broken),
        "broken_steps": BROKEN_STEPS,
        "base_share": BASE_MINOR / MOST_MINOR,
        "ceiling_share": trust.ceiling_minor / MOST_MINOR,
    }


def contests_waiting(user: Any) -> list[TrustContest]:
    """What leaders contest and nobody has answered, the oldest first. One query."""
    waiting = TrustContest.objects.visible_to(user).open().exclude(by=user.pk)
    return list(waiting.select_related("initiative", "by").order_by("pk"))


def small_up_to(initiative: Initiative) -> str:
    """The ceiling that held when the last version was submitted, in words; empty where none was kept. One query."""
    ceiling = initiative.versions.order_by("-number").values_list("ceiling_minor", flat=True).first()
    return _short(ceiling) if ceiling is not None else ""
