"""Pages, JSON, files and news about the money of an initiative."""

from __future__ import annotations

import csv
import io
import uuid

import pytest
from openpyxl import load_workbook

from kocforum.ledger.models import Fact
from kocforum.notifications.actions import mark_read
from kocforum.notifications.models import Notification
from kocforum.uploads.models import Upload
from tasks import kinds
from tasks.actions.money import account_for, settle
from tasks.actions.payments import approve_expense, refuse_expense, return_expense
from tasks.models import Envelope, Expense, Initiative
from tasks.queries.download import what_i_handed_in
from tests.people import make_member
from tests.tasks.initiatives import agreed, koc, member
from tests.tasks.money import approved, counters, granted, handed_in, paid, receipt, staff
from tests.tasks.test_pages import client_of, cost
from tests.tasks.test_survey_api import api
from tests.uploads.made import drawn, given, photo

pytestmark = pytest.mark.django_db


def typed(envelope: Envelope, **values) -> dict:
    line = envelope.lines.first().pk
    usual = {"amount": "120.00", "currency": "CNY", "what": "矿泉水", "line": line, "payee": "黄山水站"}
    return {**usual, "issued_on": "2026-11-01", "op_id": str(uuid.uuid4()), **values}


def pages_of(envelope: Envelope) -> str:
    return f"/initiatives/{envelope.initiative_id}/money/"


def desk_of(envelope: Envelope) -> str:
    return f"/desk/initiatives/{envelope.initiative_id}/money/"


def done(envelope: Envelope) -> Envelope:
    account_for(by=koc(), envelope=envelope, words="水都喝完了。", uploads=[receipt(koc())])
    return settle(by=staff("finance"), envelope=envelope)


# --- who sees it


def test_until_the_settlement_only_its_people_know_of_the_money():
    envelope = granted()
    made = handed_in(envelope, payee="黄山水站")
    asked = member("su")
    assert client_of(asked).get(pages_of(envelope)).status_code == 404
    assert client_of(asked).get(made.get_absolute_url()).status_code == 404
    assert client_of(asked).get(made.receipt.url).status_code == 404
    assert api(asked).get(f"/api/v1/initiatives/{envelope.initiative_id}/money/").status_code == 404
    assert api(asked).get(f"/api/v1/initiatives/{envelope.initiative_id}/expenses/").status_code == 403
    inside = [koc(), agreed(envelope.initiative), staff("approver"), staff("finance"), staff("admin")]
    outside = [None, make_member("lin"), staff("operator"), staff("researcher"), staff("engineer")]
    for who in inside:
        assert "黄山水站" in client_of(who).get(pages_of(envelope)).content.decode()
        assert client_of(who).get(made.get_absolute_url()).status_code == 200
        assert client_of(who).get(made.receipt.url).status_code == 200
    for who in outside:
        assert client_of(who).get(pages_of(envelope)).status_code == 404
        assert client_of(who).get(made.get_absolute_url()).status_code == (404 if who else 302)
        assert client_of(who).get(made.receipt.url).status_code == 404
        assert api(who).get(f"/api/v1/initiatives/{envelope.initiative_id}/money/").status_code == 404
        assert pages_of(envelope) not in client_of(who).get(f"/initiatives/{envelope.initiative_id}/").content.decode()


def test_after_the_settlement_everybody_reads_what_was_granted_and_spent_and_neither_payee_nor_receipt():
    envelope = granted(50_000)
    made = paid(envelope, 12_000, payee="黄山水站", fapiao="12345678", note="两箱")
    done(envelope)
    for who in (None, make_member("lin"), staff("operator")):
        page = client_of(who).get(pages_of(envelope)).content.decode()
        assert "¥120.00" in page and "¥380.00" in page and "水都喝完了。" in page
        assert not [word for word in ("黄山水站", "12345678", "两箱", made.receipt.token) if word in page]
        assert client_of(who).get(made.receipt.url).status_code == 404
        told = api(who).get(f"/api/v1/initiatives/{envelope.initiative_id}/money/").json()
        assert (told["spent_minor"], told["returned_minor"], told["tranches"]) == (12_000, 38_000, [])
    shown = Upload.objects.get(attached_to="account")
    assert client_of().get(shown.url).status_code == 200


