"""Expenses: handed in with a receipt, approved by another, paid by a third; the last of the money, changes, doubles (I12 to I16)."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.uploads.models import Upload
from tasks.actions.events import cancel_event
from tasks.actions.expenses import edit_expense, withdraw_expense
from tasks.actions.leaving import forget_member
from tasks.actions.payments import (
    approve_expense,
    decide_expense,
    pay_expense,
    refuse_expense,
    return_expense,
    unpay_expense,
)
from tasks.models import Envelope, Expense, Initiative
from tasks.queries.receipts import distance, look_of
from tests.at_once import at_once
from tests.people import make_member
from tests.tasks.initiatives import agreed, koc, member, opened_event
from tests.tasks.money import (
    approved,
    counters,
    granted,
    handed_in,
    kept,
    paid,
    pixels,
    receipt,
    staff,
    the_ledger_tells_the_counters,
)

pytestmark = pytest.mark.django_db


def state_of(expense: Expense) -> str:
    return Expense.objects.get(pk=expense.pk).state


# --- the way of an expense


def test_an_expense_is_handed_in_approved_and_paid_by_three_people():
    envelope = granted(50_000)
    made = handed_in(envelope, 12_000, payee="黄山水站", fapiao="2434 2000-0000 1234 5678")
    assert (made.state, made.fapiao, counters(envelope)) == (
        "submitted",
        "24342000000012345678",
        (50_000, 50_000, 0, 0, 0),
    )
    assert approve_expense(by=staff("approver"), expense=made).state == "approved"
    assert counters(envelope) == (50_000, 50_000, 12_000, 0, 0)
    done = pay_expense(by=staff("finance"), expense=made, payment="CMB 20261130-7")
    assert (done.state, done.payment, done.payer.username) == ("paid", "CMB 20261130-7", "finance")
    assert counters(envelope) == (50_000, 50_000, 0, 12_000, 0)
    assert [move.to_state for move in done.moves.all()] == ["submitted", "approved", "paid"]
    the_ledger_tells_the_counters(envelope)


def test_who_leads_it_hands_in_and_nobody_else():
    envelope = granted()
    with pytest.raises(Forbidden):
        handed_in(envelope, by=member("su"))  # asked to stand in, and has not said yes
    agreed(envelope.initiative)
    assert handed_in(envelope, by=envelope.initiative.deputy).submitter.username == "su"
    for who in (make_member("lin"), staff("approver"), staff("finance"), staff("admin")):
        with pytest.raises(Forbidden):
            handed_in(envelope, by=who)
    Initiative.objects.update(deputy=None)
    with pytest.raises(Forbidden):
        handed_in(Envelope.objects.get(), by=member("su"))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount_minor": 0}, "amount_minor"),
        ({"amount_minor": -5}, "amount_minor"),
        ({"amount_minor": 50_001}, "amount_minor"),
        ({"currency": "EUR"}, "rate"),
        ({"issued_on": timezone.localdate() + timedelta(days=3)}, "issued_on"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(values, field):
    with pytest.raises(Invalid) as refused:
        handed_in(granted(50_000), **values)
    assert set(refused.value.fields) == {field}


def test_a_receipt_is_an_own_picture_that_belongs_to_nothing_else():
    envelope = granted()
    used = handed_in(envelope).receipt
    film = receipt()
    Upload.objects.filter(pk=film.pk).update(kind="video")
    for file in (receipt(make_member("lin")), used, film, 0):
        with pytest.raises(Invalid) as refused:
            handed_in(envelope, receipt=file or 987_654)
        assert set(refused.value.fields) == {"receipt"}
    assert Expense.objects.count() == 1


def test_a_line_of_another_envelope_is_refused():
    other = granted(title="雪地")
    with pytest.raises(Invalid):
        handed_in(granted(), line=other.lines.first())


def test_what_is_returned_waits_for_who_handed_it_in_and_comes_back_with_the_change():
    envelope = granted()
    made = handed_in(envelope)
    with pytest.raises(Invalid):
        return_expense(by=staff("approver"), expense=made, reason=" ")
    return_expense(by=staff("approver"), expense=made, reason="看不清金额")
    with pytest.raises(Conflict):
        approve_expense(by=staff("approver"), expense=made)
    again = edit_expense(by=koc(), expense=made, draft=kept(made, receipt=receipt()))
    assert (again.state, again.reason, again.revision) == ("submitted", "", 2)
    assert Upload.objects.loose().count() == 1  # the unreadable one
    assert approve_expense(by=staff("approver"), expense=made).state == "approved"


def test_finance_returns_what_is_approved_when_something_is_missing_and_the_promise_is_free_again():
    envelope = granted()
    made = approved(envelope, 12_000)
    assert return_expense(by=staff("finance"), expense=made, reason="抬头不对").approver is None
    assert counters(envelope) == (50_000, 50_000, 0, 0, 0)
    with pytest.raises(Forbidden):
        return_expense(by=staff("finance"), expense=handed_in(envelope), reason="抬头不对")
    the_ledger_tells_the_counters(envelope)


def test_what_is_taken_back_frees_its_promise_and_what_is_paid_stays():
    envelope = granted()
    made = approved(envelope, 12_000)
    assert withdraw_expense(by=koc(), expense=made).state == "withdrawn"
    assert counters(envelope)[2] == 0
    done = paid(envelope)
    with pytest.raises(Conflict):
        withdraw_expense(by=koc(), expense=done)
    with pytest.raises(Conflict):
        edit_expense(by=koc(), expense=done, draft=kept(done, note="x"))
    the_ledger_tells_the_counters(envelope)


def test_a_payment_that_came_back_is_promised_again_by_a_counter_entry():
    envelope = granted()
    made = paid(envelope, 12_000)
    for who in (koc(), staff("approver")):
        with pytest.raises(Forbidden):
            unpay_expense(by=who, expense=made, reason="退票")
    with pytest.raises(Invalid):
        unpay_expense(by=staff("finance"), expense=made, reason=" ")
    back = unpay_expense(by=staff("finance"), expense=made, reason="账号不对")
    assert (back.state, back.payer, back.approver.username) == ("approved", None, "approver")
    assert counters(envelope) == (50_000, 50_000, 12_000, 0, 0)
    with pytest.raises(Conflict):
        unpay_expense(by=staff("finance"), expense=made, reason="账号不对")
    assert pay_expense(by=staff("finance"), expense=made).state == "paid"
    the_ledger_tells_the_counters(envelope)


def test_a_replay_hands_in_once():
    envelope, op_id, file = granted(), uuid.uuid4(), receipt()
    first = handed_in(envelope, receipt=file, op_id=op_id)
    again = handed_in(envelope, receipt=file, op_id=op_id)
    assert first.pk == again.pk and again.replayed and Expense.objects.count() == 1


def test_a_foreign_receipt_keeps_its_amount_its_rate_and_the_day_of_it():
    day = timezone.localdate()
    made = handed_in(granted(), 1_005, currency="EUR", rate=Decimal("7.8150"), rate_on=day)
    assert (made.amount_minor, made.original_minor, made.original_currency) == (7_854, 1_005, "EUR")  # 78.54075
    yen = handed_in(Envelope.objects.get(), 500, currency="JPY", rate=Decimal("0.0475"), rate_on=day)
    assert yen.amount_minor == 2_375  # ¥23.75: a yen has no smaller unit
    with pytest.raises(IntegrityError), transaction.atomic():
        Expense.objects.filter(pk=made.pk).update(rate=None)


# --- I12: the last of the money


def test_i12_who_asks_for_more_than_is_left_hears_how_much_that_is():
    envelope = granted(50_000)
    first, second = handed_in(envelope, 38_000), handed_in(envelope, 38_000)
    approve_expense(by=staff("approver"), expense=first)
    with pytest.raises(Conflict, match=r"¥120\.00"):
        approve_expense(by=staff("approver"), expense=second)
    with pytest.raises(Invalid, match=r"¥120\.00"):
        handed_in(envelope, 12_001)
    less = edit_expense(by=koc(), expense=second, draft=kept(second, amount_minor=12_000))
    assert approve_expense(by=staff("approver"), expense=less).state == "approved"
    assert counters(envelope) == (50_000, 50_000, 50_000, 0, 0)


def test_i12_only_what_is_released_can_be_promised():
    envelope = granted(800_000)
    made = handed_in(envelope, 400_001)
    with pytest.raises(Conflict, match=r"¥4,000\.00"):
        approve_expense(by=staff("approver"), expense=made)
    assert state_of(made) == "submitted" and counters(envelope)[2] == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_i12_of_two_that_want_the_last_of_it_at_once_one_gets_it():
    envelope = granted(50_000)
    rows = [handed_in(envelope, 30_000) for _number in range(4)]
    by = [staff("approver", f"approver{number}") for number in range(4)]
    results = at_once(
        *(lambda one=one, row=row: approve_expense(by=one, expense=row) for one, row in zip(by, rows, strict=True))
    )
    assert sum(isinstance(result, Conflict) for result in results) == 3
    assert counters(envelope) == (50_000, 50_000, 30_000, 0, 0)
    the_ledger_tells_the_counters(envelope)


# --- I13: changed after the approval


@pytest.mark.parametrize(
    "change",
    [
        {"amount_minor": 9_000},
        {"payee": "别家"},
        {"fapiao": "12345678"},
        {"related_party": True},
        {"receipt": "new"},
        {"issued_on": "before"},
    ],
)
def test_i13_what_was_approved_and_changes_is_handed_in_again(change):
    envelope = granted()
    made = approved(envelope, 12_000)
    change = {name: {"new": receipt, "before": lambda: timezone.localdate() - timedelta(days=1)}[value]() if isinstance(value, str) and value in {"new", "before"} else value for name, value in change.items()}  # fmt: skip
    again = edit_expense(by=koc(), expense=made, draft=kept(made, **change))
    assert (again.state, again.approver, again.approved_at) == ("submitted", None, None)
    assert counters(envelope) == (50_000, 50_000, 0, 0, 0)
    with pytest.raises(Conflict):
        pay_expense(by=staff("finance"), expense=again)
    the_ledger_tells_the_counters(envelope)


def test_i13_words_change_without_a_new_approval():
    made = approved(granted())
    same = edit_expense(by=koc(), expense=made, draft=kept(made, note="两箱", what="矿泉水"))
    assert (same.state, same.note, same.approver.username, same.revision) == ("approved", "两箱", "approver", 1)


def test_i13_what_was_changed_after_somebody_looked_is_looked_at_again():
    made = handed_in(granted())
    edit_expense(by=koc(), expense=made, draft=kept(made, amount_minor=49_000))
    with pytest.raises(Conflict):
        approve_expense(by=staff("approver"), expense=made, revision=1)
    assert approve_expense(by=staff("approver"), expense=made, revision=2).state == "approved"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_i13_an_approval_and_a_change_at_once_never_promise_what_nobody_saw():
    envelope = granted()
    made, by, leader = handed_in(envelope, 12_000), staff("approver"), koc()
    at_once(
        lambda: edit_expense(by=leader, expense=made, draft=kept(made, amount_minor=49_000)),
        lambda: approve_expense(by=by, expense=made, revision=1),
    )
    now = Expense.objects.get()
    assert (now.state, now.amount_minor) == ("submitted", 49_000)
    the_ledger_tells_the_counters(envelope)


# --- I14: the same receipt twice


def test_i14_a_fapiao_is_paid_once_whatever_the_initiative():
    handed_in(granted(), fapiao="011002300111 12345678")
    other = granted(title="雪地")
    with pytest.raises(Conflict):
        handed_in(other, fapiao="011002300111-12345678")
    made = handed_in(other)
    with pytest.raises(Conflict):
        edit_expense(by=koc(), expense=made, draft=kept(made, fapiao="01100230011112345678"))
    assert Expense.objects.exclude(fapiao="").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Expense.objects.filter(pk=made.pk).update(fapiao="01100230011112345678")


def test_i14_the_same_file_is_paid_once():
    handed_in(granted(), receipt=receipt(sha256="a" * 64))
    with pytest.raises(Conflict):
        handed_in(granted(title="雪地"), receipt=receipt(sha256="a" * 64))
    made = handed_in(Envelope.objects.first())
    with pytest.raises(IntegrityError), transaction.atomic():
        Expense.objects.filter(pk=made.pk).update(receipt_sha256="a" * 64)


def test_i14_what_was_refused_or_taken_back_can_be_handed_in_where_it_belongs():
    made = handed_in(granted(), fapiao="12345678", receipt=receipt(sha256="a" * 64))
    refuse_expense(by=staff("approver"), expense=made, reason="属于另一个项目")
    again = handed_in(granted(title="雪地"), fapiao="12345678", receipt=receipt(sha256="a" * 64))
    withdraw_expense(by=koc(), expense=again)
    assert handed_in(Envelope.objects.first(), fapiao="12345678").state == "submitted"


def test_i14_the_same_picture_saved_anew_is_noticed_and_another_is_not():
    first = handed_in(granted(), receipt=receipt(seed="water"))
    again = receipt(seed="water", sha256="b" * 64)
    with Image.open(io.BytesIO(pixels("water"))) as image:
        brighter = image.point(lambda grey: min(255, grey + 18)).resize((300, 282))
    file = io.BytesIO()
    brighter.save(file, "JPEG", quality=60)
    again.thumbnail.save("again.jpg", ContentFile(file.getvalue()))
    assert distance(look_of(again), first.receipt_look) <= 10
    assert handed_in(granted(title="雪地"), receipt=again).looks_like == first
    assert handed_in(granted(title="夜骑"), receipt=receipt(seed="bread")).looks_like is None


def test_i14_the_same_payee_day_and_amount_are_noticed():
    day = timezone.localdate()
    first = handed_in(granted(), 12_000, payee="黄山水站", issued_on=day)
    other = granted(title="雪地")
    assert handed_in(other, 12_000, payee="黄山水站", issued_on=day).looks_like == first
    assert handed_in(other, 12_001, payee="黄山水站", issued_on=day).looks_like is None
    assert handed_in(other, 12_000, issued_on=day).looks_like is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_i14_the_same_fapiao_twice_at_once_is_handed_in_once():
    envelope, other = granted(), granted(title="雪地")
    files = [receipt(koc()) for _number in range(4)]
    results = at_once(
        *(
            lambda file=file, at=at: handed_in(at, 1_000, receipt=file, fapiao="12345678")
            for file, at in zip(files, (envelope, other, envelope, other), strict=True)
        )
    )
    assert sum(isinstance(result, Conflict) for result in results) == 3 and Expense.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_i14_the_same_file_twice_at_once_is_handed_in_once():
    envelope, other = granted(), granted(title="雪地")
    files = [receipt(koc(), sha256="a" * 64) for _number in range(4)]
    results = at_once(
        *(
            lambda file=file, at=at: handed_in(at, 1_000, receipt=file)
            for file, at in zip(files, (envelope, other, envelope, other), strict=True)
        )
    )
    assert sum(isinstance(result, Conflict) for result in results) == 3 and Expense.objects.count() == 1


# --- I15: who approves, who pays


def test_i15_nobody_approves_or_pays_the_own_expense():
    envelope = granted()
    made = handed_in(envelope)
    for who in (koc(), member("su"), staff("finance"), staff("researcher"), make_member("lin")):
        with pytest.raises(Forbidden):
            approve_expense(by=who, expense=made)
    both = staff("admin")
    approve_expense(by=both, expense=made)
    for who in (both, koc(), staff("approver")):
        with pytest.raises(Forbidden):
            pay_expense(by=who, expense=made)
    assert pay_expense(by=staff("finance"), expense=made).state == "paid"


def test_i15_a_colleague_who_leads_the_initiative_answers_none_of_its_expenses():
    envelope = granted()
    close = staff("admin")
    Initiative.objects.update(deputy=close)
    made = handed_in(Envelope.objects.get())
    with pytest.raises(Forbidden):
        approve_expense(by=close, expense=made)
    approve_expense(by=staff("approver"), expense=made)
    with pytest.raises(Forbidden):
        pay_expense(by=close, expense=made)
    assert counters(envelope)[3] == 0


@pytest.mark.parametrize(
    ("role", "values"),
    [("approver", {"approver": "lead"}), ("payer", {"payer": "lead"}), ("payer", {"payer": "approver"})],
)
def test_i15_the_database_keeps_the_three_apart(role, values):
    made = approved(granted())
    people = {"lead": made.submitter_id, "approver": made.approver_id}
    change = {f"{name}_id": people[who] for name, who in values.items()}
    if role == "payer":
        change |= {"state": "paid", "paid_at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Expense.objects.filter(pk=made.pk).update(**change)


@pytest.mark.parametrize("values", [{"related_party": True}, {"amount_minor": 1_000_001}])
def test_i15_what_goes_to_somebody_close_and_what_is_large_is_approved_by_two(values):
    envelope = granted(3_000_000)
    made = handed_in(envelope, **values)
    first, second = staff("approver"), staff("approver", "second")
    assert approve_expense(by=first, expense=made).waits_for_a_second and counters(envelope)[2] == 0
    with pytest.raises(Forbidden):
        approve_expense(by=first, expense=made)
    with pytest.raises(IntegrityError), transaction.atomic():
        Expense.objects.filter(pk=made.pk).update(state="approved", approved_at=timezone.now())
    done = approve_expense(by=second, expense=made)
    assert (done.state, done.approver, done.second_approver) == ("approved", first, second)
    again = edit_expense(by=koc(), expense=done, draft=kept(done, payee="别家"))
    assert again.approver is None and again.second_approver is None
    the_ledger_tells_the_counters(envelope)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_i15_two_who_say_yes_at_once_are_two_and_one_who_presses_twice_is_one():
    envelope = granted(3_000_000)
    made = handed_in(envelope, related_party=True)
    first, second = staff("approver"), staff("approver", "second")
    at_once(*(lambda: approve_expense(by=first, expense=made) for _time in range(3)))
    assert Expense.objects.get().waits_for_a_second
    at_once(*(lambda: approve_expense(by=second, expense=made) for _time in range(3)))
    assert state_of(made) == "approved" and counters(envelope)[2] == 10_000
    the_ledger_tells_the_counters(envelope)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_expense_that_is_paid_twice_at_once_is_paid_once():
    envelope = granted()
    made = approved(envelope, 12_000)
    by = [staff("finance", f"finance{number}") for number in range(3)]
    at_once(
        *(lambda one=one: decide_expense(by=one, expense=made, to="paid") for one in by),
        lambda: withdraw_expense(by=koc(), expense=made),
    )
    assert counters(envelope) in ((50_000, 50_000, 0, 12_000, 0), (50_000, 50_000, 0, 0, 0))
    the_ledger_tells_the_counters(envelope)


# --- I16: cancelled


def test_i16_after_everything_was_cancelled_only_what_cannot_be_undone_is_paid_from_its_line():
    envelope = granted(50_000)
    today = timezone.localdate()
    line = envelope.lines.get(kind="cancelling")
    event = opened_event(Initiative.objects.get())
    with pytest.raises(Invalid):
        handed_in(envelope, 5_000, line=line)
    cancel_event(by=koc(), event=event, reason="台风")
    with pytest.raises(Invalid) as refused:
        handed_in(envelope, 5_000, issued_on=today + timedelta(days=1))
    assert set(refused.value.fields) == {"line"}
    assert handed_in(envelope, 5_000, issued_on=today).state == "submitted"  # bought before anybody knew
    approved(envelope, 9_000, line=line)
    with pytest.raises(Conflict):
        approved(envelope, 1_001, line=line)  # a fifth of the money was agreed
    approved(envelope, 1_000, line=line)
    the_ledger_tells_the_counters(envelope)


# --- people who leave


def test_i17_expenses_stay_and_the_deputy_goes_on():
    envelope = granted()
    agreed(envelope.initiative)
    made = approved(envelope)
    forget_member(member_id=made.submitter_id)
    assert state_of(made) == "approved"
    su = member("su")
    made.refresh_from_db()
    assert withdraw_expense(by=su, expense=made).state == "withdrawn"
    assert handed_in(Envelope.objects.get(), by=su).submitter == su


def test_i14_a_fapiao_in_full_width_digits_is_the_same_fapiao():
    envelope = granted()
    handed_in(envelope, fapiao="12345678901234567890")
    with pytest.raises(Conflict):
        handed_in(envelope, fapiao="１２３４５６７８９０１２３４５６７８９０")


def test_what_was_changed_meanwhile_is_not_paid_returned_or_refused_as_it_was():
    made = approved(granted())
    with pytest.raises(Conflict):
        pay_expense(by=staff("finance"), expense=made, revision=made.revision + 1)
    for move in (return_expense, refuse_expense):
        other = handed_in(granted())
        with pytest.raises(Conflict):
            move(by=staff("approver"), expense=other, reason="x", revision=other.revision + 1)
    pay_expense(by=staff("finance"), expense=made, revision=made.revision)
