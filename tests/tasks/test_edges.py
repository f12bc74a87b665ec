"""What owners lead moves by its tables (research: §1D) and by nothing else: from every state, every step that is not there is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from kocforum.errors import Conflict, Forbidden, Refused
from kocforum.ledger.models import Fact
from tasks.actions.endorsements import move_endorsement
from tasks.actions.expenses import edit_expense, withdraw_expense
from tasks.actions.initiatives import edit_initiative
from tasks.actions.material import move_loan
from tasks.actions.money import TranchePlan, account_for, plan_tranches, release_tranche, settle
from tasks.actions.payments import approve_expense, pay_expense, refuse_expense, return_expense, unpay_expense
from tasks.actions.promotion import move_slot
from tasks.actions.proposals import appeal, submit, withdraw
from tasks.actions.reviews import ask_for_changes, decide
from tasks.enums import EndorsementState, ExpenseState, LoanState, ProposalState, SlotState
from tasks.models import Endorsement, Envelope, Expense, Initiative, Loan, PromotionSlot
from tests.tasks.initiatives import LITTLE, koc, pitch, submitted
from tests.tasks.material import endorsed, item, lent, moved, slot
from tests.tasks.money import approved, counters, granted, handed_in, paid, receipt, staff
from tests.tasks.money import kept as as_it_stands

pytestmark = pytest.mark.django_db


class Undo(Exception):
    """Ends a step that was tried."""


def tried(step: Callable[[], Any], row: Any) -> str:
    """The state after one step, as if it had never been tried; "" where it was refused, and then nothing is told or moved."""
    before, facts, ended = row.__class__.objects.get(pk=row.pk).state, Fact.objects.count(), ""
    try:
        with transaction.atomic():
            try:
                step()
                ended = row.__class__.objects.get(pk=row.pk).state
            except (Conflict, Forbidden) as refused:
                assert str(refused)
                assert (row.__class__.objects.get(pk=row.pk).state, Fact.objects.count()) == (before, facts)
            raise Undo
    except Undo:
        return ended


@pytest.mark.parametrize("here", ProposalState.values)
def test_a_proposal_goes_from_every_state_by_its_own_edges_alone(here):
    made, approver = submitted(asks=LITTLE), staff("approver")
    Initiative.objects.filter(pk=made.pk).update(state=here)
    made.refresh_from_db()
    steps = {
        "edit": lambda: edit_initiative(by=koc(), initiative=made, pitch=pitch(asks=LITTLE, plan="另一个计划")),
        "submit": lambda: submit(by=koc(), initiative=made),
        "withdraw": lambda: withdraw(by=koc(), initiative=made),
        "appeal": lambda: appeal(by=koc(), initiative=made, reason="再看看"),
        "ask": lambda: ask_for_changes(by=approver, initiative=made, what="雨天怎么办？"),
        "endorse": lambda: decide(by=approver, initiative=made, verdict="full", reason="值得"),
        "decline": lambda: decide(by=approver, initiative=made, verdict="declined", reason="太远"),
    }
    waits = {"withdraw": "withdrawn", "ask": "changes_asked", "endorse": "endorsed", "decline": "declined"}
    edges = {
        "draft": {"edit": "draft", "submit": "submitted", "withdraw": "withdrawn"},
        "submitted": waits,
        "in_review": waits,
        "changes_asked": {"edit": "changes_asked", "submit": "in_review", "withdraw": "withdrawn"},
        "declined": {"appeal": "in_review"},
    }
    went = {name: tried(step, made) for name, step in steps.items()}
    assert {name: to for name, to in went.items() if to} == edges.get(here, {})


@pytest.mark.parametrize("here", EndorsementState.values)
def test_an_endorsement_goes_from_every_state_by_its_own_edges_alone(here):
    endorsed()
    Endorsement.objects.update(state=here, answer_by=timezone.now() if here == "suspended" else None)
    approver, edges = staff("approver"), {"active": {"suspended", "revoked"}, "suspended": {"active", "revoked"}}
    for to in EndorsementState.values:
        one = Endorsement.objects.get()
        went = tried(
            lambda to=to, one=one: move_endorsement(by=approver, endorsement=one, to=to, reason="路线改了"), one
        )
        assert went == (to if to in edges.get(here, ()) else "")


def expense_in(state: str, envelope: Envelope) -> Expense:
    if state == "paid":
        return paid(envelope)
    if state == "approved":
        return approved(envelope)
    made = handed_in(envelope)
    return {
        "submitted": lambda: made,
        "returned": lambda: return_expense(by=staff("approver"), expense=made, reason="抬头不对"),
        "refused": lambda: refuse_expense(by=staff("approver"), expense=made, reason="不在范围内"),
        "withdrawn": lambda: withdraw_expense(by=koc(), expense=made),
    }[state]()


@pytest.mark.parametrize("here", ExpenseState.values)
def test_an_expense_goes_from_every_state_by_its_own_edges_alone(here):
    made, approver, finance = expense_in(here, granted()), staff("approver", "second"), staff("finance")
    steps = {
        "edit": lambda: edit_expense(by=koc(), expense=made, draft=as_it_stands(made, amount_minor=9_999)),
        "withdraw": lambda: withdraw_expense(by=koc(), expense=made),
        "approve": lambda: approve_expense(by=approver, expense=made),
        "return": lambda: return_expense(by=approver, expense=made, reason="抬头不对"),
        "refuse": lambda: refuse_expense(by=approver, expense=made, reason="不在范围内"),
        "pay": lambda: pay_expense(by=finance, expense=made),
        "unpay": lambda: unpay_expense(by=finance, expense=made, reason="退票"),
    }
    edges = {
        "submitted": {"edit": "submitted", "withdraw": "withdrawn", "approve": "approved", "return": "returned", "refuse": "refused"},
        "returned": {"edit": "submitted", "withdraw": "withdrawn"},
        "approved": {"edit": "submitted", "withdraw": "withdrawn", "return": "returned", "pay": "paid"},
        "paid": {"unpay": "approved"},
    }  # fmt: skip
    went = {name: tried(step, made) for name, step in steps.items()}
    assert {name: to for name, to in went.items() if to} == edges.get(here, {})


WAYS_OF_LOANS = {
    "reserved": (),
    "shipped": ("shipped",),
    "received": ("shipped", "received"),
    "sent_back": ("shipped", "received", "sent_back"),
    "returned": ("shipped", "received", "returned"),
    "lost": ("shipped", "lost"),
    "released": ("released",),
}


@pytest.mark.parametrize("here", WAYS_OF_LOANS)
def test_a_loan_goes_from_every_state_by_its_own_edges_alone(here):
    loan = moved(lent(endorsed(), item()), *WAYS_OF_LOANS[here], **({"reason": "丢了"} if here == "lost" else {}))
    house = {"reserved": {"shipped", "released"}} | dict.fromkeys(
        ("shipped", "received", "sent_back"), {"returned", "lost"}
    )
    leader = {"shipped": {"received"}, "received": {"sent_back"}}
    loan = Loan.objects.get(pk=loan.pk)
    for who, edges in ((koc(), leader), (staff("approver"), house)):
        for to in LoanState.values:
            went = tried(lambda to=to, who=who: move_loan(by=who, loan=loan, to=to, reason="丢了"), loan)
            assert went == (to if to in edges.get(here, ()) else ""), (who, to)


@pytest.mark.parametrize("here", SlotState.values)
def test_a_place_on_a_channel_goes_from_every_state_by_its_own_edges_alone(here):
    one, approver = slot(endorsed(), "banner"), staff("approver")
    words = {"reason": "换图", "proof_link": "https://example.org/7"}
    for to in {"planned": (), "ran": ("ran",), "proved": ("ran", "proved"), "pulled": ("pulled",)}[here]:
        move_slot(by=approver, slot=PromotionSlot.objects.get(), to=to, **words)
    edges = {"planned": {"ran", "proved", "pulled"}, "ran": {"proved", "pulled"}, "proved": {"pulled"}}
    one = PromotionSlot.objects.get()
    for to in SlotState.values:
        went = tried(lambda to=to: move_slot(by=approver, slot=one, to=to, **words), one)
        assert went == (to if to in edges.get(here, ()) else ""), to


def test_nothing_that_was_settled_changes_before_finance_opens_it_again():
    envelope = granted(900_000)
    made, finance, approver = paid(envelope), staff("finance"), staff("approver")
    settle(by=finance, envelope=envelope, reason="都办完了")
    envelope, stands = Envelope.objects.get(), counters(envelope)
    rest = envelope.tranches.filter(released_at__isnull=True).first()
    late = handed_in(envelope, 500)
    for refused in (
        lambda: edit_expense(by=koc(), expense=made, draft=as_it_stands(made, amount_minor=1, receipt=receipt())),
        lambda: withdraw_expense(by=koc(), expense=made),
        lambda: unpay_expense(by=finance, expense=made, reason="退票"),
        lambda: approve_expense(by=approver, expense=late),
        lambda: account_for(by=koc(), envelope=envelope, words="再说一句"),
        lambda: plan_tranches(by=approver, envelope=envelope, parts=[TranchePlan(amount_minor=450_000)]),
        lambda: release_tranche(by=approver, tranche=rest),
        lambda: settle(by=finance, envelope=envelope, reason="再结一次"),
    ):
        with pytest.raises(Refused), transaction.atomic():
            refused()
    assert counters(envelope) == stands
