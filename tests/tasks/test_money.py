"""The envelope of an initiative: granted, released, accounted for, settled, opened again; exact to the cent."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from pkgutil import iter_modules

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kocforum.errors import Conflict, Forbidden, Invalid, Refused
from tasks import migrations
from tasks.actions.endorsements import move_endorsement
from tasks.actions.expenses import edit_expense, withdraw_expense
from tasks.actions.money import TranchePlan, account_for, plan_tranches, release_due, release_tranche, reopen, settle
from tasks.actions.payments import approve_expense, decide_expense, refuse_expense, unpay_expense
from tasks.actions.reviews import decide
from tasks.models import Endorsement, Envelope, Expense, MoneyMove, Tranche
from tests.at_once import at_once
from tests.people import make_member
from tests.tasks.initiatives import MONEY, koc, submitted
from tests.tasks.money import (
    approved,
    asked,
    counters,
    granted,
    handed_in,
    kept,
    paid,
    receipt,
    staff,
    the_ledger_tells_the_counters,
)

pytestmark = pytest.mark.django_db


def fresh(envelope: Envelope) -> Envelope:
    return Envelope.objects.get(pk=envelope.pk)


def accounted(envelope: Envelope) -> Envelope:
    leader = envelope.initiative.proposer
    return account_for(by=leader, envelope=envelope, words="水都喝完了。", uploads=[receipt(leader)])


def settled(envelope: Envelope) -> Envelope:
    accounted(envelope)
    return settle(by=staff("finance"), envelope=envelope)


# --- granted and released


def test_the_decision_fills_the_envelope_with_the_money_that_it_grants_and_nothing_else():
    asks = [*asked(50_000), *asked(30_000), {"kind": "material", "what": "旗", "amount_minor": 9_000}]
    asks = [*asks[:2], type(asks[0])(**asks[2], currency="CNY")]
    made = submitted(asks=asks)
    decide(by=staff("approver"), initiative=made, verdict="full", reason="值得", granted=[20_000, 30_000, 9_000])
    envelope = Envelope.objects.get(initiative=made)
    assert counters(envelope) == (50_000, 50_000, 0, 0, 0)
    lines = [(line.kind, line.granted_minor) for line in envelope.lines.all()]
    assert lines == [("asked", 20_000), ("asked", 30_000), ("fees", 0), ("cancelling", 10_000)]
    the_ledger_tells_the_counters(envelope)


@pytest.mark.parametrize("asks", [(), (type(MONEY[0])(kind="name", what="名义"),)])
def test_no_money_no_envelope(asks):
    decide(by=staff("approver"), initiative=submitted(asks=asks), verdict="full", reason="值得")
    assert Endorsement.objects.exists() and not Envelope.objects.exists()


def test_a_small_grant_is_one_part_and_a_large_one_waits_with_its_second_half():
    assert counters(granted(50_000)) == (50_000, 50_000, 0, 0, 0)
    large = granted(800_001, title="雪地")
    assert counters(large) == (800_001, 400_001, 0, 0, 0)
    assert list(large.tranches.values_list("amount_minor", flat=True)) == [400_001, 400_000]
    waits = granted(800_000, verdict="conditional", title="夜骑")
    assert counters(waits)[1] == 0 and waits.tranches.first().condition == "先交路线。"


def test_an_approver_releases_a_part_once_and_never_for_the_own_initiative():
    envelope = granted(800_000)
    second = envelope.tranches.last()
    for who in (koc(), staff("finance"), staff("researcher")):
        with pytest.raises(Forbidden):
            release_tranche(by=who, tranche=second)
    release_tranche(by=staff("approver"), tranche=second)
    assert counters(envelope) == (800_000, 800_000, 0, 0, 0)
    with pytest.raises(Conflict):
        release_tranche(by=staff("approver"), tranche=second)
    the_ledger_tells_the_counters(envelope)


def test_what_is_not_released_can_be_planned_anew_to_the_cent():
    envelope, by = granted(800_000), staff("approver")
    for parts in (
        [],
        [TranchePlan(amount_minor=399_999)],
        [TranchePlan(amount_minor=0), TranchePlan(amount_minor=400_000)],
    ):
        with pytest.raises(Invalid):
            plan_tranches(by=by, envelope=envelope, parts=parts)
    today = timezone.localdate()
    plan = [
        TranchePlan(amount_minor=100_000, due_on=today),
        TranchePlan(amount_minor=100_000, due_on=today + timedelta(days=1)),
        TranchePlan(amount_minor=200_000, due_on=today, condition="交完第一批票据"),
    ]
    plan_tranches(by=by, envelope=envelope, parts=plan)
    assert release_due() == 1 and counters(envelope)[1] == 500_000
    assert release_due() == 0
    assert list(envelope.tranches.filter(released_at=None).values_list("number", flat=True)) == [3, 4]
    the_ledger_tells_the_counters(envelope)


@pytest.mark.parametrize("to", ["suspended", "revoked"])
def test_while_the_brand_does_not_stand_behind_it_nothing_new_is_released_or_approved_and_a_promise_is_kept(to):
    envelope, by = granted(800_000), staff("approver")
    promised, waits = approved(envelope), handed_in(envelope)
    plan_tranches(by=by, envelope=envelope, parts=[TranchePlan(amount_minor=400_000, due_on=timezone.localdate())])
    move_endorsement(by=by, endorsement=Endorsement.objects.get(), to=to, reason="出了事故")
    with pytest.raises(Conflict):
        release_tranche(by=by, tranche=envelope.tranches.last())
    with pytest.raises(Conflict):
        approve_expense(by=by, expense=waits)
    assert release_due() == 0
    assert decide_expense(by=staff("finance"), expense=promised, to="paid").state == "paid"
    assert refuse_expense(by=by, expense=waits, reason="认证撤了").state == "refused"
    the_ledger_tells_the_counters(envelope)


# --- the database


@pytest.mark.parametrize(
    "broken",
    [
        {"reserved_minor": 50_001},
        {"spent_minor": 50_000, "reserved_minor": 1},
        {"released_minor": 50_001},
        {"released_minor": 0, "reserved_minor": 1},
        {"returned_minor": 1},
        {"state": "settled"},
        {"state": "settled", "settled_at": timezone.now(), "returned_minor": 49_999},
        {"reserved_minor": F("reserved_minor") - 1},
    ],
)
def test_the_database_keeps_reserved_and_spent_within_what_was_granted(broken):
    envelope = granted(50_000)
    with pytest.raises(IntegrityError), transaction.atomic():
        Envelope.objects.filter(pk=envelope.pk).update(**broken)
    assert counters(envelope) == (50_000, 50_000, 0, 0, 0)


def test_the_database_refuses_to_change_or_remove_a_row_of_the_ledger():
    granted()
    for change in (
        lambda: MoneyMove.objects.update(approved_minor=1),
        lambda: MoneyMove.objects.all()._raw_delete("default"),
        lambda: MoneyMove.objects.create(envelope=Envelope.objects.get(), kind="paid"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert MoneyMove.objects.count() == 2


# --- settled


def test_everything_can_be_spent_to_the_cent_and_what_is_left_goes_back():
    envelope = granted(50_000)
    paid(envelope, 49_999)
    done = settled(envelope)
    assert done.is_settled and counters(envelope) == (50_000, 50_000, 0, 49_999, 1)
    the_ledger_tells_the_counters(envelope)
    other = granted(50_000, title="雪地")
    paid(other, 50_000)
    assert counters(settled(other)) == (50_000, 50_000, 0, 50_000, 0)


def test_finance_settles_when_every_expense_has_its_end_and_who_led_it_has_told():
    envelope = granted(50_000)
    waits = handed_in(envelope)
    for who in (koc(), staff("approver"), staff("operator")):
        with pytest.raises(Forbidden):
            settle(by=who, envelope=envelope)
    accounted(envelope)
    with pytest.raises(Conflict):
        settle(by=staff("finance"), envelope=envelope)
    refuse_expense(by=staff("approver"), expense=waits, reason="不在活动范围内")
    assert settle(by=staff("finance"), envelope=envelope).is_settled
    with pytest.raises(Conflict):
        settle(by=staff("finance"), envelope=envelope)


def test_without_an_account_finance_says_why_it_does_not_wait():
    envelope = granted(50_000)
    with pytest.raises(Invalid):
        settle(by=staff("finance"), envelope=envelope)
    settle(by=staff("finance"), envelope=envelope, reason="联系不上")
    assert MoneyMove.objects.last().reason == "联系不上"


def test_a_small_grant_is_settled_with_photos():
    envelope = granted(50_000)
    with pytest.raises(Invalid) as refused:
        account_for(by=koc(), envelope=envelope, words="水都喝完了。")
    assert set(refused.value.fields) == {"uploads"} and not fresh(envelope).account
    large = granted(800_000, title="雪地")
    assert account_for(by=koc(), envelope=large, words="办完了。").accounted_at
    with pytest.raises(Forbidden):
        account_for(by=make_member("lin"), envelope=large, words="办完了。")


def test_i16_a_receipt_that_comes_late_is_taken_for_a_month_and_approved_after_finance_opened_it_again():
    envelope = granted(50_000)
    paid(envelope, 20_000)
    settled(envelope)
    with pytest.raises(Invalid):
        handed_in(envelope, 30_001)
    late = handed_in(envelope, 30_000)
    with pytest.raises(Conflict):
        approve_expense(by=staff("approver"), expense=late)
    with pytest.raises(Forbidden):
        reopen(by=staff("approver"), envelope=envelope, reason="迟到的票")
    with pytest.raises(Invalid):
        reopen(by=staff("finance"), envelope=envelope, reason=" ")
    reopen(by=staff("finance"), envelope=envelope, reason="迟到的票")
    approve_expense(by=staff("approver"), expense=late)
    assert counters(envelope) == (50_000, 50_000, 30_000, 20_000, 0)
    the_ledger_tells_the_counters(envelope)
    assert [move.kind for move in MoneyMove.objects.all()][-3:] == ["returned", "reopened", "reserved"]


def test_i16_after_a_month_nothing_is_handed_in_before_finance_opens_it_again():
    envelope = granted(50_000)
    settled(envelope)
    Envelope.objects.update(settled_at=timezone.now() - timedelta(days=31))
    with pytest.raises(Conflict):
        handed_in(envelope)
    reopen(by=staff("finance"), envelope=envelope, reason="迟到的票")
    assert handed_in(envelope).state == "submitted"


# --- whatever happens in whatever order

amounts = st.integers(1, 700)
steps = st.one_of(
    st.tuples(st.just("hand_in"), amounts),
    st.tuples(st.just("edit"), st.integers(0, 5), amounts),
    st.tuples(st.just("withdraw"), st.integers(0, 5)),
    *(
        st.tuples(st.just(to), st.integers(0, 5))
        for to in ("approved", "approved", "paid", "unpaid", "returned", "refused")
    ),
    st.tuples(st.just("release")),
    st.tuples(st.just("settle")),
    st.tuples(st.just("reopen")),
    st.tuples(st.just("move"), st.sampled_from(["suspended", "active"])),
)


class Purse:
    """One envelope of ten yuan in two halves, and everybody who may do something about it."""

    def __init__(self) -> None:
        self.envelope = granted(300_000)
        parts = [TranchePlan(amount_minor=149_500), TranchePlan(amount_minor=500)]
        plan_tranches(by=staff("approver"), envelope=self.envelope, parts=parts)
        paid(self.envelope, 149_500)  # five yuan are left of the first half, and two parts wait

    def do(self, name: str, *rest) -> None:
        try:
            with transaction.atomic():
                getattr(self, name, lambda at: self.decide(name, at))(*rest)
        except Refused as refusal:
            assert str(refusal)

    def at(self, place: int) -> Expense:
        rows = list(Expense.objects.order_by("-pk")[:6])
        return rows[place % len(rows)]

    def hand_in(self, amount: int) -> None:
        handed_in(self.envelope, amount)

    def edit(self, place: int, amount: int) -> None:
        row = self.at(place)
        edit_expense(by=koc(), expense=row, draft=kept(row, amount_minor=amount))

    def withdraw(self, place: int) -> None:
        withdraw_expense(by=koc(), expense=self.at(place))

    def decide(self, to: str, place: int) -> None:
        if to == "unpaid":
            unpay_expense(by=staff("finance"), expense=self.at(place), reason="退票")
            return
        by = staff("finance" if to == "paid" else "approver")
        decide_expense(by=by, expense=self.at(place), to=to, reason="看过了")

    def release(self) -> None:
        waits = Tranche.objects.filter(released_at=None).first()
        if waits:
            release_tranche(by=staff("approver"), tranche=waits)

    def settle(self) -> None:
        settle(by=staff("finance"), envelope=self.envelope, reason="办完了")

    def reopen(self) -> None:
        reopen(by=staff("finance"), envelope=self.envelope, reason="迟到的票")

    def move(self, to: str) -> None:
        move_endorsement(by=staff("approver"), endorsement=Endorsement.objects.get(), to=to, reason="看一看")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=st.lists(steps, max_size=14))
def test_no_sequence_of_operations_makes_reserved_and_spent_more_than_was_granted(done):
    with transaction.atomic():
        purse = Purse()
        for step in done:
            purse.do(*step)
            the_ledger_tells_the_counters(purse.envelope)
        transaction.set_rollback(True)


# --- at once


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_threads_with_anything_at_once_the_ledger_stays_exact():
    envelope = granted(50_000)
    rows = [handed_in(envelope, 9_000) for _number in range(9)]
    approver, finance, leader = staff("approver"), staff("finance"), koc()
    works = [lambda row=row: approve_expense(by=approver, expense=row) for row in rows]
    works += [
        lambda row=row: edit_expense(by=leader, expense=row, draft=kept(row, amount_minor=8_000)) for row in rows[:3]
    ]
    works += [lambda row=row: withdraw_expense(by=leader, expense=row) for row in rows[3:5]]
    at_once(*works)
    the_ledger_tells_the_counters(envelope)
    rows = list(Expense.objects.order_by("pk"))
    works = [lambda row=row: decide_expense(by=finance, expense=row, to="paid") for row in rows]
    works += [lambda row=row: decide_expense(by=finance, expense=row, to="returned", reason="缺票") for row in rows]
    works.append(lambda: settle(by=finance, envelope=envelope, reason="办完了"))
    at_once(*works)
    the_ledger_tells_the_counters(envelope)
    assert counters(envelope)[2] == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_part_that_two_release_at_once_is_released_once():
    envelope = granted(800_000)
    part, by, other = envelope.tranches.last(), staff("approver"), staff("approver", "second")
    results = at_once(*(lambda one=one: release_tranche(by=one, tranche=part) for one in (by, other, by, other)))
    assert sum(isinstance(result, Conflict) for result in results) == 3
    assert counters(envelope) == (800_000, 800_000, 0, 0, 0)
    the_ledger_tells_the_counters(envelope)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_receipt_that_is_handed_in_while_the_money_is_settled_is_in_time_or_late():
    envelope = granted(50_000)
    accounted(envelope)
    leader, finance = koc(), staff("finance")
    given_file = receipt(leader)
    results = at_once(
        lambda: settle(by=finance, envelope=envelope),
        lambda: handed_in(envelope, 10_000, by=leader, receipt=given_file),
    )
    the_ledger_tells_the_counters(envelope)
    assert Expense.objects.get().state == "submitted"
    assert isinstance(results[0], Conflict) or fresh(envelope).is_settled


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_approval_while_the_endorsement_is_suspended_is_before_or_refused():
    envelope = granted(50_000)
    row, by = handed_in(envelope, 10_000), staff("approver")
    endorsement = Endorsement.objects.get()
    results = at_once(
        lambda: move_endorsement(by=by, endorsement=endorsement, to="suspended", reason="出了事故"),
        lambda: approve_expense(by=by, expense=row),
    )
    assert isinstance(results[0], Endorsement)
    assert isinstance(results[1], Conflict) or results[1].state == "approved"
    the_ledger_tells_the_counters(envelope)


# --- what was endorsed before


def test_what_was_granted_before_there_were_envelopes_gets_its_own(monkeypatch):
    monkeypatch.setattr("tasks.actions.endorsements.grant_money", lambda **_values: None)
    decide(by=staff("approver"), initiative=submitted(asks=asked(50_000)), verdict="full", reason="值得")
    decide(by=staff("approver"), initiative=submitted(asks=(), title="雪地"), verdict="full", reason="值得")
    assert not Envelope.objects.exists()
    (name,) = (module.name for module in iter_modules(migrations.__path__) if module.name.endswith("_money"))
    import_module(f"tasks.migrations.{name}").grant_what_was_promised(apps, None)
    envelope = Envelope.objects.get()
    assert counters(envelope) == (50_000, 50_000, 0, 0, 0) and envelope.initiative.title == "皖南秋色慢行"
    paid(envelope, 50_000)
    the_ledger_tells_the_counters(envelope)
