"""Facts of the money of initiatives. Amounts and payees stand in their rows alone."""

from __future__ import annotations

from kocforum.ledger.facts import fact


@fact
class MoneyGranted:
    """An envelope was filled from a decision."""

    initiative_id: int
    envelope_id: int


@fact
class TranchesPlanned:
    """An approver said anew when the rest is released."""

    initiative_id: int
    envelope_id: int


@fact
class TrancheReleased:
    """A part of the money can be used from now on; by nobody when its day had come."""

    initiative_id: int
    tranche_id: int


@fact
class ExpenseHandedIn:
    initiative_id: int
    expense_id: int


@fact
class ExpenseEdited:
    """`again`: something that is approved has changed, so it is looked at anew."""

    initiative_id: int
    expense_id: int
    again: bool


@fact
class ExpenseMoved:
    """From one state to another. The same on both sides: one of two approvers said yes."""

    initiative_id: int
    expense_id: int
    from_state: str
    to_state: str


@fact
class MoneyAccounted:
    """Who leads it told what was done with the money."""

    initiative_id: int
    envelope_id: int


@fact
class MoneySettled:
    """Everything is paid or answered; the rest went back."""

    initiative_id: int
    envelope_id: int


@fact
class MoneyReopened:
    """Finance took out again what had gone back."""

    initiative_id: int
    envelope_id: int


@fact
class MoneyExported:
    """Somebody took expenses away as a file; `initiative_id` 0 stands for all."""

    initiative_id: int
    expenses: int
