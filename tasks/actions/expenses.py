"""Hand in an expense, change it, take it back. What is approved and changes is looked at again (I13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, require
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.uploads.actions import attach, detach

from .. import facts
from ..enums import ExpenseState
from ..models import Envelope, Expense, ExpenseMove, Initiative
from ..models.expenses import RECEIPTS
from ..rules.money import can_edit_expense, can_hand_in
from . import purses
from .expense_terms import ExpenseDraft, checked, same_fapiao, same_receipt
from .purses import hold_envelope

# Who changes one of these after the approval hands it in again.
APPROVED_FIELDS = (
    "amount_minor", "original_minor", "original_currency", "rate", "rate_on", "line_id", "payee", "issued_on", "fapiao",
    "receipt_id", "related_party",
)  # fmt: skip


@once(Expense)
@transaction.atomic
def submit_expense(*, by: Member, initiative: Initiative, draft: ExpenseDraft) -> Expense:
    """Hand it in. It promises nothing yet: an approver looks at it."""
    number = Envelope.objects.filter(initiative=initiative).values_list("pk", flat=True).first()
    if number is None:
        raise Conflict(_("No money was granted for this initiative."))
    held = hold_envelope(number)
    require(can_hand_in(by, held), _("You cannot hand in receipts here."))
    values, receipt = checked(held, draft, by)
    made = _write_once(lambda: Expense.objects.create(envelope=held, submitter=by, **values))
    attach(by=by, uploads=[receipt], kind=RECEIPTS, object_id=made.pk)
    ExpenseMove.objects.create(expense=made, to_state=made.state, by=by)
    record(facts.ExpenseHandedIn(initiative_id=held.initiative_id, expense_id=made.pk), by=by)
    return made


@transaction.atomic
def edit_expense(*, by: Member, expense: Expense, draft: ExpenseDraft) -> Expense:
    """Change it. What was returned is handed in with that. Words may change at any time; whatever was approved is approved anew."""
    envelope = hold_envelope(expense.envelope_id)
    held = hold_expense(expense.pk, envelope)
    require(can_edit_expense(by, held), _("You cannot change this expense."))
    values, receipt = checked(envelope, draft, by, held)
    changed = [name for name in APPROVED_FIELDS if getattr(held, name) != values.get(name)]
    again = bool(changed) or held.state == ExpenseState.RETURNED
    if not again and all(getattr(held, name) == value for name, value in values.items()):
        return held
    if held.state == ExpenseState.APPROVED and changed:
        purses.free(envelope, held, by=by)
    if again:
        values |= {
            "state": ExpenseState.SUBMITTED,
            "approver": None,
            "second_approver": None,
            "approved_at": None,
            "submitted_at": timezone.now(),
            "reason": "",
            "revision": held.revision + 1,
        }
    here, before = held.state, held.receipt
    mine = Expense.objects.filter(pk=held.pk, state=here, revision=held.revision)
    if not _write_once(lambda: mine.update(**values)):
        raise Conflict(_("Somebody else changed this expense in the meantime."))
    if before.pk != receipt.pk:
        detach(by=before.owner or by, uploads=[before])
        attach(by=by, uploads=[receipt], kind=RECEIPTS, object_id=held.pk)
    to = values.get("state", here)
    ExpenseMove.objects.create(expense=held, from_state=here, to_state=to, changed=changed, by=by)
    record(facts.ExpenseEdited(initiative_id=envelope.initiative_id, expense_id=held.pk, again=again), by=by)
    held.refresh_from_db()
    return held


@transaction.atomic
def withdraw_expense(*, by: Member, expense: Expense) -> Expense:
    """Take it back before it is paid; what was promised is free again."""
    envelope = hold_envelope(expense.envelope_id)
    held = hold_expense(expense.pk, envelope)
    require(can_edit_expense(by, held), _("You cannot change this expense."))
    if held.state == ExpenseState.APPROVED:
        purses.free(envelope, held, by=by)
    return move_expense(held, ExpenseState.WITHDRAWN, by=by)


def hold_expense(pk: int, envelope: Envelope) -> Expense:
    """Take the row of an expense whose envelope is held already: in this order everywhere."""
    held = Expense.objects.select_for_update(of=("self",)).select_related("receipt", "line").get(pk=pk)
    held.envelope = envelope
    return held


def move_expense(expense: Expense, to: str, *, by: Member, reason: str = "", **values: Any) -> Expense:
    """One step, in the caller's transaction: by conditional update of the state that was seen, with history and fact."""
    here = expense.state
    mine = Expense.objects.filter(pk=expense.pk, state=here, revision=expense.revision, approver=expense.approver_id)
    if not mine.update(state=to, reason=reason, **values):
        raise Conflict(_("Somebody else changed this expense in the meantime."))
    ExpenseMove.objects.create(expense=expense, from_state=here, to_state=to, reason=reason, by=by)
    told = {"initiative_id": expense.envelope.initiative_id, "expense_id": expense.pk}
    record(facts.ExpenseMoved(**told, from_state=here, to_state=to), by=by)
    expense.refresh_from_db()
    return expense


def _write_once(write: Callable[[], Any]) -> Any:
    """Of two who hand in the same fapiao or file at once the constraint lets one through."""
    try:
        with transaction.atomic():
            return write()
    except IntegrityError as error:
        if "fapiao" in str(error):
            raise same_fapiao() from error
        if "receipt" in str(error):
            raise same_receipt() from error
        raise
