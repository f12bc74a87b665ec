"""Things in stock, loans and places on channels, for tests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from kocforum.members.models import Member
from tasks.actions.initiatives import AskDraft
from tasks.actions.material import move_loan, reserve_loan
from tasks.actions.promotion import SlotDraft, plan_slot
from tasks.actions.reviews import decide
from tasks.actions.stock import keep_item
from tasks.models import Initiative, Loan, PromotionSlot, StockItem, StockMove
from tests.tasks.initiatives import koc, submitted
from tests.tasks.money import asked, staff

COUNTERS = ("on_hand", "reserved", "out")
FLAGS = (AskDraft(kind="material", what="旗子", amount_minor=9_000, currency="CNY"),)


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def endorsed(by: Member | None = None, asks: Any = None, **values: Any) -> Initiative:
    """A small grant with some money and flags."""
    made = submitted(by or koc(), asks=asks if asks is not None else (*asked(50_000), *FLAGS), **values)
    decide(by=staff("approver"), initiative=made, verdict="full", reason="值得")
    return Initiative.objects.get(pk=made.pk)


def item(on_hand: int = 10, name: str = "车队旗", **values: Any) -> StockItem:
    return keep_item(by=staff("approver"), name=name, unit=values.pop("unit", "面"), on_hand=on_hand, **values)


def lent(initiative: Initiative, thing: StockItem, quantity: int = 1, by: Member | None = None, **values: Any) -> Loan:
    if thing.returnable:
        values.setdefault("due_back_on", in_days(20))
    by = by or staff("approver")
    return reserve_loan(by=by, initiative=initiative, item=thing, quantity=quantity, **values)


def moved(loan: Loan, *steps: str, **values: Any) -> Loan:
    """Each step by whoever may say it."""
    for to in steps:
        by = loan.initiative.proposer if to in ("received", "sent_back") else staff("approver")
        move_loan(by=by, loan=loan, to=to, **(values if to == steps[-1] else {}))
    return loan


def slot(initiative: Initiative, place: str = "front", begins: int = 0, ends: int = 2, **values: Any) -> PromotionSlot:
    op_id, by = values.pop("op_id", None), values.pop("by", None) or staff("approver")
    usual = {"wording": "和我们一起慢慢开"}
    draft = SlotDraft(place=place, begins_on=in_days(begins), ends_on=in_days(ends), **{**usual, **values})
    return plan_slot(by=by, initiative=initiative, draft=draft, op_id=op_id)


def counts(thing: StockItem) -> tuple[int, ...]:
    """(on hand, reserved, out)."""
    return StockItem.objects.values_list(*COUNTERS).get(pk=thing.pk)


def the_rows_tell_the_stock(thing: StockItem) -> None:
    """Each counter is the sum of its column, the loans say the same, and nothing appears or is lost without being counted."""
    told = StockMove.objects.filter(item=thing).aggregate(**{name: Sum(name, default=0) for name in COUNTERS})
    assert tuple(told.values()) == counts(thing)
    on_hand, reserved, out = counts(thing)
    loans = list(Loan.objects.filter(item=thing))
    assert 0 <= reserved <= on_hand
    assert reserved == sum(one.quantity for one in loans if one.state == "reserved")
    assert out == sum(one.quantity for one in loans if one.state in ("shipped", "received", "sent_back"))
    bought = StockMove.objects.filter(item=thing, loan=None).aggregate(n=Sum("on_hand", default=0))["n"]
    assert bought == on_hand + out + sum(one.gone for one in loans)