def test_an_initiative_without_money_says_so_to_who_leads_it():
    made = granted().initiative
    Initiative.objects.filter(pk=made.pk).update(state="draft")
    other = Initiative.objects.create(proposer=koc(), title="雪地", summary="x", plan="x")
    assert client_of(koc()).get(f"/initiatives/{other.pk}/money/").status_code == 200
    assert client_of(staff("approver")).get(f"/initiatives/{other.pk}/money/").status_code == 404


@pytest.mark.parametrize("role", ["operator", "researcher", "engineer"])
def test_the_desk_of_the_money_does_not_exist_for_other_colleagues(role):
    envelope = granted()
    made, client = handed_in(envelope), client_of(staff(role))
    for path in ("/desk/money/", desk_of(envelope), f"{desk_of(envelope)}{made.pk}/"):
        assert client.get(path).status_code == 404
    assert client.post("/desk/money/export/").status_code == 404
    assert client.post(f"{desk_of(envelope)}{made.pk}/", {"to": "approved"}).status_code == 404


# --- the leader's page


def test_a_receipt_is_handed_in_from_a_phone_without_a_script():
    envelope, client = granted(), client_of(koc())
    answer = client.post(f"{pages_of(envelope)}new/", {**typed(envelope), "new_uploads": given(photo(drawn()))})
    assert answer.status_code == 302 and answer.url == pages_of(envelope)
    made = Expense.objects.get()
    assert (made.amount_minor, made.payee, made.receipt.owner) == (12_000, "黄山水站", koc())
    page = client.get(pages_of(envelope)).content.decode()
    assert "¥120.00" in page and made.receipt.thumbnail_url in page


def test_what_was_typed_and_the_photo_stay_when_something_is_wrong():
    envelope, client = granted(50_000), client_of(koc())
    path = f"{pages_of(envelope)}new/"
    answer = client.post(path, {**typed(envelope, amount="900"), "new_uploads": given(photo(drawn()))})
    page = answer.content.decode()
    assert answer.status_code == 422 and "¥500.00" in page and "黄山水站" in page
    kept = Upload.objects.get()
    assert f'name="uploads" value="{kept.pk}"' in page
    assert client.post(path, {**typed(envelope), "uploads": [kept.pk]}).status_code == 302
    assert Expense.objects.get().receipt == kept
    assert client.post(path, typed(envelope)).status_code == 422  # without a photo


def test_what_was_typed_is_not_lost_with_the_sign_in():
    envelope, client = granted(), client_of()
    answer = client.post(f"{pages_of(envelope)}new/", typed(envelope, payee="深渡码头"))
    assert answer.status_code == 302 and pages_of(envelope) in answer.url.replace("%2F", "/")
    client.force_login(koc())
    assert "深渡码头" in client.get(pages_of(envelope)).content.decode()


def test_an_expense_is_changed_and_taken_back_on_its_page():
    envelope, client = granted(), client_of(koc())
    made = approved(envelope, payee="黄山水站")
    path = made.get_absolute_url()
    assert client.post(path, typed(envelope, amount="80")).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.amount_minor, counters(envelope)[2]) == ("submitted", 8_000, 0)
    assert client.post(path, typed(envelope, amount="x")).status_code == 422
    assert client.post(f"{path}withdraw/").status_code == 302
    assert Expense.objects.get().state == "withdrawn"
    assert client.get(path).status_code == 200 and client.post(path, typed(envelope)).status_code == 302
    assert Expense.objects.get().amount_minor == 8_000


