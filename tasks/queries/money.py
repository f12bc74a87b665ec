"""The money of an initiative as pages show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from kocforum.uploads.queries import attached_to

from ..enums import EventState, ExpenseState, LineKind
from ..models import BudgetLine, Envelope, Event, Expense, Tranche
from ..models.money import ACCOUNT_PHOTOS
from ..rules.money import can_account, can_hand_in, can_release, can_reopen, can_settle, held_back, spends
from .initiatives import in_money
from .receipts import CURRENCY, compared

SHARE_WIDTH = 1000  # of the picture of an envelope, in its own units


def cancelled_on(envelope: Envelope) -> date | None:
    """The day on which the last of its events was called off; None while one stands, or where there never was one."""
    events = list(Event.objects.filter(initiative=envelope.initiative_id).values_list("state", "changed_at"))
    if not events or any(state != EventState.CANCELLED for state, _at in events):
        return None
    return timezone.localdate(max(at for _state, at in events))


@dataclass(frozen=True)
class Part:
    """One stretch of the picture of an envelope."""

    kind: str
    amount: str
    x: int
    width: int


def picture_of(envelope: Envelope) -> list[Part]:
    """Spent, promised, free to use, not released, gone back: together all that was granted."""
    parts = (
        ("spent", envelope.spent_minor),
        ("promised", envelope.reserved_minor),
        ("free", envelope.available_minor),
        ("waits", 0 if envelope.is_settled else envelope.approved_minor - envelope.released_minor),
        ("back", envelope.returned_minor),
    )
    drawn, before = [], 0
    for kind, amount in parts:
        begins = SHARE_WIDTH * before // envelope.approved_minor
        before += amount
        ends = SHARE_WIDTH * before // envelope.approved_minor
        drawn.append(Part(kind, in_money(amount, envelope.currency), begins, ends - begins))
    return drawn


@dataclass(frozen=True)
class LineSum:
    """What a line was granted, and what is promised and spent of it."""

    line: BudgetLine
    granted: str
    used: str
    is_over: bool


def lines_of(envelope: Envelope) -> list[LineSum]:
    """In the order of the proposal. The house's lines are shown once they are used, or could be."""
    cancelled = cancelled_on(envelope) is not None
    return [
        LineSum(
            line,
            in_money(line.granted_minor, envelope.currency),
            in_money(line.used_minor, envelope.currency),
            line.kind == LineKind.ASKED and line.used_minor > line.granted_minor,
        )
        for line in envelope.lines.all()
        if line.kind == LineKind.ASKED or line.used_minor or (cancelled and line.kind == LineKind.CANCELLING)
    ]


def lines_to_choose(envelope: Envelope) -> list[BudgetLine]:
    """Lines that an expense can go into today."""
    cancelled = cancelled_on(envelope) is not None
    return [line for line in envelope.lines.all() if cancelled or line.kind != LineKind.CANCELLING]


def envelope_of(initiative: Any, user: Any) -> Envelope | None:
    """As far as this person may see it."""
    seen = Envelope.objects.visible_to(user).filter(initiative=initiative.pk)
    return seen.select_related("initiative__endorsement", "initiative__proposer", "initiative__deputy").first()


def expenses_of(envelope: Envelope, user: Any) -> QuerySet[Expense]:
    """The newest first, with what a line of the list shows."""
    seen = Expense.objects.visible_to(user).filter(envelope=envelope.pk)
    return told(seen).order_by("-pk")


def told(expenses: QuerySet[Expense]) -> QuerySet[Expense]:
    people = ("submitter", "approver", "second_approver", "payer")
    return expenses.select_related("line", "receipt", "envelope__initiative__proposer", "envelope__initiative__deputy", *people)  # fmt: skip


def paid_of(envelope: Envelope) -> list[Expense]:
    """What everybody reads after the settlement: what it was for, how much, when. Neither payee nor receipt."""
    paid = envelope.expenses.filter(state=ExpenseState.PAID).select_related("line").order_by("issued_on", "pk")
    return list(paid.defer("payee", "fapiao", "note"))


