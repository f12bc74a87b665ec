"""Pages, JSON and news about what the brand lends."""

from __future__ import annotations

import uuid

import pytest

from kocforum.notifications.models import Notification
from tasks import kinds
from tasks.actions.endorsements import move_endorsement
from tasks.actions.material import move_loan, remind_due
from tasks.actions.promotion import move_slot
from tasks.models import Endorsement, Initiative, Loan, PromotionSlot, StockItem
from tests.people import make_member
from tests.tasks.initiatives import agreed, koc, member, opened_event, submitted
from tests.tasks.material import counts, endorsed, in_days, item, lent, moved, slot
from tests.tasks.money import staff
from tests.tasks.test_pages import client_of, cost
from tests.tasks.test_survey_api import api
from tests.uploads.made import drawn, given, photo

pytestmark = pytest.mark.django_db


def page_of(made: Initiative) -> str:
    return f"/initiatives/{made.pk}/"


def desk_of(made: Initiative) -> str:
    return f"/desk/initiatives/{made.pk}/support/"


def read(who, path: str) -> str:
    return client_of(who).get(path).content.decode()


# --- who sees it


def test_who_leads_it_reads_what_the_brand_brings_and_others_do_not():
    made = endorsed()
    lent(made, item(), 3, note="快递到付")
    slot(made, wording="和我们一起慢慢开")
    assert "车队旗" not in read(member("su"), page_of(made))  # asked to stand in, and has not said yes
    for who in (koc(), agreed(made)):
        page = read(who, page_of(made))
        assert "车队旗" in page and "快递到付" in page and "和我们一起慢慢开" in page
    for who in (None, make_member("lin"), staff("operator")):
        assert "车队旗" not in read(who, page_of(made))


def test_the_desk_of_what_is_lent_is_for_those_who_lend_and_settle():
    made, waits = endorsed(), submitted(title="还没答复")
    lent(made, item())
    for who, status in ((staff("approver"), 200), (staff("finance"), 200), (staff("operator"), 404), (koc(), 404)):
        assert client_of(who).get(desk_of(made)).status_code == status
        assert client_of(who).get("/desk/stock/").status_code == status
    assert client_of(staff("approver")).get(desk_of(waits)).status_code == 404
    assert desk_of(made) in read(staff("approver"), f"/desk/initiatives/{made.pk}/")
    assert desk_of(made) not in read(staff("operator"), f"/desk/initiatives/{made.pk}/")
    assert 'name="quantity"' in read(staff("approver"), desk_of(made))
    assert 'name="quantity"' not in read(staff("finance"), desk_of(made))
    assert client_of(staff("finance")).post("/desk/stock/new/", {"name": "x", "unit": "y", "on_hand": 1}).status_code == 422  # fmt: skip


# --- stock and loans on pages


def test_a_thing_is_taken_in_and_counted_anew():
    approver = client_of(staff("approver"))
    typed = {"name": "露营桌", "unit": "张", "on_hand": "4", "returnable": "on", "op_id": str(uuid.uuid4())}
    wrong = approver.post("/desk/stock/new/", {**typed, "on_hand": "-4"})
    assert wrong.status_code == 422 and "露营桌" in wrong.content.decode()
    for _twice in range(2):
        assert approver.post("/desk/stock/new/", typed).status_code == 302
    thing = StockItem.objects.get()
    path = f"/desk/stock/{thing.pk}/count/"
    assert approver.post(path, {"change": "2", "reason": "新买的"}).status_code == 302
    wrong = approver.post(path, {"change": "-9", "reason": "找不到了"})
    assert wrong.status_code == 422 and "找不到了" in wrong.content.decode()
    assert counts(thing) == (6, 0, 0) and "露营桌" in read(staff("finance"), "/desk/stock/")


def test_a_loan_goes_its_way_by_buttons_alone():
    made, thing = endorsed(), item(5)
    approver, leader = client_of(staff("approver")), client_of(koc())
    typed = {"item": thing.pk, "quantity": "9", "due_back_on": f"{in_days(9)}", "note": "放在后备箱", "op_id": str(uuid.uuid4())}  # fmt: skip
    wrong = approver.post(f"{desk_of(made)}loans/", typed)
    assert wrong.status_code == 422 and "放在后备箱" in wrong.content.decode()
    assert approver.post(f"{desk_of(made)}loans/", {**typed, "quantity": "4"}).status_code == 302
    loan = Loan.objects.get()
    mine, desk = f"{page_of(made)}loans/{loan.pk}/", f"{desk_of(made)}loans/{loan.pk}/"
    assert f"{mine}received/" not in read(koc(), page_of(made))
    assert approver.post(f"{desk}shipped/").status_code == 302
    assert f"{mine}received/" in read(koc(), page_of(made)) and loan.item.name in read(
        staff("approver"), "/desk/stock/"
    )
    assert client_of(make_member("lin")).post(f"{mine}received/").status_code == 404
    assert leader.post(f"{mine}received/").status_code == 302
    assert leader.post(f"{mine}nonsense/").status_code == 302
    assert leader.post(f"{mine}sent_back/").status_code == 302
    wrong = approver.post(f"{desk}returned/", {"came_back": "3", "reason": " "})
    assert wrong.status_code == 422 and 'value="3"' in wrong.content.decode()
    assert approver.post(f"{desk}returned/", {"came_back": "3", "reason": "一面破了"}).status_code == 302
    loan.refresh_from_db()
    assert (loan.state, loan.gone, counts(thing)) == ("returned", 1, (4, 0, 0))


