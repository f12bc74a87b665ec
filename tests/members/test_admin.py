from __future__ import annotations

import pytest

from kocforum.members.actions import ban, enrol
from kocforum.members.models import Agreement, Ban, Member


@pytest.fixture
def desk(client, operator):
    client.force_login(operator)
    return client


@pytest.fixture
def throne(client, admin):
    client.force_login(admin)
    return client


def test_the_only_door_to_admin_is_the_house_door(client, owner):
    assert client.get("/admin/").headers["Location"] == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/").headers["Location"].startswith("/accounts/login/")
    client.force_login(owner)
    assert client.get("/admin/", follow=True).status_code == 403


def test_admin_has_its_own_content_policy_and_nobody_else_has_it(throne):
    assert "unsafe-eval" in throne.get("/admin/").headers["Content-Security-Policy"]
    assert "unsafe" not in throne.get("/me/settings/").headers["Content-Security-Policy"]


def test_tables_of_the_sign_in_are_not_edited_by_hand(throne):
    page = throne.get("/admin/").content.decode()
    for table in ("/admin/account/", "/admin/mfa/", "/admin/auth/", "/admin/authtoken/", "/admin/socialaccount/"):
        assert table not in page


def test_members_are_looked_at_and_not_edited(desk, owner):
    page = desk.get(f"/admin/members/member/{owner.pk}/change/").content.decode()
    assert "+86 138****8000" in page and 'name="_save"' not in page
    assert desk.post(f"/admin/members/member/{owner.pk}/change/", {"username": "x"}).status_code == 403
    assert desk.post(f"/admin/members/member/{owner.pk}/delete/").status_code == 403
    assert desk.get("/admin/members/member/add/").status_code == 403


def test_the_list_costs_the_same_for_one_member_and_for_many(desk, owner, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    desk.get("/admin/members/member/")
    with CaptureQueriesContext(connection) as few:
        desk.get("/admin/members/member/")
    for number in range(30):
        enrol(username=f"owner-{number}", email=f"o{number}@example.cn")
    with django_assert_num_queries(len(few)):
        assert desk.get("/admin/members/member/?banned=no").status_code == 200


def test_an_operator_bans_and_lifts_with_a_reason(desk, owner):
    address = f"/admin/members/member/{owner.pk}"
    assert desk.get(f"{address}/ban/").status_code == 200
    assert desk.post(f"{address}/ban/", {"reason": ""}).status_code == 400
    assert desk.post(f"{address}/ban/", {"reason": "重复发布广告"}).headers["Location"] == f"{address}/change/"
    assert desk.get(f"{address}/ban/").status_code == 403
    assert "/lift-ban/" in desk.get(f"{address}/change/").content.decode()
    desk.post(f"{address}/lift-ban/", {"reason": "核实后解除"})
    assert Ban.objects.get().lifted_at


def test_a_refusal_of_the_action_comes_back_into_the_form(desk, owner):
    address = f"/admin/members/member/{owner.pk}/ban/"
    answer = desk.post(address, {"reason": "还在", "until_0": "2020-01-01", "until_1": "00:00"})
    page = answer.content.decode()
    assert answer.status_code == 400 and "This time has passed." in page and "还在" in page


def test_a_ban_can_be_lifted_from_its_own_page(desk, owner, operator):
    row = ban(by=operator, member=owner, reason="一")
    desk.post(f"/admin/members/ban/{row.pk}/lift/", {"reason": "二"})
    row.refresh_from_db()
    assert row.lifted_at


def test_an_operator_sets_the_level_and_an_administrator_the_role(desk, owner, admin, client_factory):
    address = f"/admin/members/member/{owner.pk}"
    desk.post(f"{address}/koc-level/", {"level": "koc", "reason": "三个月十二份完整报告"})
    assert desk.get(f"{address}/role/").status_code == 403
    throne = client_factory()
    throne.force_login(admin)
    throne.post(f"{address}/role/", {"role": "engineer"})
    owner.refresh_from_db()
    assert owner.koc_level == "koc" and owner.has_role("engineer")


def test_a_researcher_sees_members_and_no_ban(client, researcher, owner):
    client.force_login(researcher)
    page = client.get(f"/admin/members/member/{owner.pk}/change/").content.decode()
    assert "/koc-level/" in page and f"/{owner.pk}/ban/" not in page
    assert client.get(f"/admin/members/member/{owner.pk}/ban/").status_code == 403
    assert client.get("/admin/members/ban/").status_code == 403


def test_an_administrator_publishes_a_new_text(throne):
    before = Agreement.objects.get(kind="terms")
    assert before.body[:20] in throne.get("/admin/members/agreement/add/?kind=terms").content.decode()
    new = {"kind": "terms", "body": "新的约定，请读完再同意。" * 3, "body_en": "A new agreement, please read it. " * 3}
    assert throne.post("/admin/members/agreement/add/", new).status_code == 302
    assert list(Agreement.objects.filter(kind="terms").values_list("version", flat=True)) == [1, 2]
    latest = Agreement.objects.get(kind="terms", version=2)
    assert throne.post(f"/admin/members/agreement/{latest.pk}/change/", {**new, "body": "改" * 30}).status_code == 403


@pytest.mark.parametrize("address", ["", "members/member/", "members/ban/", "members/agreement/", "members/consent/"])
def test_every_page_of_the_desk_opens(throne, owner, address):
    assert throne.get(f"/admin/{address}").status_code == 200
    assert Member.objects.count() == 2
