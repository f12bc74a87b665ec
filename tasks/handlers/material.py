"""What the front page shows has run, what is due back is remembered, and everybody hears whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kocforum.ledger.duties import every
from kocforum.ledger.subscribers import on
from kocforum.members.enums import Role
from kocforum.members.models import Member
from kocforum.notifications.actions import notify_all, withdraw

from .. import kinds
from ..actions.material import remind_due
from ..actions.promotion import run_due
from ..enums import LoanState, SlotState
from ..facts import LoanDueBack, LoanMoved, SlotMoved
from ..models import Initiative

HOME = (LoanState.RETURNED, LoanState.LOST)


@every(minutes=15)
def look_for_what_is_lent() -> None:
    """Slots of our own front page, and days on which something is to be back."""
    run_due()
    remind_due()


def _tell(members: Iterable[int | None], kind: str, thing: int, row: Any, **params: Any) -> None:
    """Nobody is told of what they did themselves."""
    others = [member for member in members if member and member != row.by_id]
    notify_all(members=others, kind=kind, object_id=thing, params=params, fact_id=row.pk)


def _leaders(initiative: int) -> list[int | None]:
    led = Initiative.objects.filter(pk=initiative).select_related("proposer", "deputy").first()
    return sorted(led.leaders) if led else []


@on(LoanMoved)
def tell_where_it_is(told: LoanMoved, row: Any) -> None:
    """Nobody is called to what is done."""
    here = {"row": row, "initiative": told.initiative_id}
    if told.to_state == LoanState.SHIPPED:
        _tell(_leaders(told.initiative_id), kinds.LOAN_SHIPPED, told.loan_id, **here)
    elif told.to_state == LoanState.SENT_BACK:
        withdraw(kind=kinds.LOAN_DUE_BACK, object_id=told.loan_id)
        colleagues = Member.objects.staff_with(Role.APPROVER).values_list("pk", flat=True)
        _tell(colleagues, kinds.LOAN_SENT_BACK, told.loan_id, **here)
    elif told.to_state in HOME:
        for kind in (kinds.LOAN_DUE_BACK, kinds.LOAN_SENT_BACK):
            withdraw(kind=kind, object_id=told.loan_id)
    if told.to_state != LoanState.SHIPPED:
        withdraw(kind=kinds.LOAN_SHIPPED, object_id=told.loan_id)


@on(LoanDueBack)
def remind_who_has_it(told: LoanDueBack, row: Any) -> None:
    _tell(_leaders(told.initiative_id), kinds.LOAN_DUE_BACK, told.loan_id, row, initiative=told.initiative_id)


@on(SlotMoved)
def tell_that_it_is_pulled(told: SlotMoved, row: Any) -> None:
    if told.to_state == SlotState.PULLED:
        _tell(_leaders(told.initiative_id), kinds.SLOT_PULLED, told.initiative_id, row)
