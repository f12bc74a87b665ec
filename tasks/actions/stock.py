"""What the brand has. Its counters move here alone: each step is one conditional update under the checks of the table, and one
row of `StockMove` in the same transaction."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_line

from .. import facts
from ..models import Loan, StockItem, StockMove
from ..rules.material import MOST_OF_A_THING, can_keep_stock


@once(StockItem)
@transaction.atomic
def keep_item(*, by: Member, name: str, unit: str, returnable: bool = True, on_hand: int = 0) -> StockItem:
    """A new thing, with how many there are."""
    require(can_keep_stock(by), _("Approvers lend material and places on channels."))
    name, unit = clean_line(name)[:120], clean_line(unit)[:20]
    if not name:
        raise Invalid({"name": _("Say what it is.")})
    if not unit:
        raise Invalid({"unit": _("Say how it is counted: pieces, boxes, cars.")})
    if not 0 <= on_hand <= MOST_OF_A_THING:
        raise Invalid({"on_hand": _("From none to %(most)s.") % {"most": MOST_OF_A_THING}})
    try:
        with transaction.atomic():
            made = StockItem.objects.create(name=name, unit=unit, returnable=returnable)
    except IntegrityError:
        raise Conflict(_("There is a thing of this name already.")) from None
    if on_hand:
        step(made, Q(), by=by, on_hand=on_hand)
    record(facts.StockChanged(item_id=made.pk), by=by)
    made.refresh_from_db()
    return made


@transaction.atomic
def count_stock(*, by: Member, item: StockItem, change: int, reason: str) -> StockItem:
    """More came, or fewer are there than was thought. What is promised is never counted away."""
    require(can_keep_stock(by), _("Approvers lend material and places on channels."))
    reason = clean_line(reason)[:300]
    if not change or abs(change) > MOST_OF_A_THING:
        raise Invalid({"change": _("Say by how many: 20, or -3.")})
    if not reason:
        raise Invalid({"reason": _("Say why: bought, counted anew, broken.")})
    stays = Q(on_hand__gte=F("reserved") - change, on_hand__lte=MOST_OF_A_THING - change)
    if not step(item, stays, by=by, reason=reason, on_hand=change):
        item.refresh_from_db()
        raise Conflict(
            _("%(on_hand)s are there and %(reserved)s of them are reserved.")
            % {"on_hand": item.on_hand, "reserved": item.reserved}
        )
    record(facts.StockChanged(item_id=item.pk), by=by)
    item.refresh_from_db()
    return item


def step(
    item: StockItem,
    fits: Q,
    *,
    by: Member | None,
    loan: Loan | None = None,
    to_state: str = "",
    reason: str = "",
    on_hand: int = 0,
    reserved: int = 0,
    out: int = 0,
) -> bool:
    """Move the counters if `fits` holds at this moment, and put it down. A step that moves none is only put down."""
    deltas = {name: delta for name, delta in (("on_hand", on_hand), ("reserved", reserved), ("out", out)) if delta}
    if deltas:
        here = StockItem.objects.filter(fits, pk=item.pk)
        if not here.update(**{name: F(name) + delta for name, delta in deltas.items()}):
            return False
    StockMove.objects.create(item=item, loan=loan, to_state=to_state, reason=reason, by=by, **deltas)
    return True
