"""Initiatives until they lie before the brand: drafts, frozen versions, deputies, support, pages, JSON."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.members.models import Member
from tasks.actions.initiatives import AskDraft, draft_initiative, edit_initiative
from tasks.actions.leaving import forget_member
from tasks.actions.proposals import answer_as_deputy, move, submit, support, take_support_back, withdraw
from tasks.models import Ask, Initiative, ProposalVersion, Support
from tasks.queries.initiatives import in_money
from tasks.queries.proposals import content_of, hash_of
from tests.at_once import at_once
from tests.people import make_koc, make_member, make_staff
from tests.tasks.initiatives import LITTLE, MONEY, agreed, drafted_initiative, koc, member, pitch, submitted
from tests.tasks.test_clubs import club
from tests.tasks.test_pages import client_of, cost
from tests.tasks.test_survey_api import api

pytestmark = pytest.mark.django_db


def seen(user, initiative) -> bool:
    return Initiative.objects.visible_to(user).filter(pk=initiative.pk).exists()


# --- who proposes


@pytest.mark.parametrize("level", ["", "candidate", "koc"])
def test_who_has_no_standing_proposes_nothing(level):
    with pytest.raises(Forbidden):
        drafted_initiative(make_member("lin", koc_level=level))
    assert not Initiative.objects.exists()


def test_colleagues_propose_nothing_whatever_they_were_before():
    with pytest.raises(Forbidden):
        drafted_initiative(make_staff("admin", role="admin", koc_level="leader"))


def test_a_senior_koc_submits_together_with_a_leader_who_agreed():
    made = drafted_initiative(make_member("he", koc_level="senior"), deputy=make_koc("su"))
    with pytest.raises(Conflict):
        submit(by=made.proposer, initiative=made)
    answer_as_deputy(by=made.deputy, initiative=made, agree=True)
    assert submit(by=made.proposer, initiative=made).state == "submitted"


# --- who reads


def test_a_draft_is_read_by_its_writers_alone_and_what_was_submitted_by_colleagues_and_members(client):
    made = drafted_initiative()
    writers, others = [made.proposer, made.deputy], [make_member("lin"), make_staff("approver", role="approver")]
    assert [seen(one, made) for one in writers + others] == [True, True, False, False]
    assert client_of().get(f"/initiatives/{made.pk}/").status_code == 404
    submit(by=made.proposer, initiative=made)
    assert [seen(one, made) for one in writers + others] == [True, True, True, True]
    assert client_of().get(f"/initiatives/{made.pk}/").status_code == 404  # a visitor reads what is endorsed


def test_who_wants_no_members_to_read_is_read_by_colleagues_alone():
    made = submitted(shown_to_members=False)
    assert not seen(make_member("lin"), made) and seen(make_staff(), made)


def test_what_was_taken_back_or_declined_is_no_matter_of_others():
    made = submitted()
    withdraw(by=made.proposer, initiative=made)
    assert not seen(make_member("lin"), made) and seen(made.proposer, made)
    with pytest.raises(Conflict):
        withdraw(by=made.proposer, initiative=made)


# --- frozen


def test_submitted_text_is_frozen_and_changes_that_are_asked_make_a_new_version():
    made = submitted()
    first = ProposalVersion.objects.get()
    assert first.content["plan"] == made.plan and first.sha256 == hash_of(first.content)
    with pytest.raises(Conflict):
        edit_initiative(by=made.proposer, initiative=made, pitch=pitch(plan="另一个计划"))
    move(Initiative.objects.get(), "changes_asked", by=None, changes_asked="雨天怎么办？")
    edit_initiative(by=made.proposer, initiative=made, pitch=pitch(plan="雨天改到周日。"))
    reader = client_of(make_member("lin")).get(f"/initiatives/{made.pk}/").content.decode()
    assert "八点集合" in reader and "雨天改到周日。" not in reader  # the new words are not submitted yet
    assert api(member("lin")).get(f"/api/v1/initiatives/{made.pk}/").json()["plan"].startswith("八点集合")
    again = submit(by=made.proposer, initiative=made, note="雨天")
    assert again.state == "in_review" and again.version == 2 and again.changes_asked == ""
    assert [one.content["plan"] for one in ProposalVersion.objects.all()] == [first.content["plan"], "雨天改到周日。"]
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposalVersion.objects.create(initiative=made, number=2, content={}, sha256="")


def test_a_proposal_needs_a_deputy_and_a_safety_list_before_it_is_submitted():
    made = drafted_initiative(deputy=None, safety=[" "])
    with pytest.raises(Invalid) as refused:
        submit(by=made.proposer, initiative=made)
    assert set(refused.value.fields) == {"deputy", "safety"}
    assert Initiative.objects.get().state == "draft" and not ProposalVersion.objects.exists()


def test_nobody_is_the_own_deputy():
    with pytest.raises(Invalid):
        drafted_initiative(deputy=koc())
    with pytest.raises(IntegrityError), transaction.atomic():
        Initiative.objects.create(proposer=koc(), deputy=koc(), title="x", summary="x", plan="x")


@pytest.mark.parametrize(
    ("asks", "small", "hours"),
    [
        (LITTLE, True, 48),
        ((), True, 48),
        (MONEY, False, 14 * 24),
        ((*LITTLE, AskDraft(kind="stage", what="公众号头条")), False, 14 * 24),
        ((AskDraft(kind="material", what="二十面旗"),), False, 14 * 24),
        ((AskDraft(kind="material", what="二十面旗", amount_minor=40_000, currency="CNY"),), True, 48),
        ((AskDraft(kind="money", what="venue", amount_minor=100, currency="EUR"),), False, 14 * 24),
    ],
)
def test_a_small_grant_is_answered_within_two_days_everything_else_within_fourteen(asks, small, hours):
    made = submitted(asks=asks)
    assert made.small is small
    assert abs(made.answer_due_at - timezone.now() - timedelta(hours=hours)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "line",
    [
        {"kind": "money", "what": "场地"},
        {"kind": "money", "what": "场地", "amount_minor": 0, "currency": "CNY"},
        {"kind": "money", "what": "场地", "amount_minor": 100, "currency": "yuan"},
        {"kind": "money", "what": " ", "amount_minor": 100, "currency": "CNY"},
        {"kind": "gift", "what": "旗"},
    ],
)
def test_a_line_says_what_and_money_how_much_in_which_currency(line):
    with pytest.raises(Invalid) as refused:
        drafted_initiative(asks=[AskDraft(**line)])
    assert set(refused.value.fields) == {"asks"}


def test_the_database_keeps_money_whole():
    made = drafted_initiative(asks=())
    for broken in ({"kind": "money"}, {"kind": "money", "amount_minor": 5}, {"kind": "stage", "currency": "CNY"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Ask.objects.create(initiative=made, what="x", **broken)


def test_money_in_two_currencies_is_not_submitted():
    made = drafted_initiative(asks=[*MONEY, AskDraft(kind="money", what="bus", amount_minor=9, currency="EUR")])
    with pytest.raises(Invalid):
        submit(by=made.proposer, initiative=made)


def test_amounts_are_written_with_the_digits_of_their_currency():
    assert [in_money(123450, code) for code in ("CNY", "JPY", "KWD")] == ["¥1,234.50", "123,450 JPY", "123.450 KWD"]


# --- people


def test_a_deputy_who_does_not_want_to_is_on_it_no_longer_and_a_new_one_is_asked_anew():
    made = drafted_initiative()
    answer_as_deputy(by=made.deputy, initiative=made, agree=True)
    edit_initiative(by=made.proposer, initiative=made, pitch=pitch(deputy=make_member("he")))
    made.refresh_from_db()
    assert made.deputy.username == "he" and made.deputy_agreed_at is None
    with pytest.raises(Forbidden):
        answer_as_deputy(by=member("su"), initiative=made, agree=True)
    assert answer_as_deputy(by=member("he"), initiative=made, agree=False).deputy is None


def test_i17_when_the_koc_leaves_the_deputy_takes_over():
    made, alone, draft = submitted(), submitted(title="雪地"), drafted_initiative(title="夜骑", deputy=None)
    agreed(made)
    Initiative.objects.filter(pk=alone.pk).update(deputy=None)
    forget_member(member_id=made.proposer_id)
    states = {one.title: (one.proposer and one.proposer.username, one.state) for one in Initiative.objects.all()}
    assert states == {
        "皖南秋色慢行": ("su", "submitted"),
        "雪地": ("zhou", "withdrawn"),
        draft.title: ("zhou", "withdrawn"),
    }


def test_i17_who_was_asked_to_stand_in_and_has_not_said_yes_takes_over_nothing():
    asked, lent = submitted(), submitted(title="雪地")
    Initiative.objects.filter(pk=lent.pk).update(state="endorsed")
    forget_member(member_id=asked.proposer_id)
    asked.refresh_from_db()
    assert (asked.proposer.username, asked.state) == ("zhou", "withdrawn")
    assert not Initiative.objects.led_by(member("su")).exists()
    agreed(lent)
    assert list(Initiative.objects.led_by(member("su"))) == [lent]


def test_a_colleague_is_no_deputy_however_it_is_asked():
    colleague = make_staff("operator", role="operator")
    with pytest.raises(Invalid) as refused:
        drafted_initiative(deputy=colleague)
    assert set(refused.value.fields) == {"deputy"}
    made = drafted_initiative()
    zhou = api(koc())
    path = f"/api/v1/initiatives/{made.pk}/"
    assert "deputy" in zhou.patch(path, {"deputy": "operator"}, format="json").json()
    # Whoever works for the brand since then cannot say yes any more, and somebody else is named before it goes on.
    Member.objects.filter(username="su").update(is_staff=True)
    with pytest.raises(Forbidden):
        agreed(made)
    with pytest.raises(Invalid) as missing:
        submit(by=koc(), initiative=made)
    assert set(missing.value.fields) == {"deputy"}


def test_i17_who_lost_the_level_does_not_submit():
    made = drafted_initiative()
    made.proposer.koc_level = ""
    made.proposer.save()
    with pytest.raises(Forbidden):
        submit(by=made.proposer, initiative=Initiative.objects.get())


def test_members_stand_behind_it_once_each_and_change_their_mind():
    made, lin = submitted(), make_member("lin")
    support(by=lin, initiative=made)
    support(by=lin, initiative=made, kind="helps")
    assert [(one.member, one.kind) for one in Support.objects.all()] == [(lin, "helps")]
    for own in (made.proposer, made.deputy):
        with pytest.raises(Forbidden):
            support(by=own, initiative=made)
    take_support_back(by=lin, initiative=made)
    assert not Support.objects.exists()
    withdraw(by=made.proposer, initiative=made)
    with pytest.raises(Conflict):
        support(by=lin, initiative=Initiative.objects.get())


def test_what_was_drafted_lies_with_clubs_and_days_in_the_frozen_text():
    zhou = koc()
    made = submitted(zhou, clubs=[club(zhou)], begins_on=date(2026, 12, 5), ends_on=date(2026, 12, 6), heads=100)
    frozen = ProposalVersion.objects.get().content
    assert frozen == content_of(made)
    assert frozen["clubs"] == ["苏州远山车友会"] and frozen["begins_on"] == "2026-12-05" and frozen["heads"] == 100


# --- pages


def filled(**values) -> dict:
    return {
        "op_id": uuid.uuid4(),
        "title": "皖南秋色慢行",
        "summary": "一百辆车沿老公路慢慢走一天。",
        "plan": "八点集合。",
        "deputy": "su",
        "safety": "每组一名带队\n雨天改期",
        "shown_to_members": "on",
        "asks-TOTAL_FORMS": "3",
        "asks-INITIAL_FORMS": "0",
        "asks-0-kind": "money",
        "asks-0-what": "场地",
        "asks-0-amount": "8000.50",
        "asks-0-currency": "CNY",
        "asks-1-kind": "name",
        "asks-1-what": "官方认证",
        "asks-1-currency": "CNY",
        "asks-2-kind": "money",
        "asks-2-currency": "CNY",
        **values,
    }


def test_a_koc_writes_submits_and_sees_until_when_there_is_an_answer():
    member("su")
    zhou = client_of(koc())
    page = zhou.post("/initiatives/new/", filled(op_id=(op_id := uuid.uuid4())))
    made = Initiative.objects.get()
    assert page.url == f"/initiatives/{made.pk}/"
    assert [(ask.kind, ask.amount_minor, ask.currency) for ask in made.asks.all()] == [
        ("money", 800050, "CNY"),
        ("name", None, ""),
    ]
    zhou.post("/initiatives/new/", filled(op_id=op_id))
    assert Initiative.objects.count() == 1
    shown = zhou.get(f"/initiatives/{made.pk}/edit/").content.decode()
    assert 'value="8000.50"' in shown and "雨天改期" in shown
    zhou.post(f"/initiatives/{made.pk}/edit/", filled(plan="九点集合。", **{"asks-INITIAL_FORMS": "2"}))
    assert zhou.get(page.url).context["missing"] == {}
    zhou.post(f"/initiatives/{made.pk}/submit/")
    made.refresh_from_db()
    assert made.state == "submitted" and made.plan == "九点集合。"
    assert zhou.get(f"/initiatives/{made.pk}/edit/").url == page.url
    assert "¥8,000.50" in zhou.get(page.url).content.decode()


def test_what_is_missing_stands_on_the_page_and_nothing_typed_is_lost():
    member("su")
    zhou = client_of(koc())
    refused = zhou.post("/initiatives/new/", filled(deputy="nobody", plan="九点集合。"))
    assert refused.status_code == 422 and "九点集合。" in refused.content.decode()
    zhou.post("/initiatives/new/", filled(deputy="", safety=""))
    page = zhou.get(f"/initiatives/{Initiative.objects.get().pk}/")
    assert set(page.context["missing"]) == {"deputy", "safety"}


def test_who_may_not_propose_is_told_why_and_finds_no_button():
    lin = client_of(make_member("lin"))
    assert lin.get("/initiatives/new/").url == "/initiatives/"
    assert "/initiatives/new/" not in lin.get("/initiatives/").content.decode()
    assert "/initiatives/new/" in client_of(koc()).get("/initiatives/").content.decode()
    assert lin.get(f"/initiatives/{submitted().pk}/edit/").status_code == 404


def test_members_support_and_the_deputy_answers_on_the_page():
    made = submitted()
    path = f"/initiatives/{made.pk}/"
    lin, su = client_of(make_member("lin")), client_of(made.deputy)
    lin.post(f"{path}support/", {"kind": "helps"})
    assert lin.get(path).context["support"] == {"comes": 0, "helps": 1}
    lin.post(f"{path}unsupport/")
    assert not Support.objects.exists()
    assert su.get(path).context["asked_as_deputy"] is True
    su.post(f"{path}deputy/", {"agree": "yes"})
    assert su.get(path).context["asked_as_deputy"] is False
    assert lin.post(f"{path}nonsense/").status_code == 404


def test_a_list_of_initiatives_costs_the_same_for_one_and_for_many():
    submitted()
    lin = client_of(make_member("lin"))
    count = cost(lin, "/initiatives/")
    for number in range(5):
        support(by=make_member(f"owner{number}"), initiative=submitted(title=f"第 {number} 次"))
    assert cost(lin, "/initiatives/") == count == 5


# --- JSON


def said(**values) -> dict:
    return {"title": "皖南", "summary": "慢行", "plan": "八点集合", **values}


def test_a_draft_in_json_is_kept_changed_and_submitted():
    member("su")
    zhou, op_id = api(koc()), str(uuid.uuid4())
    asks = [{"kind": "money", "what": "场地", "amount_minor": 300000}, {"kind": "name", "what": "官方认证"}]
    first = zhou.post("/api/v1/initiatives/", said(asks=asks, op_id=op_id), format="json")
    assert first.status_code == 201, first.json()
    again = zhou.post("/api/v1/initiatives/", said(op_id=op_id), format="json")
    assert again.status_code == 200 and again.json()["id"] == first.json()["id"]
    path = f"/api/v1/initiatives/{first.json()['id']}/"
    refused = zhou.post(f"{path}submit/", format="json")
    assert refused.status_code == 400 and set(refused.json()) == {"deputy", "safety"}
    changed = zhou.patch(path, {"deputy": "su", "safety": ["雨天改期"]}, format="json").json()
    assert changed["deputy"] == "su" and [ask["amount_minor"] for ask in changed["asks"]] == [300000, None]
    sent = zhou.post(f"{path}submit/", format="json")
    assert sent.status_code == 200 and sent.json()["state"] == "submitted" and sent.json()["answer_due_at"]
    assert zhou.post(f"{path}submit/", format="json").status_code == 409
    assert zhou.patch(path, {"title": "x"}, format="json").status_code == 409


def test_small_and_the_day_of_the_answer_are_told_to_its_people_and_to_colleagues_alone():
    made = submitted(asks=LITTLE)
    path = f"/api/v1/initiatives/{made.pk}/"
    for who in (koc(), member("su"), make_staff("operator", role="operator")):
        told = api(who).get(path).json()
        assert told["small"] is True and told["answer_due_at"]
    told = api(make_member("lin")).get(path).json()
    assert told["small"] is None and told["answer_due_at"] is None


@pytest.mark.parametrize("name", ["begins_on", "ends_on"])
def test_the_days_of_an_initiative_lie_near(name):
    today = timezone.localdate()
    for day in (date(9999, 12, 31), date(1, 1, 1), today + timedelta(days=6 * 366), today - timedelta(days=3 * 366)):
        with pytest.raises(Invalid) as refused:
            drafted_initiative(**{name: day})
        assert set(refused.value.fields) == {name}
    assert drafted_initiative(**{name: today + timedelta(days=4 * 366)})


def test_json_answers_right_before_fields():
    assert api().post("/api/v1/initiatives/", {}, format="json").status_code in {401, 403}
    assert api(make_member("lin")).post("/api/v1/initiatives/", {}, format="json").status_code == 403
    assert api(koc()).post("/api/v1/initiatives/", {}, format="json").status_code == 400
    made = submitted()
    for who in (make_staff("admin", role="admin"), member("lin")):
        assert api(who).patch(f"/api/v1/initiatives/{made.pk}/", {"title": "x"}, format="json").status_code == 403
        assert api(who).post(f"/api/v1/initiatives/{made.pk}/submit/", format="json").status_code == 403
    assert api().get(f"/api/v1/initiatives/{made.pk}/").status_code == 404


def test_support_in_json():
    made, lin = submitted(), api(make_member("lin"))
    assert lin.post(f"/api/v1/initiatives/{made.pk}/support/", {"kind": "comes"}, format="json").json() == {
        "kind": "comes"
    }
    assert lin.delete(f"/api/v1/initiatives/{made.pk}/support/").status_code == 204


# --- at once


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_press_submit_at_once_freeze_one_version():
    made = drafted_initiative()
    results = at_once(*(lambda: submit(by=made.proposer, initiative=made) for _time in range(3)))
    assert sum(isinstance(one, Initiative) for one in results) == 1
    assert sum(isinstance(one, Conflict) for one in results) == 2
    assert ProposalVersion.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_op_id_that_comes_twice_at_once_makes_one_draft():
    zhou, op_id = koc(), uuid.uuid4()
    wanted = pitch()
    results = at_once(*(lambda: draft_initiative(by=zhou, pitch=wanted, op_id=op_id) for _time in range(3)))
    assert len({one.pk for one in results}) == 1 and Initiative.objects.count() == 1