def test_who_leads_it_tells_in_the_end_what_was_done():
    envelope, client = granted(), client_of(koc())
    path = f"{pages_of(envelope)}account/"
    assert client.post(path, {"words": "水都喝完了。"}).status_code == 422
    assert client.post(path, {"words": "水都喝完了。", "new_uploads": given(photo(drawn()))}).status_code == 302
    assert "水都喝完了。" in client.get(pages_of(envelope)).content.decode()
    assert client_of(make_member("lin")).post(path, {"words": "x"}).status_code == 404


# --- the desk


def test_colleagues_answer_and_pay_from_the_desk():
    envelope, approver, finance = granted(), client_of(staff("approver")), client_of(staff("finance"))
    made = handed_in(envelope, 12_000, payee="黄山水站")
    path = f"{desk_of(envelope)}{made.pk}/"
    assert path in approver.get("/desk/money/").content.decode()
    assert 'value="approved"' in approver.get(path).content.decode()
    assert 'value="approved"' not in finance.get(path).content.decode()
    refused = approver.post(path, {"to": "returned", "reason": " "})
    assert refused.status_code == 422
    assert approver.post(path, {"to": "approved", "revision": "9"}).status_code == 422
    assert approver.post(path, {"to": "approved", "revision": "1"}).status_code == 302
    assert 'value="paid"' not in approver.get(path).content.decode()
    assert finance.post(path, {"to": "paid", "payment": "CMB-7"}).status_code == 302
    assert Expense.objects.get().state == "paid" and "CMB-7" in finance.get(path).content.decode()
    assert 'value="unpaid"' not in approver.get(path).content.decode()
    assert finance.post(path, {"to": "unpaid", "reason": "账号不对"}).status_code == 302
    assert Expense.objects.get().state == "approved" and "账号不对" in finance.get(path).content.decode()


def test_a_part_is_released_planned_and_the_money_settled_from_the_desk():
    envelope, approver, finance = granted(800_000), client_of(staff("approver")), client_of(staff("finance"))
    path = desk_of(envelope)
    plan = {"parts-TOTAL_FORMS": "3", "parts-INITIAL_FORMS": "1", "parts-0-amount": "1000", "parts-1-amount": "2999.99"}
    wrong = approver.post(f"{path}plan/", plan)
    assert wrong.status_code == 422 and "¥4,000.00" in wrong.content.decode() and "2999.99" in wrong.content.decode()
    plan |= {"parts-1-amount": "3000", "parts-1-condition": "交完第一批票据"}
    assert approver.post(f"{path}plan/", plan).status_code == 302
    assert "交完第一批票据" in approver.get(path).content.decode()
    finance.post(f"{path}release/", {"number": "2"})
    assert counters(envelope)[1] == 400_000
    approver.post(f"{path}release/", {"number": "2"})
    assert counters(envelope)[1] == 500_000
    finance.post(f"{path}settle/", {"reason": "不办了"})
    assert counters(envelope) == (800_000, 500_000, 0, 0, 800_000)
    assert finance.get(path).status_code == 200
    finance.post(f"{path}reopen/", {"reason": "又办了"})
    assert not Envelope.objects.get().is_settled
    assert finance.post(f"{path}nothing/").status_code == 404


def test_a_receipt_that_looks_like_another_is_shown_to_who_approves():
    first = handed_in(granted(), receipt=receipt(seed="water"))
    second = handed_in(granted(title="雪地"), receipt=receipt(seed="water", sha256="b" * 64))
    page = client_of(staff("approver")).get(f"/desk/initiatives/{second.envelope.initiative_id}/money/{second.pk}/")
    assert f"/desk/initiatives/{first.envelope.initiative_id}/money/{first.pk}/" in page.content.decode()


# --- files