def page_of_money(envelope: Envelope) -> dict[str, Any]:
    """What every page about an envelope shows, public or not."""
    sums = {name: in_money(getattr(envelope, f"{name}_minor"), envelope.currency) for name in ("approved", "released", "reserved", "spent", "returned", "left", "available")}  # fmt: skip
    return {
        "envelope": envelope,
        "unreleased": in_money(envelope.approved_minor - envelope.released_minor, envelope.currency),
        "sums": sums,
        "picture": picture_of(envelope),
        "lines": lines_of(envelope),
        "photos": attached_to(ACCOUNT_PHOTOS, [envelope.pk]).get(envelope.pk, []),
    }


def inside_of_money(envelope: Envelope, user: Any) -> dict[str, Any]:
    """What its people see besides."""
    waiting = envelope.expenses.filter(state=ExpenseState.SUBMITTED).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    return {
        "tranches": tranches_of(envelope),
        "held_back": held_back(envelope),
        "waiting": in_money(waiting, envelope.currency) if waiting else "",
        "own": spends(user, envelope.initiative),
        "may_hand_in": can_hand_in(user, envelope),
        "may_account": can_account(user, envelope) is True,
    }


@dataclass(frozen=True)
class TranchePart:
    """A part with its amount in words, and whether its day has passed."""

    tranche: Tranche
    amount: str


def tranches_of(envelope: Envelope) -> list[TranchePart]:
    parts = envelope.tranches.select_related("released_by")
    return [TranchePart(part, in_money(part.amount_minor, envelope.currency)) for part in parts]


def desk_of_money(envelope: Envelope, user: Any) -> dict[str, Any]:
    """What a colleague may do about it."""
    return {
        "may_release": can_release(user, envelope) is True,
        "may_settle": can_settle(user, envelope),
        "may_reopen": can_reopen(user, envelope) is True,
        "ledger": ledger_of(envelope),
    }


def ledger_of(envelope: Envelope) -> list[tuple[Any, str]]:
    """Every movement with its amount, the first first."""
    moves = envelope.moves.select_related("expense", "by")
    return [(move, in_money(move.amount_minor, envelope.currency)) for move in moves]


def with_amounts(expenses: Iterable[Expense]) -> list[Expense]:
    """Each with `amount` in words, and `original` where the receipt is in another currency."""
    rows = list(expenses)
    for row in rows:
        row.amount = in_money(row.amount_minor, row.envelope.currency)  # type: ignore[attr-defined]
        row.original = in_money(row.original_minor, row.original_currency) if row.original_minor else ""  # type: ignore[attr-defined]
    return rows


def with_paper(expense: Expense) -> Expense:
    """With `compared`, what its PDF says beside what was typed, and `on_paper`, that amount in words."""
    found = compared(expense)
    expense.compared = found  # type: ignore[attr-defined]
    expense.on_paper = in_money(found.paper.amount_minor, CURRENCY) if found and found.paper.amount_minor else ""  # type: ignore[attr-defined]
    return expense


def with_sums(envelopes: Iterable[Envelope]) -> list[Envelope]:
    """Each with what was granted and what is spent, in words."""
    rows = list(envelopes)
    for row in rows:
        row.granted = in_money(row.approved_minor, row.currency)  # type: ignore[attr-defined]
        row.spent = in_money(row.spent_minor, row.currency)  # type: ignore[attr-defined]
    return rows


def queues(user: Any) -> tuple[QuerySet[Expense], QuerySet[Expense]]:
    """What waits for an approver and what waits for finance, over all initiatives, the longest first."""
    seen = told(Expense.objects.visible_to(user))
    return seen.to_approve(), seen.to_pay()


def envelopes_seen_by(user: Any) -> QuerySet[Envelope]:
    """Envelopes of the desk, open ones first, with how many expenses wait."""
    now = {"unanswered": Q(expenses__state=ExpenseState.SUBMITTED), "unpaid": Q(expenses__state=ExpenseState.APPROVED)}
    counted = {name: Count("expenses", filter=which, distinct=True) for name, which in now.items()}
    seen = Envelope.objects.of_people(user).select_related("initiative__proposer")
    return seen.annotate(**counted).order_by("state", "-pk")