def test_a_place_is_promised_proved_by_a_picture_and_pulled_from_the_desk():
    made = endorsed()
    approver = client_of(staff("approver"))
    typed = {
        "place": "banner",
        "begins_on": f"{in_days(0)}",
        "ends_on": f"{in_days(2)}",
        "wording": "一起慢行",
        "link": "",
    }
    wrong = approver.post(f"{desk_of(made)}slots/", {**typed, "ends_on": f"{in_days(-1)}"})
    assert wrong.status_code == 422 and "一起慢行" in wrong.content.decode()
    assert approver.post(f"{desk_of(made)}slots/", typed).status_code == 302
    one = PromotionSlot.objects.get()
    path = f"{desk_of(made)}slots/{one.pk}/"
    assert approver.post(f"{path}ran/").status_code == 302
    assert approver.post(f"{path}proved/").status_code == 422
    assert approver.post(f"{path}proved/", {"new_uploads": given(photo(drawn()))}).status_code == 302
    one.refresh_from_db()
    assert one.state == "proved" and one.proof.thumbnail_url in read(koc(), page_of(made))
    assert client_of(koc()).get(one.proof.url).status_code == 200
    assert client_of(make_member("lin")).get(one.proof.url).status_code == 404
    assert approver.post(f"{path}pulled/", {"reason": ""}).status_code == 422
    assert approver.post(f"{path}pulled/", {"reason": "换图"}).status_code == 302
    assert "换图" in read(koc(), page_of(made))


# --- our own front page


def test_the_front_page_shows_it_to_everybody_and_stops_when_it_is_pulled():
    made = endorsed()
    event = opened_event(made, title="皖浙天路一日")
    one = slot(made, event=event, wording="慢慢开，不比快慢")
    for who in (make_member("lin"), None):
        page = read(who, "/")
        assert "慢慢开，不比快慢" in page and event.get_absolute_url() in page
    move_slot(by=staff("approver"), slot=one, to="pulled", reason="换图")
    assert "慢慢开，不比快慢" not in read(member("lin"), "/")


def test_two_places_on_the_front_page_cost_no_more_than_one():
    made = endorsed()
    slot(made)
    before = cost(client_of(make_member("lin")), "/")
    slot(endorsed(title="雪地"), event=None)
    assert cost(client_of(member("lin")), "/") == before


# --- JSON


def test_loans_in_json():
    made, thing = endorsed(), item(3)
    path, by = f"/api/v1/initiatives/{made.pk}/loans/", api(staff("approver"))
    said = {"item": thing.pk, "quantity": 2, "due_back_on": f"{in_days(9)}", "op_id": str(uuid.uuid4())}
    assert api().get(path).status_code == 401
    assert api(make_member("lin")).get(path).status_code == 403
    assert api(koc()).post(path, {}, format="json").status_code == 403
    assert set(by.post(path, {}, format="json").json()) == {"item", "quantity"}
    assert set(by.post(path, {**said, "item": 10**15}, format="json").json()) == {"item"}
    answer = by.post(path, said, format="json")
    assert answer.status_code == 201 and answer.json()["state"] == "reserved"
    assert by.post(path, said, format="json").status_code == 200
    assert by.post(path, {**said, "op_id": str(uuid.uuid4())}, format="json").status_code == 409
    assert by.get("/api/v1/stock/").json()["results"][0]["free"] == 1
    assert api(koc()).get("/api/v1/stock/").status_code == 403
    move = f"{path}{answer.json()['id']}/move/"
    assert by.post(move, {"to": "shipped", "expected": "received"}, format="json").status_code == 409
    assert by.post(move, {"to": "shipped", "expected": "reserved"}, format="json").json()["state"] == "shipped"
    assert by.post(move, {"to": "received"}, format="json").status_code == 403
    assert by.post(move, {"to": "x"}, format="json").status_code == 400
    assert api(make_member("he")).post(move, {"to": "received"}, format="json").status_code == 404
    assert api(koc()).post(move, {"to": "received"}, format="json").json()["state"] == "received"
    short = {"to": "returned", "came_back": 1}
    assert set(by.post(move, short, format="json").json()) == {"reason"}
    assert by.post(move, {**short, "reason": "破了"}, format="json").json()["gone"] == 1
    assert len(api(koc()).get(path).json()["results"]) == 1


