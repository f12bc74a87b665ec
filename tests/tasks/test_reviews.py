"""How the brand answers: scores apart, decisions by others, in time, once more after an appeal; what it lends can be checked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.members.models import Member
from kocforum.notifications.models import Notification
from tasks import kinds
from tasks.actions.endorsements import answer_suspension, expire_due, move_endorsement, question, reconfirm
from tasks.actions.proposals import appeal, submit, support, withdraw
from tasks.actions.reviews import alarm_overdue, ask_for_changes, decide, score, tell_due
from tasks.models import Decision, Endorsement, Initiative, Review
from tasks.models.reviews import CRITERIA
from tests.at_once import at_once
from tests.people import make_member, make_staff
from tests.tasks.initiatives import LITTLE, koc, member, submitted
from tests.tasks.test_pages import client_of, cost
from tests.tasks.test_survey_api import api

pytestmark = pytest.mark.django_db


def staff(role: str, username: str = "") -> Member:
    username = username or role
    return Member.objects.filter(username=username).first() or make_staff(username, role=role)


def scored(made: Initiative, by: Member, value: int = 4, **values: Any) -> Review:
    version = Initiative.objects.get(pk=made.pk).version
    return score(by=by, initiative=made, version=version, scores=dict.fromkeys(CRITERIA, value), **values)


def two_scores(made: Initiative) -> None:
    scored(made, staff("researcher"))
    scored(made, staff("operator"))


def answered(made: Initiative, verdict: str = "full", **values: Any) -> Decision:
    values = {"reason": "第一次就有三家车友会一起。", "by": staff("approver"), **values}
    return decide(initiative=made, verdict=verdict, **values)


def endorsed(**values: Any) -> Endorsement:
    made = submitted(asks=LITTLE, **values)
    answered(made)
    return Endorsement.objects.get(initiative=made)


def state_of(made: Initiative) -> str:
    return Initiative.objects.get(pk=made.pk).state


# --- scores


def test_scores_of_others_are_hidden_until_one_gave_the_own():
    made, first, second = submitted(), staff("researcher"), staff("operator")
    scored(made, first, words="稳妥")
    assert not Review.objects.visible_to(second).exists()
    page = client_of(second).get(f"/desk/initiatives/{made.pk}/")
    assert "稳妥" not in page.content.decode() and page.context["means"] == [] and page.context["given"] == 1
    assert api(second).get(f"/api/v1/initiatives/{made.pk}/review/").json()["reviews"] == []
    scored(made, second, 2)
    assert {one.reviewer for one in Review.objects.visible_to(second)} == {first, second}
    page = client_of(second).get(f"/desk/initiatives/{made.pk}/")
    assert "稳妥" in page.content.decode() and page.context["means"][0][1:] == (3, 2)


def test_who_proposes_reads_no_scores():
    made = submitted()
    scored(made, staff("researcher"))
    assert not Review.objects.visible_to(made.proposer).exists()
    assert api(made.proposer).get(f"/api/v1/initiatives/{made.pk}/review/").status_code == 403
    assert client_of(made.proposer).get(f"/desk/initiatives/{made.pk}/").status_code == 404


def test_a_conflict_of_interest_is_said_counts_for_nothing_and_shows_nothing():
    made, close = submitted(), staff("engineer")
    scored(made, staff("researcher"))
    score(by=close, initiative=made, version=1, conflict=True)
    assert list(Review.objects.visible_to(close)) == list(Review.objects.filter(reviewer=close))
    with pytest.raises(Conflict):  # one score is missing
        answered(made)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(reviewer=close).update(safe=5)


def test_scores_are_given_once_for_a_version_that_was_read():
    made, by = submitted(), staff("researcher")
    with pytest.raises(Invalid) as refused:
        score(by=by, initiative=made, version=1, scores={"safe": 6})
    assert set(refused.value.fields) == set(CRITERIA)
    with pytest.raises(Conflict):
        score(by=by, initiative=made, version=2, scores=dict.fromkeys(CRITERIA, 3))
    scored(made, by)
    with pytest.raises(Conflict):
        scored(made, by, 1)
    assert state_of(made) == "in_review"


@pytest.mark.parametrize("role", ["approver", "admin"])
def test_who_decides_scores_nothing(role):
    with pytest.raises(Forbidden):
        scored(submitted(), staff(role))


# --- the decision


def test_two_scores_come_before_a_decision_and_not_before_a_small_grant():
    made = submitted()
    scored(made, staff("researcher"))
    with pytest.raises(Conflict):
        answered(made)
    scored(made, staff("operator"))
    answered(made)
    assert state_of(made) == "endorsed"
    small = submitted(asks=LITTLE, title="饮用水")
    answered(small)
    assert state_of(small) == "endorsed"


def test_the_approver_is_nobody_who_scored_or_asked():
    made = submitted(asks=LITTLE)
    turned = staff("operator")
    scored(made, turned)
    Member.objects.filter(pk=turned.pk).update(role="approver")
    with pytest.raises(Forbidden):
        answered(made, by=Member.objects.get(pk=turned.pk))
    for own in (made.proposer, made.deputy):
        Member.objects.filter(pk=own.pk).update(role="approver", is_staff=True)
        with pytest.raises(Forbidden):
            answered(made, by=Member.objects.get(pk=own.pk))
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            initiative=made, version=1, verdict="full", reason="x", by=made.proposer, asker=made.proposer
        )
    for other in ("researcher", "engineer"):
        with pytest.raises(Forbidden):
            answered(made, by=staff(other))
    assert not Decision.objects.exists()


def test_a_decision_has_reasons_and_conditions_have_names():
    made = submitted(asks=LITTLE)
    for values, field in (
        ({"reason": " "}, "reason"),
        ({"verdict": "conditional"}, "conditions"),
        ({"verdict": "perhaps"}, "verdict"),
        ({"tell_at": made.answer_due_at + timedelta(minutes=1)}, "tell_at"),
        ({"granted": [60_000]}, "granted"),
        ({"granted": []}, "granted"),
    ):
        with pytest.raises(Invalid) as refused:
            answered(made, **values)
        assert set(refused.value.fields) == {field}
    assert not Decision.objects.exists()


def test_less_than_what_was_asked_can_be_granted_on_conditions():
    made = submitted(asks=LITTLE)
    decision = answered(made, "conditional", conditions="名额留十个给新车主。", granted=[30_000])
    assert decision.granted == [
        {"kind": "money", "what": "饮用水", "amount_minor": 50_000, "currency": "CNY", "granted_minor": 30_000}
    ]
    endorsement = Endorsement.objects.get()
    assert endorsement.payload["scope"] == "conditional" and endorsement.payload["conditions"] == "名额留十个给新车主。"


def test_it_is_decided_now_and_told_later():
    made = submitted(asks=LITTLE)
    decision = answered(made, tell_at=timezone.now() + timedelta(hours=3))
    assert state_of(made) == "in_review" and not Endorsement.objects.exists()
    page = client_of(made.proposer).get(f"/initiatives/{made.pk}/").content.decode()
    assert decision.reason not in page
    assert not Decision.objects.visible_to(made.proposer).exists()
    with pytest.raises(Conflict):
        answered(made)  # one decision
    assert tell_due() == 0
    Decision.objects.update(tell_at=timezone.now() - timedelta(minutes=1))
    assert tell_due() == 1 and tell_due() == 0
    assert state_of(made) == "endorsed" and Endorsement.objects.count() == 1
    assert decision.reason in client_of(made.proposer).get(f"/initiatives/{made.pk}/").content.decode()


def test_changes_are_asked_by_who_scored_and_give_a_new_day(run_deliveries):
    made, by = submitted(), staff("researcher")
    with pytest.raises(Forbidden):
        ask_for_changes(by=by, initiative=made, what="雨天怎么办？")
    scored(made, by)
    ask_for_changes(by=by, initiative=made, what="雨天怎么办？")
    run_deliveries()
    assert Notification.objects.filter(member=made.proposer, kind=kinds.PROPOSAL_ANSWERED).exists()
    page = client_of(made.proposer).get(f"/initiatives/{made.pk}/").content.decode()
    assert "雨天怎么办？" in page
    assert "雨天怎么办？" not in client_of(make_member("lin")).get(f"/initiatives/{made.pk}/").content.decode()
    again = submit(by=made.proposer, initiative=made)
    assert again.answer_due_at > timezone.now() + timedelta(days=13)
    scored(made, by, 5)  # the new version is scored anew
    assert Review.objects.filter(reviewer=by).count() == 2


def test_silence_raises_an_alarm_once_and_never_declines(run_deliveries):
    made, approver = submitted(), staff("approver")
    Initiative.objects.filter(pk=made.pk).update(answer_due_at=timezone.now() - timedelta(minutes=1))
    assert alarm_overdue() == 1 and alarm_overdue() == 0
    run_deliveries()
    assert Notification.objects.filter(member=approver, kind=kinds.ANSWER_OVERDUE).count() == 1
    assert state_of(made) == "submitted"
    assert 'class="pill bad"' in client_of(approver).get("/desk/initiatives/").content.decode()
    two_scores(made)
    answered(made)
    run_deliveries()
    assert not Notification.objects.unread().filter(kind=kinds.ANSWER_OVERDUE).exists()


# --- declined, and once more (I19)


def test_i19_a_no_has_reasons_and_one_appeal_before_others(run_deliveries):
    made = submitted(asks=LITTLE)
    scored(made, staff("researcher"))
    answered(made, "declined", reason="路线没有备案。备案后可以。")
    run_deliveries()
    assert Notification.objects.filter(member=made.proposer, kind=kinds.PROPOSAL_ANSWERED).exists()
    assert "备案后可以" in client_of(made.proposer).get(f"/initiatives/{made.pk}/").content.decode()
    with pytest.raises(Invalid):
        appeal(by=made.proposer, initiative=made, reason=" ")
    made = appeal(by=made.proposer, initiative=made, reason="备案上周批了。")
    assert made.state == "in_review" and made.round == 2
    for before in (staff("researcher"),):
        with pytest.raises(Forbidden):
            scored(made, before)
    scored(made, staff("operator"))
    scored(made, staff("engineer"))
    with pytest.raises(Forbidden):
        answered(made)  # who decided first
    answered(made, "declined", by=staff("approver", "second"), reason="仍然没有备案。")
    with pytest.raises(Conflict):
        appeal(by=made.proposer, initiative=made, reason="再看一次")
    assert Decision.objects.count() == 2 and not Endorsement.objects.exists()


# --- what the brand lends


def test_i18_a_certificate_says_what_was_certified_and_what_holds_now():
    endorsement = endorsed()
    path = endorsement.get_absolute_url()
    page = client_of().get(path.lower())
    assert page.status_code == 200 and page.context["untouched"] and "皖南秋色慢行" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    move_endorsement(by=staff("approver"), endorsement=endorsement, to="suspended", reason="路线改了，没有告诉我们。")
    told = api().get(f"/api/v1/endorsements/{endorsement.code}/").json()
    assert told["state"] == "suspended" and [one["to_state"] for one in told["changes"]] == ["active", "suspended"]
    assert "路线改了" in client_of().get(path).content.decode()
    Endorsement.objects.update(payload={**endorsement.payload, "title": "另一个活动"})
    assert client_of().get(path).context["untouched"] is False
    assert client_of().get("/endorsements/ABCDEFGHJK/").status_code == 404


def test_a_suspension_is_answered_lifted_or_ends_in_a_revocation(run_deliveries):
    endorsement, approver = endorsed(), staff("approver")
    leader = endorsement.initiative.proposer
    with pytest.raises(Conflict):
        answer_suspension(by=leader, endorsement=endorsement, answer="我来解释")
    with pytest.raises(Invalid):
        move_endorsement(by=approver, endorsement=endorsement, to="suspended", reason="")
    move_endorsement(by=approver, endorsement=endorsement, to="suspended", reason="路线改了。")
    run_deliveries()
    assert Notification.objects.filter(member=leader, kind=kinds.ENDORSEMENT_MOVED).exists()
    assert timedelta(days=6) < Endorsement.objects.get().answer_by - timezone.now() <= timedelta(days=7)
    with pytest.raises(Forbidden):
        answer_suspension(by=approver, endorsement=endorsement, answer="x")
    client_of(leader).post(f"{endorsement.get_absolute_url()}answer/", {"answer": "桥在修，绕行两公里。"})
    run_deliveries()
    assert Notification.objects.filter(member=approver, kind=kinds.SUSPENSION_ANSWERED).exists()
    endorsement.refresh_from_db()
    endorsement = move_endorsement(by=approver, endorsement=endorsement, to="active", reason="说清楚了。")
    endorsement = move_endorsement(by=approver, endorsement=endorsement, to="revoked", reason="收了报名费。")
    with pytest.raises(Conflict):
        move_endorsement(by=approver, endorsement=endorsement, to="active", reason="算了")
    assert [one.to_state for one in endorsement.changes.all()] == ["active", "suspended", "active", "revoked"]


@pytest.mark.parametrize("role", ["researcher", "operator", "engineer"])
def test_only_approvers_move_an_endorsement(role):
    endorsement = endorsed()
    with pytest.raises(Forbidden):
        move_endorsement(by=staff(role), endorsement=endorsement, to="revoked", reason="x")
    assert (
        api(staff(role))
        .post(f"/api/v1/endorsements/{endorsement.code}/", {"to": "revoked", "reason": "x"}, format="json")
        .status_code
        == 403
    )


def test_an_endorsement_expires_thirty_days_after_the_end():
    yesterday = timezone.localdate() - timedelta(days=31)
    endorsement = endorsed(begins_on=yesterday, ends_on=yesterday)
    assert expire_due() == 1 and expire_due() == 0
    endorsement.refresh_from_db()
    assert endorsement.state == "expired"


def test_what_is_questioned_is_confirmed_anew():
    endorsement = endorsed()
    question(initiative=endorsement.initiative, by=endorsement.initiative.proposer)
    endorsement.refresh_from_db()
    assert endorsement.needs_reconfirmation and endorsement.state == "active"
    assert reconfirm(by=staff("approver"), endorsement=endorsement).needs_reconfirmation is False


def test_who_stood_behind_it_hears_that_it_is_endorsed(run_deliveries):
    made, lin = submitted(asks=LITTLE), make_member("lin")
    support(by=lin, initiative=made)
    answered(made)
    run_deliveries()
    assert Notification.objects.filter(member=lin, kind=kinds.INITIATIVE_ENDORSED).exists()
    assert client_of().get(f"/initiatives/{made.pk}/").status_code == 200  # everybody reads it now


# --- pages and JSON


def test_colleagues_score_and_decide_at_the_desk():
    made = submitted()
    path = f"/desk/initiatives/{made.pk}/"
    values = {"version": 1, "words": "", **dict.fromkeys(CRITERIA, 4)}
    for role in ("researcher", "operator"):
        desk = client_of(staff(role))
        assert 'name="for_owners"' in desk.get(path).content.decode()
        desk.post(f"{path}score/", values)
    assert client_of(staff("engineer")).post(f"{path}score/", {"version": 1}).status_code == 422
    client_of(staff("engineer")).post(f"{path}score/", {"version": 1, "conflict": "1"})
    approver = client_of(staff("approver"))
    assert 'name="verdict"' in approver.get(path).content.decode()
    assert approver.post(f"{path}decide/", {"version": 1, "verdict": "full", "reason": ""}).status_code == 422
    said = {"version": 1, "verdict": "conditional", "reason": "好", "conditions": "戴反光背心"}
    approver.post(f"{path}decide/", said)
    assert state_of(made) == "endorsed"
    approver.post(f"{path}endorsement/suspended/", {"reason": "等一等"})
    assert Endorsement.objects.get().state == "suspended"


def test_an_approver_grants_less_of_a_line_at_the_desk():
    made = submitted()
    two_scores(made)
    path, approver = f"/desk/initiatives/{made.pk}/", client_of(staff("approver"))
    asks = made.versions.get().content["asks"]
    place, asked = next((place, ask) for place, ask in enumerate(asks) if ask["kind"] == "money")
    more, less = (f"{asked['amount_minor'] / 100 + change:.2f}" for change in (0.01, -100.5))
    said = {"version": 1, "verdict": "full", "reason": "好", f"granted_{place}": more}
    refused = approver.post(f"{path}decide/", said)
    assert refused.status_code == 422
    assert f'value="{more}"' in refused.content.decode()  # what was typed is still there
    approver.post(f"{path}decide/", {**said, f"granted_{place}": less})
    granted = made.decisions.get().granted
    assert granted[place]["granted_minor"] == asked["amount_minor"] - 10_050
    assert all(line["granted_minor"] == line["amount_minor"] for number, line in enumerate(granted) if number != place)


def test_nobody_decides_on_a_version_that_they_have_not_read():
    made = submitted(asks=LITTLE)
    approver, path = client_of(staff("approver")), f"/desk/initiatives/{made.pk}/"
    said = {"version": 1, "verdict": "full", "reason": "小事，去做吧", "granted_0": "1"}
    ask_for_changes(by=staff("approver", "other"), initiative=made, what="再便宜点")
    submit(by=made.proposer, initiative=made)
    answer = approver.post(f"{path}decide/", said)
    page = answer.content.decode()
    assert answer.status_code == 422 and "小事，去做吧" in page
    assert 'name="version" value="2"' in page and 'name="granted_0" value="1"' not in page
    assert (
        api(staff("approver"))
        .post(f"/api/v1/initiatives/{made.pk}/review/", {"to": "endorsed", "reason": "好", "version": 1}, format="json")
        .status_code
        == 409
    )
    assert approver.post(f"{path}decide/", {**said, "version": 2, "granted_0": ""}).status_code == 302


def test_json_scores_and_answers():
    member("su")
    made = submitted()
    path = f"/api/v1/initiatives/{made.pk}/review/"
    scores = dict.fromkeys(CRITERIA, 4)
    assert api(staff("approver")).post(path, {"to": "endorsed", "reason": "好"}, format="json").status_code == 409
    for role in ("researcher", "operator"):
        answer = api(staff(role)).post(path, {"scores": scores}, format="json")
        assert answer.status_code == 200, answer.json()
    assert answer.json()["given"] == 2 and len(answer.json()["reviews"]) == 2
    assert api(staff("engineer")).post(path, {}, format="json").status_code == 400
    assert api(koc()).post(path, {"scores": scores}, format="json").status_code == 403
    told = api(staff("approver")).post(path, {"to": "endorsed", "reason": "好"}, format="json").json()
    assert told["state"] == "endorsed" and told["decision"]["verdict"] == "full"
    code = Endorsement.objects.get().code
    moved = api(staff("approver")).post(
        f"/api/v1/endorsements/{code}/", {"to": "revoked", "reason": "收费"}, format="json"
    )
    assert moved.status_code == 200 and moved.json()["state"] == "revoked"


def test_the_desk_costs_the_same_for_one_proposal_and_for_many():
    submitted()
    desk = client_of(staff("researcher"))
    count = cost(desk, "/desk/initiatives/")
    for number in range(5):
        scored(submitted(title=f"第 {number} 次"), staff("operator"))
    assert cost(desk, "/desk/initiatives/") == count == 4


# --- at once


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_approvers_at_once_one_decides():
    made, others = submitted(asks=LITTLE), [staff("approver"), staff("approver", "second")]
    results = at_once(*(lambda by=by: answered(made, by=by) for by in others))
    assert sum(isinstance(one, Decision) for one in results) == 1 and Endorsement.objects.count() == 1
    assert sum(isinstance(one, Conflict) for one in results) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_decision_that_two_workers_tell_at_once_endorses_once():
    made = submitted(asks=LITTLE)
    answered(made, tell_at=timezone.now() + timedelta(hours=3))
    Decision.objects.update(tell_at=timezone.now())
    at_once(tell_due, tell_due)
    assert Endorsement.objects.count() == 1 and state_of(made) == "endorsed"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_and_a_decision_at_once_end_in_one_of_them():
    made, approver = submitted(asks=LITTLE), staff("approver")
    at_once(lambda: withdraw(by=made.proposer, initiative=made), lambda: answered(made, by=approver))
    ended = state_of(made)
    assert (ended, Endorsement.objects.count()) in {("withdrawn", 0), ("endorsed", 1)}
