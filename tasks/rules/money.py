"""Who spends the money of an initiative, who approves, who pays: three people, never two of them the same."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden
from kocforum.members.enums import Role
from kocforum.members.rules import can_write

from ..enums import EndorsementState, ExpenseState
from ..models import Envelope, Expense, Initiative, Loan
from ..models.money import MONEY_ROLES
from .initiatives import is_of, leads

TWO_ABOVE = 1_000_000  # in the smallest unit: from here on a second approver looks at it
EDITABLE = (ExpenseState.SUBMITTED, ExpenseState.RETURNED, ExpenseState.APPROVED)


def is_money_staff(user: Any) -> bool:
    """Approvers and finance: colleagues whose work the money is."""
    return bool(user.is_authenticated) and user.has_role(*MONEY_ROLES)


def spends(member: Any, initiative: Initiative) -> bool:
    """Who leads the initiative: the proposer, or the deputy who said yes."""
    return leads(member, initiative)


def spends_anywhere(member: Any) -> bool:
    """Who leads an initiative that was granted money, whether or not anything is left of it."""
    return Envelope.objects.filter(initiative__in=Initiative.objects.led_by(member)).exists()


def can_hand_in(member: Any, envelope: Envelope) -> Any:
    """Who leads it; after the settlement for another 30 days, and then after finance opened it again (I16)."""
    if not spends(member, envelope.initiative):
        return Forbidden(_("Receipts are handed in by who leads the initiative."))
    if envelope.late_until is not None and envelope.late_until <= timezone.now():
        return Conflict(_("The money was settled more than 30 days ago. Ask finance to open it again."))
    return can_write(member)


def can_edit_expense(member: Any, expense: Expense) -> Any:
    """Who leads it, until it is paid or answered for good."""
    if not spends(member, expense.envelope.initiative):
        return Forbidden(_("Receipts are handed in by who leads the initiative."))
    if expense.state not in EDITABLE:
        return Conflict(_("What is paid, refused or taken back is not changed any more."))
    return can_write(member)


def can_approve(user: Any, expense: Expense) -> Any:
    """An approver who neither handed it in nor leads the initiative; of two, another one (I15)."""
    if not user.is_authenticated or not user.has_role(Role.APPROVER):
        return Forbidden(_("Approvers answer expenses."))
    if expense.submitter_id == user.pk or is_of(user, expense.envelope.initiative):
        return Forbidden(_("Nobody approves the own expense."))
    if expense.state != ExpenseState.SUBMITTED:
        return Conflict(_("It does not wait for an answer: %(state)s.") % {"state": expense.get_state_display()})
    return True


def can_return(user: Any, expense: Expense) -> Any:
    """Approvers while it waits for them; what is approved also finance, who may find that something is missing."""
    if expense.state != ExpenseState.APPROVED:
        return can_approve(user, expense)
    if not is_money_staff(user):
        return Forbidden(_("Approvers answer expenses."))
    if expense.submitter_id == user.pk or is_of(user, expense.envelope.initiative):
        return Forbidden(_("Nobody approves the own expense."))
    return True


def can_pay(user: Any, expense: Expense) -> Any:
    """Finance, and neither who handed it in nor who approved it."""
    if not user.is_authenticated or not user.has_role(Role.FINANCE):
        return Forbidden(_("Finance pays."))
    if expense.submitter_id == user.pk or is_of(user, expense.envelope.initiative):
        return Forbidden(_("Nobody pays the own expense."))
    if user.pk in {expense.approver_id, expense.second_approver_id}:
        return Forbidden(_("Who approved it does not pay it."))
    if expense.state != ExpenseState.APPROVED:
        return Conflict(_("Only what is approved is paid: %(state)s.") % {"state": expense.get_state_display()})
    return True


def can_unpay(user: Any, expense: Expense) -> Any:
    """Finance, for what is noted as paid and was not, or came back."""
    if not user.is_authenticated or not user.has_role(Role.FINANCE):
        return Forbidden(_("Finance pays."))
    if expense.submitter_id == user.pk or is_of(user, expense.envelope.initiative):
        return Forbidden(_("Nobody pays the own expense."))
    return expense.state == ExpenseState.PAID or Conflict(_("It is not noted as paid."))


def can_release(user: Any, envelope: Envelope) -> Any:
    """An approver whose own initiative it is not, while the endorsement is in force."""
    if not user.is_authenticated or not user.has_role(Role.APPROVER):
        return Forbidden(_("Approvers release money."))
    if is_of(user, envelope.initiative):
        return Forbidden(_("Nobody decides on the own proposal."))
    if envelope.is_settled:
        return Conflict(_("The money is settled."))
    return held_back(envelope) or True


def held_back(envelope: Envelope) -> Conflict | None:
    """While the endorsement is suspended, and after it was revoked, nothing new is released or approved. A promise is kept."""
    state = envelope.initiative.endorsement.state
    if state == EndorsementState.SUSPENDED:
        return Conflict(_("The endorsement is suspended. Until it is lifted no money is released or approved."))
    if state == EndorsementState.REVOKED:
        return Conflict(_("The endorsement was revoked. No money is released or approved any more."))
    return None


def can_account(member: Any, envelope: Envelope) -> Any:
    """Who leads it tells what was done with the money, before it is settled."""
    if not spends(member, envelope.initiative):
        return Forbidden(_("Who leads the initiative tells what was done with the money."))
    if envelope.is_settled:
        return Conflict(_("The money is settled."))
    return can_write(member)


def can_settle(user: Any, envelope: Envelope) -> Any:
    """Finance, when every expense has its end and nothing of the house is still out."""
    if not user.is_authenticated or not user.has_role(Role.FINANCE):
        return Forbidden(_("Finance settles."))
    if is_of(user, envelope.initiative):
        return Forbidden(_("Nobody decides on the own proposal."))
    if envelope.is_settled:
        return Conflict(_("The money is settled."))
    if waiting := Expense.objects.filter(envelope=envelope).unfinished().count():
        return Conflict(_("Expenses without an end: %(n)s. Pay or answer them first.") % {"n": waiting})
    if out := Loan.objects.filter(initiative=envelope.initiative_id).unaccounted().count():
        return Conflict(_("Material that is still out: %(n)s. Count it in, or let it go, first.") % {"n": out})
    return True


def can_reopen(user: Any, envelope: Envelope) -> Any:
    """Finance, when something comes late."""
    if not user.is_authenticated or not user.has_role(Role.FINANCE):
        return Forbidden(_("Finance opens it again."))
    if is_of(user, envelope.initiative):
        return Forbidden(_("Nobody decides on the own proposal."))
    return envelope.is_settled or Conflict(_("The money is not settled."))


def needs_two(amount_minor: int, related_party: bool) -> bool:
    """A large amount, and whatever goes to somebody close, is approved by two."""
    return related_party or amount_minor > TWO_ABOVE
