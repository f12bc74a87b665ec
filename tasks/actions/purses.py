"""The counters of an envelope. Nothing else moves them: each step is one conditional update under the checks of the table, and
one row of the ledger in the same transaction.

Whoever calls holds the envelope's row (`hold_envelope`), so that steps of one envelope follow each other. The order is: the
envelope, its endorsement, the expense, its line.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict
from kocforum.members.models import Member

from ..enums import EnvelopeState, LineKind, MoneyMoveKind
from ..models import BudgetLine, Endorsement, Envelope, Expense, MoneyMove, Tranche
from ..queries.initiatives import in_money


def hold_envelope(pk: int) -> Envelope:
    """Take the envelope's row, and with it the endorsement, which somebody may be suspending at this moment."""
    held = Envelope.objects.select_for_update(of=("self",)).select_related("initiative").get(pk=pk)
    held.initiative.endorsement = Endorsement.objects.select_for_update(of=("self",)).get(initiative=held.initiative_id)
    return held


def grant(envelope: Envelope, amount_minor: int, *, by: Member) -> None:
    """Fill it, once, from a decision."""
    _must(envelope, MoneyMoveKind.GRANTED, Q(approved_minor=0), by=by, approved_minor=amount_minor)


def release(envelope: Envelope, tranche: Tranche, *, by: Member | None) -> None:
    """A tranche can be used from now on, once."""
    here = Tranche.objects.filter(pk=tranche.pk, released_at__isnull=True)
    if not here.update(released_at=timezone.now(), released_by=by):
        raise Conflict(_("This part is released already."))
    fits = Q(approved_minor__gte=F("released_minor") + tranche.amount_minor)
    if not _step(envelope, MoneyMoveKind.RELEASED, fits, by=by, tranche=tranche, released_minor=tranche.amount_minor):
        raise Conflict(_("More is not granted."))


def reserve(envelope: Envelope, expense: Expense, *, by: Member) -> None:
    """Promise the amount of an expense, all of it or nothing. Of two that want the last of it one hears how much is left (I12)."""
    amount = expense.amount_minor
    fits = Q(released_minor__gte=F("reserved_minor") + F("spent_minor") + amount)
    if not _step(envelope, MoneyMoveKind.RESERVED, fits, by=by, expense=expense, reserved_minor=amount):
        envelope.refresh_from_db(fields=["released_minor", "reserved_minor", "spent_minor"])
        left = in_money(envelope.available_minor, envelope.currency)
        raise Conflict(
            _(
                "Only %(left)s is left of what is released. Return it to be handed in for that much, or release more first."
            )
            % {"left": left}
        )
    line = BudgetLine.objects.filter(~Q(kind=LineKind.CANCELLING) | Q(granted_minor__gte=F("used_minor") + amount))
    if not line.filter(pk=expense.line_id).update(used_minor=F("used_minor") + amount):
        raise Conflict(_("For what a cancelled event costs no more was agreed."))


def free(envelope: Envelope, expense: Expense, *, by: Member | None, reason: str = "") -> None:
    """What was promised is free again."""
    amount = expense.amount_minor
    _must(
        envelope,
        MoneyMoveKind.FREED,
        Q(reserved_minor__gte=amount),
        by=by,
        expense=expense,
        reason=reason,
        reserved_minor=-amount,
    )
    BudgetLine.objects.filter(pk=expense.line_id).update(used_minor=F("used_minor") - amount)


def pay(envelope: Envelope, expense: Expense, *, by: Member) -> None:
    """What was promised is spent."""
    amount = expense.amount_minor
    deltas = {"reserved_minor": -amount, "spent_minor": amount}
    _must(envelope, MoneyMoveKind.PAID, Q(reserved_minor__gte=amount), by=by, expense=expense, **deltas)


def unpay(envelope: Envelope, expense: Expense, *, by: Member, reason: str) -> None:
    """The counter-entry of `pay`: what was spent is promised again."""
    amount = expense.amount_minor
    deltas = {"reserved_minor": amount, "spent_minor": -amount}
    fits = Q(spent_minor__gte=amount)
    _must(envelope, MoneyMoveKind.UNPAID, fits, by=by, expense=expense, reason=reason, **deltas)


def give_back(envelope: Envelope, *, by: Member, reason: str) -> None:
    """Nothing is promised any more: what was not spent goes back, and the envelope is closed."""
    rest = envelope.approved_minor - envelope.spent_minor
    nothing_moved = Q(reserved_minor=0, spent_minor=envelope.spent_minor)
    closed = Envelope.objects.filter(nothing_moved, pk=envelope.pk, state=EnvelopeState.OPEN)
    if not closed.update(state=EnvelopeState.SETTLED, settled_at=timezone.now(), returned_minor=rest):
        raise Conflict(_("Somebody else moved this money in the meantime."))
    _write(envelope, MoneyMoveKind.RETURNED, by=by, reason=reason, returned_minor=rest)


def take_out_again(envelope: Envelope, *, by: Member, reason: str) -> None:
    """The counter-entry of `give_back`."""
    settled = Envelope.objects.filter(pk=envelope.pk, state=EnvelopeState.SETTLED)
    if not settled.update(state=EnvelopeState.OPEN, settled_at=None, returned_minor=0):
        raise Conflict(_("The money is not settled."))
    _write(envelope, MoneyMoveKind.REOPENED, by=by, reason=reason, returned_minor=-envelope.returned_minor)


def _step(envelope: Envelope, kind: str, fits: Q, *, by: Member | None, **values: Any) -> bool:
    deltas = {name: value for name, value in values.items() if name.endswith("_minor")}
    here = Envelope.objects.filter(fits, pk=envelope.pk, state=EnvelopeState.OPEN)
    if not here.update(**{name: F(name) + delta for name, delta in deltas.items()}):
        return False
    _write(envelope, kind, by=by, **values)
    return True


def _must(envelope: Envelope, kind: str, fits: Q, *, by: Member | None, **values: Any) -> None:
    if not _step(envelope, kind, fits, by=by, **values):
        raise Conflict(_("Somebody else moved this money in the meantime."))


def _write(envelope: Envelope, kind: str, **values: Any) -> None:
    """Where no counter moves, as when all was spent, the ledger has nothing to say."""
    if any(value for name, value in values.items() if name.endswith("_minor")):
        MoneyMove.objects.create(envelope=envelope, kind=kind, **values)
