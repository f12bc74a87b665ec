"""Parts of the money whose day has come are released, and everybody hears whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kocforum.ledger.duties import every
from kocforum.ledger.subscribers import on
from kocforum.members.enums import Role
from kocforum.members.models import Member
from kocforum.notifications.actions import notify_all, withdraw

from .. import kinds
from ..actions.money import release_due
from ..enums import ExpenseState
from ..facts import (
    ExpenseEdited,
    ExpenseHandedIn,
    ExpenseMoved,
    MoneyAccounted,
    MoneyReopened,
    MoneySettled,
    TrancheReleased,
)
from ..models import Expense, Initiative

ANSWERS = {
    ExpenseState.APPROVED: kinds.EXPENSE_APPROVED,
    ExpenseState.RETURNED: kinds.EXPENSE_RETURNED,
    ExpenseState.REFUSED: kinds.EXPENSE_REFUSED,
    ExpenseState.PAID: kinds.EXPENSE_PAID,
}


@every(minutes=15)
def release_what_is_due() -> None:
    """Parts without a condition, on their day."""
    release_due()


def _tell(members: Iterable[int | None], kind: str, thing: int, row: Any, **params: Any) -> None:
    """Nobody is told of what they did themselves."""
    others = [member for member in members if member and member != row.by_id]
    notify_all(members=others, kind=kind, object_id=thing, params=params, fact_id=row.pk)


def _leaders(initiative: int) -> list[int | None]:
    led = Initiative.objects.filter(pk=initiative).select_related("proposer", "deputy").first()
    return sorted(led.leaders) if led else []


def _colleagues(role: str) -> list[int]:
    return list(Member.objects.staff_with(role).values_list("pk", flat=True))


def _call_approvers(told: ExpenseHandedIn | ExpenseEdited | ExpenseMoved, row: Any) -> None:
    _tell(_colleagues(Role.APPROVER), kinds.EXPENSE_ARRIVED, told.expense_id, row, initiative=told.initiative_id)


@on(ExpenseHandedIn)
def tell_who_approves(told: ExpenseHandedIn, row: Any) -> None:
    _call_approvers(told, row)


@on(ExpenseEdited)
def tell_who_approves_anew(told: ExpenseEdited, row: Any) -> None:
    """What is changed is approved anew; finance is called to it no longer."""
    if told.again:
        withdraw(kind=kinds.EXPENSE_TO_PAY, object_id=told.expense_id)
        _call_approvers(told, row)


@on(ExpenseMoved)
def tell_the_answer_to_an_expense(told: ExpenseMoved, row: Any) -> None:
    """Who handed it in hears the answer, and nobody is called to what waits no longer."""
    if told.to_state == told.from_state:  # the first of two said yes
        _call_approvers(told, row)
        return
    withdraw(kind=kinds.EXPENSE_ARRIVED, object_id=told.expense_id)
    withdraw(kind=kinds.EXPENSE_TO_PAY, object_id=told.expense_id)
    if told.to_state == ExpenseState.APPROVED:
        if told.from_state == ExpenseState.PAID:
            withdraw(kind=kinds.EXPENSE_PAID, object_id=told.expense_id)
        _tell(_colleagues(Role.FINANCE), kinds.EXPENSE_TO_PAY, told.expense_id, row, initiative=told.initiative_id)
    if kind := ANSWERS.get(ExpenseState(told.to_state)):
        submitter = Expense.objects.filter(pk=told.expense_id).values_list("submitter", flat=True)
        _tell(submitter, kind, told.expense_id, row, initiative=told.initiative_id)


@on(TrancheReleased)
def tell_of_more_money(told: TrancheReleased, row: Any) -> None:
    _tell(_leaders(told.initiative_id), kinds.MONEY_RELEASED, told.initiative_id, row)


@on(MoneyAccounted)
def tell_who_settles(told: MoneyAccounted, row: Any) -> None:
    _tell(_colleagues(Role.FINANCE), kinds.MONEY_ACCOUNTED, told.initiative_id, row)


@on(MoneySettled)
def tell_that_it_is_settled(told: MoneySettled, row: Any) -> None:
    withdraw(kind=kinds.MONEY_ACCOUNTED, object_id=told.initiative_id)
    _tell(_leaders(told.initiative_id), kinds.MONEY_SETTLED, told.initiative_id, row)


@on(MoneyReopened)
def tell_that_it_is_open_again(told: MoneyReopened, row: Any) -> None:
    _tell(_leaders(told.initiative_id), kinds.MONEY_REOPENED, told.initiative_id, row)