def test_finance_takes_every_expense_away_and_no_cell_is_reckoned_with():
    envelope = granted()
    paid(envelope, 12_345, what="=HYPERLINK(1)", payee="+86 水站", fapiao="24342000000012345678", note="@x")
    handed_in(granted(title="雪地"), 500)
    answer = client_of(staff("finance")).post("/desk/money/export/")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert content.startswith(b"\xef\xbb\xbf") and "expenses.csv" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len(rows) == 3 and {len(row) for row in rows} == {len(rows[0])}
    assert {"'=HYPERLINK(1)", "'+86 水站", "'@x", "123.45", "24342000000012345678", "approver", "finance"} <= set(
        rows[1]
    )
    one = client_of(staff("approver")).post(f"{desk_of(envelope)}export/", {"as": "xlsx"})
    sheet = load_workbook(io.BytesIO(one.content)).active
    assert sheet.max_row == 2 and "24342000000012345678" in [cell.value for cell in sheet[2]]
    facts = Fact.objects.filter(name="tasks.MoneyExported").values_list("payload__expenses", flat=True)
    assert list(facts) == [2, 1]
    assert client_of(staff("finance")).post("/desk/money/export/", {"as": "pdf"}).status_code == 302


# --- JSON


def expenses_of(envelope: Envelope) -> str:
    return f"/api/v1/initiatives/{envelope.initiative_id}/expenses/"


def test_an_expense_in_json_with_no_more_than_the_amount_and_its_receipt():
    envelope, op_id = granted(50_000), str(uuid.uuid4())
    said = {
        "amount_minor": 12_000,
        "currency": "CNY",
        "receipt": receipt(koc()).pk,
        "fapiao": "12345678",
        "op_id": op_id,
    }
    made = api(koc()).post(expenses_of(envelope), said, format="json")
    assert made.status_code == 201 and made.json()["state"] == "submitted" and made.json()["fapiao"] == "12345678"
    assert api(koc()).post(expenses_of(envelope), said, format="json").status_code == 200
    path = f"{expenses_of(envelope)}{made.json()['id']}/"
    assert (
        api(staff("approver")).post(f"{path}decide/", {"to": "approved"}, format="json").json()["state"] == "approved"
    )
    assert api(staff("approver")).post(f"{path}decide/", {"to": "paid"}, format="json").status_code == 403
    assert api(koc()).post(f"{path}decide/", {"to": "paid"}, format="json").status_code == 403
    done = api(staff("finance")).post(f"{path}decide/", {"to": "paid", "payment": "7"}, format="json")
    assert done.json()["payer"] == "finance" and [one["to_state"] for one in done.json()["moves"]] == ["submitted", "approved", "paid"]  # fmt: skip
    assert len(api(koc()).get(expenses_of(envelope)).json()["results"]) == 1


def test_json_answers_in_the_order_of_right_state_and_fields():
    envelope = granted(50_000)
    path = expenses_of(envelope)
    assert api().post(path, {}, format="json").status_code == 401
    assert api(make_member("lin")).post(path, {}, format="json").status_code == 403
    assert api(make_member("he")).get(path).status_code == 403
    assert set(api(koc()).post(path, {}, format="json").json()) == {"amount_minor", "currency", "receipt"}
    wrong = {"amount_minor": 5, "currency": "CNY", "receipt": 10**15}
    assert set(api(koc()).post(path, wrong, format="json").json()) == {"receipt"}
    file = receipt(koc()).pk
    assert api(koc()).post(path, {**wrong, "receipt": file, "line": 10**15}, format="json").status_code == 400
    assert api(koc()).post(path, {**wrong, "receipt": file, "fapiao": "A1"}, format="json").status_code == 201
    again = {**wrong, "receipt": receipt(koc()).pk, "fapiao": "a-1"}
    assert api(koc()).post(path, again, format="json").status_code == 409
    made = Expense.objects.get()
    decide = f"{path}{made.pk}/decide/"
    assert api(koc()).post(decide, {"to": "x"}, format="json").status_code == 403
    assert api(staff("approver")).post(decide, {"to": "x"}, format="json").status_code == 400
    stale = {"to": "approved", "expected": "paid"}
    assert api(staff("approver")).post(decide, stale, format="json").status_code == 409
    assert api(staff("finance")).post(decide, {"to": "paid"}, format="json").status_code == 409
    assert set(api(staff("approver")).post(decide, {"to": "refused"}, format="json").json()) == {"reason"}
    none = Initiative.objects.create(proposer=koc(), title="雪地", summary="x", plan="x")
    assert api(koc()).post(f"/api/v1/initiatives/{none.pk}/expenses/", again, format="json").status_code == 409
    assert api(koc()).get(f"/api/v1/initiatives/{none.pk}/expenses/").json()["results"] == []