def test_slots_in_json():
    made = endorsed()
    path, by = f"/api/v1/initiatives/{made.pk}/slots/", api(staff("approver"))
    said = {"place": "newsletter", "begins_on": f"{in_days(0)}", "ends_on": f"{in_days(1)}", "wording": "一起慢行"}
    assert api(koc()).post(path, said, format="json").status_code == 403
    assert set(by.post(path, {}, format="json").json()) == {"place", "begins_on", "ends_on"}
    assert set(by.post(path, {**said, "event": 10**15}, format="json").json()) == {"event"}
    answer = by.post(path, said, format="json")
    assert answer.status_code == 201 and answer.json()["state"] == "planned"
    move = f"{path}{answer.json()['id']}/move/"
    assert api(koc()).post(move, {"to": "ran"}, format="json").status_code == 403
    assert by.post(move, {"to": "ran", "expected": "proved"}, format="json").status_code == 409
    assert set(by.post(move, {"to": "proved"}, format="json").json()) == {"proof_link"}
    told = by.post(move, {"to": "proved", "proof_link": "https://example.org/7"}, format="json").json()
    assert told["state"] == "proved" and told["ran_at"]
    assert by.post(move, {"to": "pulled"}, format="json").status_code == 400
    assert by.post(move, {"to": "pulled", "reason": "换图"}, format="json").json()["pulled_because"] == "换图"
    assert api(make_member("lin")).get(path).status_code == 403
    assert len(api(koc()).get(path).json()["results"]) == 1


# --- news


def heard(who: str) -> list[str]:
    return list(Notification.objects.filter(member__username=who).order_by("pk").values_list("kind", flat=True))


def test_who_leads_it_hears_of_parcels_of_days_and_of_what_is_pulled(run_deliveries):
    made = endorsed()
    loan = moved(lent(made, item(5), due_back_on=in_days(2)), "shipped")
    run_deliveries()
    assert kinds.LOAN_SHIPPED in heard("zhou") and kinds.LOAN_SHIPPED not in heard("su")
    agreed(made)
    news = Notification.objects.get(member__username="zhou", kind=kinds.LOAN_SHIPPED)
    assert client_of(koc()).get(f"/me/notifications/{news.pk}/").url == f"{page_of(made)}#brings"
    assert "车队旗" in read(koc(), "/me/notifications/")
    move_loan(by=koc(), loan=loan, to="received")
    remind_due()
    run_deliveries()
    assert kinds.LOAN_DUE_BACK in heard("su") and f"{in_days(2)}" in read(member("su"), "/me/notifications/")
    move_loan(by=koc(), loan=loan, to="sent_back")
    run_deliveries()
    assert kinds.LOAN_SENT_BACK in heard("approver") and kinds.LOAN_DUE_BACK not in heard("su")
    moved(loan, "returned")
    run_deliveries()
    assert kinds.LOAN_SENT_BACK not in heard("approver")


def test_what_a_revocation_pulls_is_told_once(run_deliveries):
    made = endorsed()
    slot(made), slot(made, "banner")
    by = staff("approver")
    move_endorsement(by=by, endorsement=Endorsement.objects.get(), to="revoked", reason="出了事故")
    run_deliveries()
    assert heard("zhou").count(kinds.SLOT_PULLED) == 1


# --- queries


def test_pages_of_what_is_lent_cost_the_same_for_one_loan_and_for_many():
    made, thing = endorsed(), item(50)
    paths = [(koc(), page_of(made)), (staff("approver"), desk_of(made)), (staff("approver"), "/desk/stock/"), (koc(), f"/api/v1{page_of(made)}loans/"), (koc(), f"/api/v1{page_of(made)}slots/")]  # fmt: skip
    moved(lent(made, thing), "shipped")
    move_slot(by=staff("approver"), slot=slot(made, "newsletter"), to="proved", proof_link="https://example.org/7")
    before = [cost(client_of(who), path) for who, path in paths]
    for number in range(4):
        moved(lent(made, thing), "shipped", "received")
        item(3, f"旗{number}")
        slot(made, "other", 0, 1)
    assert [cost(client_of(who), path) for who, path in paths] == before
    assert before == [22, 9, 5, 7, 7]
