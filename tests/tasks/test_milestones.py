"""Steps of a project that needs no event: set by who leads it, reached once, told to who stands behind it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.notifications.models import Notification
from tasks import kinds
from tasks.actions.initiative_reports import report
from tasks.actions.milestones import MOST_MILESTONES, drop_milestone, plan_milestone, reach_milestone
from tasks.actions.proposals import support, withdraw
from tasks.models import Initiative, Milestone
from tests.at_once import at_once
from tests.tasks.initiatives import drafted_initiative, koc, member, submitted
from tests.tasks.test_pages import client_of, cost
from tests.tasks.test_reviews import endorsed, staff
from tests.tasks.test_survey_api import api

pytestmark = pytest.mark.django_db
STORY = "三所学校都去过了，孩子们把画贴满了后备箱。"


def step(made: Initiative, what: str = "第一所学校谈妥", **values) -> Milestone:
    return plan_milestone(by=made.proposer, initiative=made, what=what, **values)


def test_a_project_without_an_event_is_carried_through_by_its_milestones(run_deliveries):
    made, lin = endorsed().initiative, member("lin")
    support(by=lin, initiative=made, kind="helps")
    leads, reads = client_of(made.proposer), client_of()
    path = f"/initiatives/{made.pk}/milestones/"
    today = timezone.localdate()
    leads.post(path, {"what": "把画送到", "due_on": today + timedelta(days=30)})
    leads.post(path, {"what": "第一所学校谈妥", "due_on": today - timedelta(days=1)})
    first, second = Milestone.objects.all()
    assert first.what == "第一所学校谈妥" and first.is_late and not second.is_late
    refused = leads.post(path, {"milestone": first.pk, "words": " "})
    assert refused.status_code == 422 and Milestone.objects.waiting().count() == 2
    leads.post(path, {"milestone": first.pk, "words": "校长当场答应了。"})
    leads.post(path, {"drop": second.pk})
    run_deliveries()
    told = Notification.objects.filter(kind=kinds.MILESTONE_REACHED)
    assert [one.member for one in told] == [lin]
    for page in (path, made.get_absolute_url()):
        said = reads.get(page).content.decode()
        assert "校长当场答应了。" in said and "把画送到" not in said
    report(by=made.proposer, initiative=made, story=STORY)
    assert 'name="what"' not in leads.get(path).content.decode()
    with pytest.raises(Conflict):
        step(made)


def test_what_was_typed_stays_when_it_is_refused():
    made = drafted_initiative()
    path = f"/initiatives/{made.pk}/milestones/"
    answer = client_of(made.proposer).post(path, {"what": "把画送到", "due_on": "哪天都行"})
    assert answer.status_code == 422 and 'value="把画送到"' in answer.content.decode()


def test_words_of_a_step_are_still_there_after_the_sign_in_ended():
    made = endorsed().initiative
    first, second = step(made), step(made, "把画送到")
    path, window = f"/initiatives/{made.pk}/milestones/", client_of()
    window.post(path, {"milestone": second.pk, "words": "校长当场答应了。"})
    window.force_login(made.proposer)
    forms = {row: reached.initial["words"] for row, reached in window.get(path).context["open"]}
    assert forms == {first: "", second: "校长当场答应了。"}


def test_nobody_sets_the_steps_of_somebody_else():
    made = submitted()
    row = step(made)
    for who in (member("lin"), staff("admin"), staff("approver")):
        for refused in (
            lambda who=who: plan_milestone(by=who, initiative=made, what="先做我的"),
            lambda who=who: reach_milestone(by=who, milestone=row, words="好了"),
            lambda who=who: drop_milestone(by=who, milestone=row),
        ):
            with pytest.raises(Forbidden):
                refused()
    assert Milestone.objects.waiting().count() == 1


def test_steps_are_as_secret_as_their_initiative():
    made = drafted_initiative()
    step(made)
    assert Milestone.objects.visible_to(koc()).count() == 1
    for who in (member("lin"), staff("researcher")):
        assert not Milestone.objects.visible_to(who).exists()
        assert client_of(who).get(f"/initiatives/{made.pk}/milestones/").status_code == 404
        assert api(who).get(f"/api/v1/initiatives/{made.pk}/milestones/").status_code == 404


def test_there_are_bounds():
    made = drafted_initiative()
    for number in range(MOST_MILESTONES):
        step(made, f"第 {number} 步")
    with pytest.raises(Invalid):
        step(made)
    withdraw(by=koc(), initiative=made)
    with pytest.raises(Conflict):
        drop_milestone(by=koc(), milestone=Milestone.objects.first())


def test_json_sets_reaches_and_drops():
    made = endorsed().initiative
    path, leads = f"/api/v1/initiatives/{made.pk}/milestones/", api(made.proposer)
    said = {"what": "第一所学校谈妥", "op_id": "0b5c1e6e-0000-4000-8000-000000000077"}
    first = leads.post(path, said, format="json")
    again = leads.post(path, said, format="json")
    assert (first.status_code, again.status_code, first.json()["id"]) == (201, 200, again.json()["id"])
    one = f"{path}{first.json()['id']}/"
    assert leads.post(f"{one}reached/", {}, format="json").status_code == 400
    assert leads.post(f"{one}reached/", {"words": "校长答应了"}, format="json").json()["words"] == "校长答应了"
    assert leads.post(f"{one}reached/", {"words": "又一次"}, format="json").status_code == 409
    assert leads.delete(one).status_code == 409
    assert api(member("lin")).post(path, {"what": "先做我的"}, format="json").status_code == 403
    assert [row["what"] for row in api(member("lin")).get(path).json()] == ["第一所学校谈妥"]


def test_the_page_costs_the_same_with_many_steps():
    made = endorsed().initiative
    reads, path = client_of(member("lin")), f"/initiatives/{made.pk}/milestones/"
    step(made)
    before = cost(reads, path)
    for number in range(8):
        step(made, f"第 {number} 步")
    assert cost(reads, path) == before <= 6


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_reach_it_at_once_one_tells_it():
    made = endorsed().initiative
    row = step(made)

    told = at_once(
        lambda: reach_milestone(by=made.proposer, milestone=row, words="一"),
        lambda: reach_milestone(by=made.proposer, milestone=row, words="二"),
    )
    assert sorted(type(one).__name__ for one in told) == ["Conflict", "Milestone"]
    assert Milestone.objects.get().words in {"一", "二"}
