"""Answer an expense and pay it: one hands in, another approves, a third pays."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden, Invalid, require
from kocforum.members.models import Member
from kocforum.text import clean_line

from ..enums import ExpenseState
from ..models import Envelope, Expense
from ..rules.money import can_approve, can_pay, can_return, can_unpay, held_back
from . import purses
from .expenses import hold_expense, move_expense
from .purses import hold_envelope

NOBODY = {"approver": None, "second_approver": None, "approved_at": None}


@transaction.atomic
def approve_expense(*, by: Member, expense: Expense, revision: int | None = None) -> Expense:
    """Promise its amount. A large one, and one for somebody close, takes two approvers; the first yes promises nothing yet.
    `revision` is what was looked at."""
    envelope, held = _hold(expense)
    require(can_approve(by, held), _("You cannot approve this."))
    if envelope.is_settled:
        raise Conflict(_("The money is settled. Finance opens it again first."))
    if said := held_back(envelope):
        raise said
    _is_what_was_looked_at(held, revision)
    if held.approver_id == by.pk:
        raise Forbidden(_("You said yes already. Another approver looks at it, too."))
    if held.needs_two and held.approver_id is None:
        return move_expense(held, ExpenseState.SUBMITTED, by=by, approver=by)
    purses.reserve(envelope, held, by=by)
    said = {"second_approver": by} if held.approver_id else {"approver": by}
    return move_expense(held, ExpenseState.APPROVED, by=by, approved_at=timezone.now(), **said)


@transaction.atomic
def return_expense(*, by: Member, expense: Expense, reason: str, revision: int | None = None) -> Expense:
    """Something is missing: it waits for who handed it in. What was promised is free again."""
    envelope, held = _hold(expense)
    require(can_return(by, held), _("You cannot return this."))
    _is_what_was_looked_at(held, revision)
    reason = _reason(reason)
    if held.state == ExpenseState.APPROVED:
        purses.free(envelope, held, by=by, reason=reason)
    return move_expense(held, ExpenseState.RETURNED, by=by, reason=reason, **NOBODY)


@transaction.atomic
def refuse_expense(*, by: Member, expense: Expense, reason: str, revision: int | None = None) -> Expense:
    """It is not paid, for good. Its fapiao and its receipt can be handed in elsewhere."""
    _envelope, held = _hold(expense)
    require(can_approve(by, held), _("You cannot refuse this."))
    _is_what_was_looked_at(held, revision)
    return move_expense(held, ExpenseState.REFUSED, by=by, reason=_reason(reason), **NOBODY)


@transaction.atomic
def pay_expense(*, by: Member, expense: Expense, payment: str = "", revision: int | None = None) -> Expense:
    """It was paid outside of this house; `payment` is the reference of the transfer, `revision` what was paid."""
    envelope, held = _hold(expense)
    require(can_pay(by, held), _("You cannot pay this."))
    _is_what_was_looked_at(held, revision)
    purses.pay(envelope, held, by=by)
    values = {"payer": by, "paid_at": timezone.now(), "payment": clean_line(payment)[:80]}
    return move_expense(held, ExpenseState.PAID, by=by, **values)


@transaction.atomic
def unpay_expense(*, by: Member, expense: Expense, reason: str) -> Expense:
    """It was not paid after all, or came back: promised again, by a counter-entry. The approval stays."""
    envelope, held = _hold(expense)
    require(can_unpay(by, held), _("You cannot take this payment back."))
    if envelope.is_settled:
        raise Conflict(_("The money is settled. Finance opens it again first."))
    reason = _reason(reason)
    purses.unpay(envelope, held, by=by, reason=reason)
    move_expense(held, ExpenseState.APPROVED, by=by, reason=reason, payer=None, paid_at=None, payment="")
    return held


def decide_expense(
    *, by: Member, expense: Expense, to: str, reason: str = "", payment: str = "", revision: int | None = None
) -> Expense:
    """Whichever of the four it is."""
    if to == ExpenseState.APPROVED:
        return approve_expense(by=by, expense=expense, revision=revision)
    if to == ExpenseState.RETURNED:
        return return_expense(by=by, expense=expense, reason=reason, revision=revision)
    if to == ExpenseState.REFUSED:
        return refuse_expense(by=by, expense=expense, reason=reason, revision=revision)
    if to == ExpenseState.PAID:
        return pay_expense(by=by, expense=expense, payment=payment, revision=revision)
    raise Invalid({"to": _("approved, returned, refused or paid.")})


def _is_what_was_looked_at(held: Expense, revision: int | None) -> None:
    if revision is not None and revision != held.revision:
        raise Conflict(_("It was changed after you opened it. Look at it again."))


def _hold(expense: Expense) -> tuple[Envelope, Expense]:
    envelope = hold_envelope(expense.envelope_id)
    return envelope, hold_expense(expense.pk, envelope)


def _reason(words: str) -> str:
    reason = clean_line(words)[:500]
    if not reason:
        raise Invalid({"reason": _("Who handed it in reads why. Write a sentence.")})
    return reason
