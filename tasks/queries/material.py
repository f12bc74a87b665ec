"""Stock and loans as pages show them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, QuerySet

from ..enums import LoanState
from ..models import Endorsement, Initiative, Loan, StockItem
from ..models.material import OUT
from ..rules.material import moves_of_loan
from .promotion import promotion_of

LONGEST_LIST = 100
WORDLESS = (LoanState.SHIPPED, LoanState.RELEASED)


@dataclass
class LoanRow:
    """A loan with what this person can say about it."""

    loan: Loan
    moves: tuple[str, ...]
    form: Any = field(default=None)

    @property
    def counts(self) -> bool:
        """Whether a number and a reason belong to the next step."""
        return any(to not in WORDLESS for to in self.moves)


def loans_seen_by(user: Any) -> QuerySet[Loan]:
    """With the thing."""
    return Loan.objects.visible_to(user).select_related("item", "initiative")


def loans_of(initiative: Initiative, user: Any) -> list[LoanRow]:
    rows = list(loans_seen_by(user).filter(initiative=initiative).exclude(state=LoanState.RELEASED))
    for loan in rows:
        loan.initiative = initiative
    return [LoanRow(loan=loan, moves=moves_of_loan(user, loan)) for loan in rows]


def brings(initiative: Initiative, user: Any, endorsement: Endorsement | None) -> dict[str, Any] | None:
    """The card of who leads it; None where nothing is lent or was."""
    if endorsement is None:
        return None
    told = {"loans": loans_of(initiative, user), **promotion_of(initiative, user)}
    return told if told["loans"] or told["slots"] else None


def stock_seen_by(user: Any) -> QuerySet[StockItem]:
    return StockItem.objects.visible_to(user).order_by("name", "pk")


def loans_out(user: Any) -> list[Loan]:
    """What is with owners or on its way, what is to be back first before the rest."""
    out = loans_seen_by(user).filter(state__in=OUT)
    return list(out.order_by(F("due_back_on").asc(nulls_last=True), "pk")[:LONGEST_LIST])
