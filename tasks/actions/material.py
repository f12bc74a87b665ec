"""Material for an initiative: reserve it, send it, say that it came and goes back, count what came back.

Whoever moves a loan holds the endorsement's row first and then the thing's, so that a revocation, a settlement and a parcel of
one moment follow each other.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_line

from .. import facts
from ..enums import EnvelopeState, LoanState
from ..models import Endorsement, Envelope, Initiative, Loan, StockItem
from ..rules.material import can_lend, can_move_loan, lends_material
from .stock import step

REMINDED_BEFORE = timedelta(days=3)


def hold_endorsement(initiative: int) -> Endorsement | None:
    """Take the row that somebody may be suspending or settling under at this moment."""
    return Endorsement.objects.select_for_update().filter(initiative=initiative).first()


@once(Loan)
@transaction.atomic
def reserve_loan(
    *,
    by: Member,
    initiative: Initiative,
    item: StockItem,
    quantity: int,
    due_back_on: date | None = None,
    note: str = "",
) -> Loan:
    """Promise some of a thing, all of it or nothing. Of two that want the last one, one hears how many are left."""
    endorsement = hold_endorsement(initiative.pk)
    require(can_lend(by, initiative), _("Approvers lend material and places on channels."))
    require(lends_material(endorsement), _("The endorsement is not in force. Nothing new is lent."))
    if Envelope.objects.filter(initiative=initiative, state=EnvelopeState.SETTLED).exists():
        raise Conflict(_("This initiative is settled. Nothing is lent to it any more."))
    problems: dict[str, str] = {}
    if quantity < 1:
        problems["quantity"] = _("One at least.")
    if item.returnable and due_back_on is None:
        problems["due_back_on"] = _("Say until when it is to be back.")
    elif due_back_on is not None and due_back_on < timezone.localdate():
        problems["due_back_on"] = _("This day is over.")
    if problems:
        raise Invalid(problems)
    made = Loan.objects.create(
        initiative=initiative,
        item=item,
        quantity=quantity,
        due_back_on=due_back_on if item.returnable else None,
        note=clean_line(note)[:300],
    )
    free = Q(on_hand__gte=F("reserved") + quantity)
    if not step(item, free, by=by, loan=made, to_state=LoanState.RESERVED, reserved=quantity):
        item.refresh_from_db()
        raise Conflict(
            _("Only %(free)s (%(unit)s) of “%(name)s” are free.")
            % {"free": item.free, "unit": item.unit, "name": item.name}
        )
    record(facts.LoanReserved(initiative_id=initiative.pk, loan_id=made.pk), by=by)
    return made


@transaction.atomic
def move_loan(
    *, by: Member, loan: Loan, to: str, came_back: int | None = None, reason: str = "", expected: str = ""
) -> Loan:
    """The next step. `came_back`: how many of it, when it is `returned`; the rest is used up or lost, and a loss has a reason."""
    endorsement = hold_endorsement(loan.initiative_id)
    held = Loan.objects.select_related("item", "initiative").get(pk=loan.pk)
    require(can_move_loan(by, held, to), _("You cannot move this loan."))
    if expected and expected != held.state:
        raise Conflict(_("Somebody else moved it in the meantime."))
    if to == LoanState.SHIPPED:
        require(lends_material(endorsement), _("The endorsement is not in force. Nothing new is lent."))
    reason = clean_line(reason)[:300]
    back = 0
    if to == LoanState.RETURNED:
        back = held.quantity if came_back is None else came_back
        if not 1 <= back <= held.quantity:
            raise Invalid({"came_back": _("From 1 to %(most)s came back.") % {"most": held.quantity}})
    missing = held.item.returnable and (to == LoanState.LOST or to == LoanState.RETURNED and back < held.quantity)
    if missing and not reason:
        raise Invalid({"reason": _("Say what became of the rest.")})
    _move(held, to, by=by, reason=reason, back=back)
    loan.refresh_from_db()
    return loan


def _move(held: Loan, to: str, *, by: Member | None, reason: str = "", back: int = 0) -> None:
    here, many = held.state, held.quantity
    ends_out = to in (LoanState.RETURNED, LoanState.CONSUMED, LoanState.LOST)
    values = {"state": to, "changed_at": timezone.now(), "gone": many - back if ends_out else 0}
    if not Loan.objects.filter(pk=held.pk, state=here).update(**values):
        raise Conflict(_("Somebody else moved it in the meantime."))
    if to == LoanState.SHIPPED:
        deltas, fits = {"on_hand": -many, "reserved": -many, "out": many}, Q(reserved__gte=many, on_hand__gte=many)
    elif to == LoanState.RELEASED:
        deltas, fits = {"reserved": -many}, Q(reserved__gte=many)
    elif ends_out:
        deltas, fits = {"on_hand": back, "out": -many}, Q(out__gte=many)
    else:
        deltas, fits = {}, Q()
    if not step(held.item, fits, by=by, loan=held, to_state=to, reason=reason, **deltas):
        raise Conflict(_("Somebody else moved it in the meantime."))
    record(facts.LoanMoved(initiative_id=held.initiative_id, loan_id=held.pk, from_state=here, to_state=to), by=by)


def release_reserved(*, initiative: int, by: Member | None, because: str) -> None:
    """In a transaction that holds the endorsement: what still lies in the house is free for others. In the order of the things,
    so that two initiatives that end at once do not wait for each other in a circle."""
    reserved = Loan.objects.filter(initiative=initiative, state=LoanState.RESERVED)
    for loan in reserved.select_related("item").order_by("item_id", "pk"):
        _move(loan, LoanState.RELEASED, by=by, reason=because[:300])


def remind_due() -> int:
    """Three days before it is to be back. Returns how many."""
    due = Loan.objects.due_to_remind(timezone.localdate() + REMINDED_BEFORE)
    return sum(_remind(loan) for loan in list(due))


@transaction.atomic
def _remind(loan: Loan) -> bool:
    if not Loan.objects.filter(pk=loan.pk, reminded_at__isnull=True).update(reminded_at=timezone.now()):
        return False
    record(facts.LoanDueBack(initiative_id=loan.initiative_id, loan_id=loan.pk), by=None)
    return True