def test_i12_in_json_the_loser_hears_how_much_is_left():
    envelope = granted(50_000)
    first, second = handed_in(envelope, 38_000), handed_in(envelope, 38_000)
    by = api(staff("approver"))
    assert by.post(f"{expenses_of(envelope)}{first.pk}/decide/", {"to": "approved"}, format="json").status_code == 200
    lost = by.post(f"{expenses_of(envelope)}{second.pk}/decide/", {"to": "approved"}, format="json")
    assert lost.status_code == 409 and "¥120.00" in lost.json()["detail"]


def test_an_expense_is_changed_and_taken_back_in_json():
    envelope = granted(50_000)
    made = approved(envelope, 12_000, fapiao="12345678", payee="黄山水站")
    path = f"{expenses_of(envelope)}{made.pk}/"
    told = api(koc()).patch(path, {"note": "两箱"}, format="json").json()
    assert (told["state"], told["note"], told["payee"], told["fapiao"]) == ("approved", "两箱", "黄山水站", "12345678")
    assert api(koc()).patch(path, {"amount_minor": 9_000}, format="json").json()["state"] == "submitted"
    assert api(staff("approver")).patch(path, {"amount_minor": 1}, format="json").status_code == 403
    assert api(koc()).post(f"{path}withdraw/").json()["state"] == "withdrawn"
    assert counters(envelope) == (50_000, 50_000, 0, 0, 0)


def test_the_money_in_json_is_released_accounted_for_settled_and_opened_again():
    envelope = granted(800_000)
    path = f"/api/v1/initiatives/{envelope.initiative_id}/money/"
    told = api(koc()).get(path).json()
    assert (told["available_minor"], told["left_minor"], len(told["tranches"])) == (400_000, 800_000, 2)
    assert api(staff("finance")).post(f"{path}tranches/2/release/").status_code == 403
    assert api(staff("approver")).post(f"{path}tranches/2/release/").json()["available_minor"] == 800_000
    assert api(staff("approver")).post(f"{path}tranches/2/release/").status_code == 409
    assert api(staff("approver")).post(f"{path}tranches/9/release/").status_code == 404
    assert api(staff("finance")).post(f"{path}account/", {"words": "x"}, format="json").status_code == 403
    assert api(koc()).post(f"{path}account/", {"words": "办完了"}, format="json").json()["account"] == "办完了"
    assert api(staff("approver")).post(f"{path}settle/").status_code == 403
    assert api(staff("finance")).post(f"{path}settle/").json()["state"] == "settled"
    assert api(staff("finance")).post(f"{path}reopen/").status_code == 400
    assert api(staff("finance")).post(f"{path}reopen/", {"reason": "迟到的票"}, format="json").json()["state"] == "open"


# --- news


def heard(who: str) -> list[str]:
    return list(Notification.objects.filter(member__username=who).order_by("pk").values_list("kind", flat=True))


def leads_to(who: str, kind: str) -> str:
    news = Notification.objects.get(member__username=who, kind=kind)
    return client_of(news.member).get(f"/me/notifications/{news.pk}/").url


