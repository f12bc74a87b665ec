"""Material that the brand lends: reserved, sent, received, sent back, counted; nothing twice and nothing unseen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kocforum.errors import Conflict, Forbidden, Invalid, Refused
from kocforum.members.models import Member
from tasks.actions.endorsements import expire_due, move_endorsement
from tasks.actions.events import cancel_event
from tasks.actions.material import move_loan, remind_due
from tasks.actions.money import reopen, settle
from tasks.actions.stock import count_stock, keep_item
from tasks.models import Endorsement, Envelope, Loan, StockItem, StockMove
from tests.at_once import at_once
from tests.people import make_member
from tests.tasks.initiatives import agreed, koc, member, opened_event, planned_event
from tests.tasks.material import counts, endorsed, in_days, item, lent, moved, the_rows_tell_the_stock
from tests.tasks.money import asked, staff

pytestmark = pytest.mark.django_db


def revoke(to: str = "revoked") -> None:
    move_endorsement(by=staff("approver"), endorsement=Endorsement.objects.get(), to=to, reason="出了事故")


def settled() -> Envelope:
    return settle(by=staff("finance"), envelope=Envelope.objects.get(), reason="办完了")


# --- stock


def test_approvers_keep_stock_and_nobody_else():
    for who in (koc(), staff("finance"), staff("operator")):
        with pytest.raises(Forbidden):
            keep_item(by=who, name="帐篷", unit="顶")
    thing = item(3)
    assert counts(thing) == (3, 0, 0)
    with pytest.raises(Conflict):
        item(3)
    for wrong in ({"name": " "}, {"unit": ""}, {"on_hand": -1}):
        with pytest.raises(Invalid) as refused:
            keep_item(by=staff("approver"), **{"name": "帐篷", "unit": "顶", **wrong})
        assert set(refused.value.fields) == set(wrong)


def test_what_is_reserved_is_never_counted_away():
    thing, made = item(5), endorsed()
    lent(made, thing, 4)
    by = staff("approver")
    with pytest.raises(Forbidden):
        count_stock(by=staff("finance"), item=thing, change=1, reason="买的")
    with pytest.raises(Conflict):
        count_stock(by=by, item=thing, change=-2, reason="坏了")
    with pytest.raises(Invalid):
        count_stock(by=by, item=thing, change=0, reason="坏了")
    with pytest.raises(Invalid):
        count_stock(by=by, item=thing, change=-1, reason=" ")
    assert count_stock(by=by, item=thing, change=-1, reason="坏了").free == 0
    assert count_stock(by=by, item=thing, change=6, reason="买的").free == 6
    the_rows_tell_the_stock(thing)


def test_the_database_itself_keeps_what_is_reserved_within_what_is_there():
    thing = item(5)
    with pytest.raises(IntegrityError), transaction.atomic():
        StockItem.objects.filter(pk=thing.pk).update(reserved=6)
    loan = lent(endorsed(), thing)
    for broken in ({"gone": 1}, {"quantity": 0}, {"state": "lost", "gone": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Loan.objects.filter(pk=loan.pk).update(**broken)


# --- reserve


def test_material_is_reserved_while_the_decision_lends_it_and_the_endorsement_is_in_force():
    thing = item(5)
    without = endorsed(asks=asked(50_000), title="雪地")
    with pytest.raises(Conflict):
        lent(without, thing)
    made = endorsed()
    loan = lent(made, thing, 2)
    assert (loan.state, counts(thing)) == ("reserved", (5, 2, 0))
    endorsement = Endorsement.objects.get(initiative=made)
    for to in ("suspended", "revoked"):
        move_endorsement(by=staff("approver"), endorsement=endorsement, to=to, reason="看一看")
        with pytest.raises(Conflict):
            lent(made, thing)
    the_rows_tell_the_stock(thing)


def test_who_reserves_how_many_and_until_when():
    thing, made = item(5), endorsed()
    for who in (koc(), member("su"), staff("finance"), make_member("lin")):
        with pytest.raises(Forbidden):
            lent(made, thing, by=who)
    own = endorsed(by=koc("he"), title="夜骑")
    with pytest.raises(Forbidden):
        lent(own, thing, by=now_approver(own.proposer))
    with pytest.raises(Conflict):
        lent(made, thing, 6)
    for wrong in ({"quantity": 0}, {"due_back_on": None}, {"due_back_on": in_days(-1)}):
        with pytest.raises(Invalid) as refused:
            lent(made, thing, **wrong)
        assert set(refused.value.fields) == set(wrong)
    assert not Loan.objects.exists() and counts(thing) == (5, 0, 0)


def now_approver(who: Member) -> Member:
    """Who led an initiative works for the brand today."""
    Member.objects.filter(pk=who.pk).update(is_staff=True, role="approver")
    return Member.objects.get(pk=who.pk)


# --- the way of a loan


def test_flags_go_out_and_come_home_and_each_says_what_they_know():
    thing, made = item(10), endorsed()
    loan = lent(made, thing, 4)
    leader, house = koc(), staff("approver")
    with pytest.raises(Forbidden):
        move_loan(by=member("su"), loan=loan, to="received")  # asked to stand in, and has not said yes
    agreed(loan.initiative)
    with pytest.raises(Forbidden):
        move_loan(by=leader, loan=loan, to="shipped")
    move_loan(by=house, loan=loan, to="shipped")
    assert counts(thing) == (6, 0, 4)
    with pytest.raises(Forbidden):
        move_loan(by=house, loan=loan, to="received")
    with pytest.raises(Forbidden):
        move_loan(by=make_member("lin"), loan=loan, to="received")
    move_loan(by=member("su"), loan=loan, to="received")
    with pytest.raises(Conflict):
        move_loan(by=leader, loan=loan, to="consumed")
    move_loan(by=leader, loan=loan, to="sent_back")
    with pytest.raises(Invalid):
        move_loan(by=house, loan=loan, to="returned", came_back=3)
    with pytest.raises(Invalid):
        move_loan(by=house, loan=loan, to="returned", came_back=5)
    move_loan(by=house, loan=loan, to="returned", came_back=3, reason="一面被风吹走了")
    assert (loan.state, loan.gone, counts(thing)) == ("returned", 1, (9, 0, 0))
    with pytest.raises(Conflict):
        move_loan(by=house, loan=loan, to="lost", reason="再丢一次")
    the_rows_tell_the_stock(thing)
    steps = StockMove.objects.filter(loan=loan).values_list("to_state", "by__username")
    assert list(steps) == [("reserved", "approver"), ("shipped", "approver"), ("received", "su"), ("sent_back", "zhou"), ("returned", "approver")]  # fmt: skip


def test_what_is_given_away_is_used_up_and_a_parcel_can_be_lost():
    gifts, made = item(50, "车贴", unit="枚", returnable=False), endorsed()
    loan = moved(lent(made, gifts, 30), "shipped", "received")
    assert loan.due_back_on is None
    move_loan(by=koc(), loan=loan, to="consumed")
    assert (loan.gone, counts(gifts)) == (30, (20, 0, 0))
    parcel = moved(lent(made, gifts, 5), "shipped", "lost")
    assert (parcel.gone, counts(gifts)) == (5, (15, 0, 0))
    flags = item(2)
    with pytest.raises(Invalid):
        moved(lent(made, flags), "shipped", "lost")
    rest = moved(lent(made, gifts, 10), "shipped", "received", "sent_back", "returned", came_back=4)
    assert rest.gone == 6
    the_rows_tell_the_stock(gifts)


def test_nothing_is_sent_while_it_is_suspended_and_what_is_out_still_comes_home():
    thing = item(5)
    made = endorsed()
    waits, out = lent(made, thing), moved(lent(made, thing), "shipped", "received")
    revoke("suspended")
    with pytest.raises(Conflict):
        moved(waits, "shipped")
    moved(out, "sent_back", "returned")
    assert counts(thing) == (5, 1, 0)


def test_who_saw_another_state_hears_it():
    loan = moved(lent(endorsed(), item(5)), "shipped")
    with pytest.raises(Conflict):
        move_loan(by=staff("approver"), loan=loan, to="lost", reason="没了", expected="reserved")
    assert Loan.objects.get().state == "shipped"


# --- what ends together


def test_revoking_frees_what_still_lies_in_the_house_and_nothing_else():
    thing, made = item(5), endorsed()
    waits, out = lent(made, thing, 2), moved(lent(made, thing, 1), "shipped")
    revoke()
    waits.refresh_from_db(), out.refresh_from_db()
    assert (waits.state, out.state, counts(thing)) == ("released", "shipped", (4, 0, 1))
    assert StockMove.objects.get(loan=waits, to_state="released").reason == "出了事故"
    the_rows_tell_the_stock(thing)


def test_an_endorsement_that_expires_frees_it_too():
    thing = item(5)
    lent(endorsed(), thing, 2)
    Endorsement.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert expire_due() == 1 and counts(thing) == (5, 0, 0)


def test_cancelling_the_last_event_frees_it_and_one_of_two_does_not():
    thing, made = item(5), endorsed()
    first, second = opened_event(made), planned_event(made, title="第二天")
    lent(made, thing, 2)
    cancel_event(by=koc(), event=first, reason="下雪")
    assert counts(thing) == (5, 2, 0)
    cancel_event(by=koc(), event=second, reason="下雪")
    assert counts(thing) == (5, 0, 0) and Loan.objects.get().state == "released"


@pytest.mark.parametrize("steps", [(), ("shipped",), ("shipped", "received"), ("shipped", "received", "sent_back")])
def test_the_money_is_not_settled_while_flags_are_out(steps):
    loan = moved(lent(endorsed(), item(5)), *steps)
    with pytest.raises(Conflict) as refused:
        settled()
    assert "1" in str(refused.value) and not Envelope.objects.get().is_settled
    moved(loan, "returned" if steps else "released")
    assert settled().is_settled


def test_what_is_used_up_does_not_hold_the_settlement_and_nothing_is_lent_after_it():
    gifts, made = item(50, "车贴", unit="枚", returnable=False), endorsed()
    moved(lent(made, gifts, 30), "shipped", "received")
    envelope = settled()
    with pytest.raises(Conflict):
        lent(made, gifts)
    reopen(by=staff("finance"), envelope=envelope, reason="迟到的票")
    assert lent(made, gifts).state == "reserved"


def test_three_days_before_it_is_due_its_leader_is_reminded_once():
    thing, made = item(9), endorsed()
    moved(lent(made, thing, due_back_on=in_days(3)), "shipped", "received")
    moved(lent(made, thing, due_back_on=in_days(4)), "shipped", "received")
    lent(made, thing, due_back_on=in_days(1))
    assert (remind_due(), remind_due()) == (1, 0)


# --- any sequence

TARGETS = ("shipped", "received", "sent_back", "returned", "consumed", "lost", "released")
steps = st.one_of(
    st.tuples(st.just("lend"), st.integers(1, 6), st.just("")),
    st.tuples(st.just("count"), st.integers(-6, 6), st.just("")),
    st.tuples(st.just("end"), st.integers(0, 2), st.just("")),
    st.tuples(st.sampled_from(TARGETS), st.integers(0, 5), st.sampled_from(["approver", "zhou"])),
)


class Shelf:
    """One thing, one initiative, and what people do with them."""

    def __init__(self, returnable: bool) -> None:
        self.item, self.initiative = item(8, returnable=returnable), endorsed()
        self.loans: list[Loan] = []

    def do(self, what: str, number: int, who: str) -> None:
        try:
            with transaction.atomic():
                self._do(what, number, who)
        except Refused:
            pass

    def _do(self, what: str, number: int, who: str) -> None:
        if what == "lend":
            self.loans.append(lent(self.initiative, self.item, number))
        elif what == "count":
            count_stock(by=staff("approver"), item=self.item, change=number, reason="点过了")
        elif what == "end":
            revoke(("suspended", "active", "revoked")[number])
        elif self.loans:
            by = koc() if who == "zhou" else staff("approver")
            loan = self.loans[number % len(self.loans)]
            move_loan(by=by, loan=loan, to=what, came_back=number or None, reason="丢了")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=st.lists(steps, max_size=16), returnable=st.booleans())
def test_no_sequence_reserves_more_than_there_is_and_nothing_vanishes(done, returnable):
    with transaction.atomic():
        shelf = Shelf(returnable)
        for step in done:
            shelf.do(*step)
            the_rows_tell_the_stock(shelf.item)
        transaction.set_rollback(True)


# --- at once


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_reserve_the_last_flag_at_once_one_gets_it():
    thing, by, other = item(1), staff("approver"), staff("approver", "second")
    first, second = endorsed(), endorsed(title="雪地")
    results = at_once(lambda: lent(first, thing, by=by), lambda: lent(second, thing, by=other))
    assert sorted(type(one).__name__ for one in results) == ["Conflict", "Loan"]
    assert counts(thing) == (1, 1, 0)
    the_rows_tell_the_stock(thing)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_flag_that_is_reserved_while_the_endorsement_is_revoked_is_free_afterwards():
    thing, made, by = item(3), endorsed(), staff("approver")
    at_once(revoke, *[lambda: lent(made, thing, by=by)] * 3)
    assert counts(thing) == (3, 0, 0) and not Loan.objects.filter(state="reserved").exists()
    the_rows_tell_the_stock(thing)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_flag_that_is_reserved_while_the_money_is_settled_is_in_time_or_refused():
    thing, made, by, finance = item(3), endorsed(), staff("approver"), staff("finance")
    envelope = Envelope.objects.get()
    results = at_once(lambda: settle(by=finance, envelope=envelope, reason="办完了"), lambda: lent(made, thing, by=by))
    assert sum(isinstance(one, Conflict) for one in results) == 1
    assert Envelope.objects.get().is_settled is (counts(thing)[1] == 0)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_parcel_is_counted_once_whoever_counts_it():
    thing = item(5)
    loan = moved(lent(endorsed(), thing, 4), "shipped")
    by, other = staff("approver"), staff("approver", "second")
    works = [lambda who=who: move_loan(by=who, loan=Loan.objects.get(pk=loan.pk), to="returned") for who in (by, other)]
    results = at_once(*works)
    assert sorted(type(one).__name__ for one in results) == ["Conflict", "Loan"]
    the_rows_tell_the_stock(thing)
