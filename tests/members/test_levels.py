from __future__ import annotations

import pytest
from django.core.management import call_command

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.ledger.models import Fact
from kocforum.members.actions import set_koc_level, set_role
from kocforum.members.models import Member


def test_a_level_is_granted_with_a_reason_and_told(owner, researcher):
    set_koc_level(by=researcher, member=owner, level="koc", reason="三个月十二份完整报告")
    owner.refresh_from_db()
    assert owner.is_koc and owner.koc_reason == "三个月十二份完整报告" and owner.koc_since
    assert Fact.objects.get(name="members.KocLevelSet").payload == {
        "member_id": owner.pk,
        "level": "koc",
        "was": "",
        "reason": "三个月十二份完整报告",
    }


def test_a_level_is_withdrawn_and_the_profile_says_nothing_more(owner, operator):
    set_koc_level(by=operator, member=owner, level="senior", reason="好")
    set_koc_level(by=operator, member=owner, level="", reason="本人希望退出")
    owner.refresh_from_db()
    assert not owner.is_koc and owner.koc_reason == "" and owner.koc_since is None


def test_the_day_stays_when_only_the_reason_changes(owner, operator):
    set_koc_level(by=operator, member=owner, level="koc", reason="一")
    Member.objects.filter(pk=owner.pk).update(koc_since="2025-01-01")
    set_koc_level(by=operator, member=owner, level="koc", reason="二")
    owner.refresh_from_db()
    assert str(owner.koc_since) == "2025-01-01" and owner.koc_reason == "二"


def test_levels_are_set_by_operators_and_researchers_for_others(people):
    for by, member in (
        (people.owner, people.operator),
        (people.owner, people.owner),
        (people.operator, people.operator),
    ):
        with pytest.raises(Forbidden):
            set_koc_level(by=by, member=member, level="koc", reason="不行")


def test_the_order_of_refusals_is_right_expected_fields(people):
    with pytest.raises(Forbidden):
        set_koc_level(by=people.owner, member=people.operator, level="nonsense", reason="", expected="koc")
    with pytest.raises(Conflict):
        set_koc_level(by=people.operator, member=people.owner, level="nonsense", reason="", expected="koc")
    with pytest.raises(Invalid) as refused:
        set_koc_level(by=people.operator, member=people.owner, level="nonsense", reason="", expected="")
    assert set(refused.value.fields) == {"level", "reason"}


def test_roles_are_given_by_administrators(people):
    with pytest.raises(Forbidden):
        set_role(by=people.operator, member=people.owner, role="operator")
    with pytest.raises(Forbidden):
        set_role(by=people.admin, member=people.admin, role="")
    set_role(by=people.admin, member=people.owner, role="engineer")
    assert Member.objects.get(pk=people.owner.pk).has_role("engineer")
    set_role(by=people.admin, member=people.owner, role="")
    assert not Member.objects.get(pk=people.owner.pk).is_staff
    with pytest.raises(Invalid):
        set_role(by=people.admin, member=people.owner, role="king")


def test_a_token_for_the_api_is_made_by_a_command(owner, capsys):
    call_command("drf_create_token", "阿泽")
    assert "Generated token" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (
            "operator",
            ["forum.change_thread", "forum.delete_post", "members.view_member"],
            ["members.delete_member", "insights.view_ticket"],
        ),
        (
            "researcher",
            ["insights.change_ticket", "garage.add_carmodel", "forum.change_topic"],
            ["forum.delete_post", "members.view_ban"],
        ),
        ("engineer", ["insights.view_ticket"], ["insights.change_ticket", "forum.view_thread", "members.view_member"]),
        (
            "approver",
            ["insights.view_ticket", "tasks.view_initiative"],
            ["tasks.change_initiative", "members.view_member"],
        ),
        ("admin", ["forum.delete_post", "members.view_consent", "insights.change_ticket"], []),
    ],
)
def test_a_role_opens_what_the_table_says(db, role, may, may_not):
    member = Member.objects.create_user("staff", role=role, is_staff=True)
    assert all(member.has_perm(permission) for permission in may)
    assert not any(member.has_perm(permission) for permission in may_not)
    assert member.has_module_perms(may[0].split(".")[0])


def test_a_role_opens_nothing_for_who_is_not_staff_any_more(db):
    member = Member.objects.create_user("left", role="operator", is_staff=True)
    member.is_active = False
    assert not member.has_perm("forum.change_thread") and not member.get_all_permissions()