def test_everybody_hears_whose_turn_it_is(run_deliveries):
    envelope = granted(800_000)
    staff("finance"), staff("admin")
    made = handed_in(envelope)
    run_deliveries()
    assert kinds.EXPENSE_ARRIVED in heard("approver") and kinds.EXPENSE_ARRIVED not in heard("finance")
    assert leads_to("admin", kinds.EXPENSE_ARRIVED) == f"{desk_of(envelope)}{made.pk}/"
    approve_expense(by=staff("approver"), expense=made)
    run_deliveries()
    assert leads_to("zhou", kinds.EXPENSE_APPROVED) == made.get_absolute_url()
    assert "¥100.00" in client_of(koc()).get("/me/notifications/").content.decode()
    assert kinds.EXPENSE_ARRIVED not in heard("approver") and kinds.EXPENSE_TO_PAY in heard("finance")
    assert kinds.EXPENSE_APPROVED in heard("zhou") and kinds.EXPENSE_APPROVED not in heard("su")
    return_expense(by=staff("finance"), expense=made, reason="抬头不对")
    run_deliveries()
    assert kinds.EXPENSE_TO_PAY not in heard("finance") and kinds.EXPENSE_RETURNED in heard("zhou")
    refuse_expense(by=staff("approver"), expense=handed_in(envelope), reason="不在范围内")
    paid(envelope)
    account_for(by=koc(), envelope=envelope, words="办完了。")
    run_deliveries()
    assert {kinds.EXPENSE_REFUSED, kinds.EXPENSE_PAID} <= set(heard("zhou")) and kinds.MONEY_ACCOUNTED in heard(
        "finance"
    )


def test_the_other_approvers_are_called_when_the_first_of_two_said_yes(run_deliveries):
    made, second = handed_in(granted(), related_party=True), staff("approver", "second")
    run_deliveries()
    mark_read(by=second)
    approve_expense(by=staff("approver"), expense=made)
    run_deliveries()
    unread = Notification.objects.unread().filter(kind=kinds.EXPENSE_ARRIVED)
    assert "second" in [news.member.username for news in unread]


def test_who_leads_it_hears_of_a_released_part_and_of_the_settlement(run_deliveries):
    envelope = granted(800_000)
    client_of(staff("approver")).post(f"{desk_of(envelope)}release/", {"number": "2"})
    run_deliveries()
    assert heard("zhou") and kinds.MONEY_RELEASED not in heard("su")  # asked to stand in, and has not said yes
    agreed(envelope.initiative)
    settle(by=staff("finance"), envelope=envelope, reason="不办了")
    client_of(staff("finance")).post(f"{desk_of(envelope)}reopen/", {"reason": "又办了"})
    run_deliveries()
    for who in ("zhou", "su"):
        assert {kinds.MONEY_SETTLED, kinds.MONEY_REOPENED} <= set(heard(who))
    assert leads_to("zhou", kinds.MONEY_RELEASED) == pages_of(envelope)


# --- queries


def test_pages_of_money_cost_the_same_for_one_receipt_and_for_many():
    envelope = granted()
    handed_in(envelope, 100)
    paths = [(koc(), pages_of(envelope)), (staff("approver"), desk_of(envelope)), (staff("approver"), "/desk/money/"), (koc(), expenses_of(envelope))]  # fmt: skip
    before = [cost(client_of(who), path) for who, path in paths]
    for _number in range(6):
        paid(envelope, 100)
        handed_in(envelope, 100)
    assert [cost(client_of(who), path) for who, path in paths] == before
    assert before == [16, 13, 6, 9]


def test_who_takes_the_own_data_along_finds_the_own_receipts():
    made = handed_in(granted(), 12_000, payee="黄山水站")
    handed_in(made.envelope, 500, by=agreed(made.envelope.initiative))
    kind, rows = what_i_handed_in(made.submitter)
    rows = list(rows)
    assert kind == "expenses" and [(row["payee"], row["amount_minor"]) for row in rows] == [("黄山水站", 12_000)]
