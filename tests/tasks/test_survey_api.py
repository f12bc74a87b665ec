"""Surveys in JSON: made, opened, answered, read."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from kocforum.members.models import Member
from tasks.models import Participation, Response, ResponseDraft, Survey, Task
from tests.people import make_car, make_catalogue, make_member
from tests.tasks.stories import make_researcher, moved, opened
from tests.tasks.surveys import PARKING, open_survey, survey_of

pytestmark = pytest.mark.django_db


def api(member: Member | None = None) -> APIClient:
    client = APIClient()
    if member:
        client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.get_or_create(user=member)[0].key}")
    return client


def wanted(**values: Any) -> dict[str, Any]:
    return {
        "title": "雨天的自动泊车",
        "goal": "distribution",
        "decision": "定下一版先修哪一种失败",
        "privacy": "confidential",
        "closes_at": (timezone.now() + timedelta(days=3)).isoformat(),
        "audience": {},
        "results": "after_answer",
        "questions": PARKING,
        **values,
    }


def answered(task: Task, member: Member | str, **answers: Any):
    by = make_member(member) if isinstance(member, str) else member
    return api(by).post(f"/api/v1/surveys/{task.pk}/responses/", {"answers": answers})


def crowd(task: Task, many: int = 12) -> None:
    for number in range(many):
        said = {"used": "yes" if number < many // 2 else "no", "where": ["mall"], "calm": 2 + number % 2 * 2, "nps": 9}
        assert answered(task, f"owner{number}", **said).status_code == 201


# --- made and opened


def test_a_researcher_makes_opens_and_closes_a_survey():
    desk = api(make_researcher())
    made = desk.post("/api/v1/surveys/", wanted(op_id=(op_id := str(uuid.uuid4()))))
    assert made.status_code == 201 and made.data["state"] == "draft" and made.data["questions"][0]["key"] == "used"
    again = desk.post("/api/v1/surveys/", wanted(op_id=op_id))
    assert (again.status_code, again.data["id"]) == (200, made.data["id"])
    here = f"/api/v1/surveys/{made.data['id']}/"
    assert desk.patch(here, {"title": "雨天的泊车，下一版先修哪一种"}).data["title"].startswith("雨天的泊车")
    assert desk.post(f"{here}open/").data["state"] == "open"
    assert desk.post(f"{here}open/").status_code == 409
    assert desk.patch(here, {"title": "晚了"}).status_code == 409
    assert desk.post(f"{here}close/").data["state"] == "closed"


def test_only_researchers_make_surveys():
    assert api().post("/api/v1/surveys/", wanted()).status_code == 401
    lin = make_member()
    assert api(lin).post("/api/v1/surveys/", wanted()).status_code == 403
    assert api(lin).post("/api/v1/surveys/", {}).status_code == 403
    task = survey_of()
    assert api(lin).post(f"/api/v1/surveys/{task.pk}/open/").status_code == 404
    task = open_survey()
    assert api(lin).post(f"/api/v1/surveys/{task.pk}/close/").status_code == 403


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        ("x", "questions"),
        ([{"key": "a", "type": "riddle", "text": "?"}], "questions"),
        ([{"key": "a b", "type": "text", "text": "?"}], "questions"),
        ([{"key": "a", "type": "text", "text": "?"}] * 2, "questions"),
        ([{"key": "a", "type": "single", "text": "?", "options": [{"key": "x", "label": "1"}] * 2}], "questions"),
    ],
)
def test_what_is_no_questionnaire_is_named(questions, said):
    refused = api(make_researcher()).post("/api/v1/surveys/", wanted(questions=questions))
    assert refused.status_code == 400 and said in refused.data
    assert not Survey.objects.exists()


def test_s8_a_condition_that_looks_ahead_is_refused_at_publication():
    questions = [{**PARKING[0], "show_if": {"key": "calm", "at_least": 3}}, *PARKING[1:]]
    desk = api(make_researcher())
    made = desk.post("/api/v1/surveys/", wanted(questions=questions))
    assert made.status_code == 201 and made.data["problems"]
    refused = desk.post(f"/api/v1/surveys/{made.data['id']}/open/")
    assert refused.status_code == 400


def test_an_identified_survey_is_opened_by_a_second_person():
    task = survey_of(privacy="identified")
    assert api(make_researcher()).post(f"/api/v1/surveys/{task.pk}/open/").status_code == 403
    assert api(make_researcher("colleague")).post(f"/api/v1/surveys/{task.pk}/open/").status_code == 200


def test_owners_do_not_see_drafts_nor_guess_and_quotas():
    draft, task = survey_of(), open_survey(guess={"used": {"yes": 70}})
    owner = api(make_member())
    assert owner.get(f"/api/v1/surveys/{draft.pk}/").status_code == 404
    seen = owner.get(f"/api/v1/surveys/{task.pk}/").data
    assert seen["title"] == "雨天的自动泊车" and not {"guess", "quotas", "problems"} & set(seen)
    assert [row["id"] for row in owner.get("/api/v1/surveys/").data["results"]] == [task.pk]
    assert api(make_researcher()).get(f"/api/v1/surveys/{task.pk}/").data["guess"] == {"used": {"yes": 70}}


# --- answered


def test_a_second_answer_amends_where_it_may():
    task, lin = open_survey(), make_member()
    assert answered(task, lin, used="no").status_code == 201
    assert answered(task, lin, used="yes").status_code == 200
    assert Response.objects.get().answers["used"] == "yes"


def test_s1_a_second_answer_gives_the_first_receipt_where_nothing_may_be_changed():
    task, lin = open_survey(amendable=False), make_member()
    first = answered(task, lin, used="no")
    second = answered(task, lin, used="yes")
    assert (first.status_code, second.status_code) == (201, 200) and first.data == second.data
    assert Response.objects.get().answers["used"] == "no"


def test_s7_the_answer_of_a_hidden_question_is_dropped():
    task, lin = open_survey(), make_member()
    assert answered(task, lin, used="no", where=["mall"]).status_code == 201
    assert "where" not in Response.objects.get().answers


@pytest.mark.parametrize(
    ("answers", "key"),
    [
        ({}, "used"),
        ({"used": "maybe"}, "used"),
        ({"used": "yes", "where": ["mall", "none"]}, "where"),
        ({"used": "yes", "where": ["mall", "garage"]}, "where"),
        ({"used": "yes", "calm": 6}, "calm"),
        ({"used": "yes", "calm": "x"}, "calm"),
        ({"used": "yes", "stranger": 1}, "stranger"),
    ],
)
def test_s16_what_is_no_answer_is_named_by_its_question(answers, key):
    refused = answered(open_survey(), "lin", **answers)
    assert refused.status_code == 400 and key in refused.data["answers"]
    assert not Response.objects.exists() and not Participation.objects.exists()


def test_the_same_option_twice_counts_once():
    task, lin = open_survey(), make_member()
    answered(task, lin, used="yes", where=["mall", "mall"])
    assert Response.objects.get().answers["where"] == ["mall"]


def test_who_answers_what_they_may_not_know_hears_only_that_it_is_not_there():
    make_catalogue()
    make_car(make_member("he"))
    draft, others = survey_of(), open_survey(criteria={"models": ["S7"]}, title="别人的车")
    closed = moved(open_survey(title="已经结束的"), "closed", by=make_researcher())
    client = api(make_member("lin"))
    for said in ({"answers": {"used": "no"}}, {"answers": {}}, {"answers": {}, "draft": True}, {"seconds": -1}):
        for task, status in ((draft, 404), (others, 404), (closed, 409)):
            assert client.post(f"/api/v1/surveys/{task.pk}/responses/", said, format="json").status_code == status
    assert not Response.objects.exists() and not ResponseDraft.objects.exists()


def test_a_draft_is_kept_across_devices_and_gone_when_it_is_sent():
    task, lin = open_survey(), make_member()
    here = f"/api/v1/surveys/{task.pk}/responses/"
    kept = api(lin).post(here, {"answers": {"used": "yes"}, "draft": True})
    assert kept.status_code == 200 and not Participation.objects.exists()
    api(lin).post(here, {"answers": {"calm": 4}, "draft": True})
    assert api(lin).get(here).data["answers"] == {"used": "yes", "calm": 4}
    assert answered(task, lin, used="yes", calm=4).status_code == 201
    assert api(lin).get(here).data["draft"] is False


def test_s5_who_began_before_the_end_may_send_a_quarter_of_an_hour_longer():
    task, lin, wang = open_survey(), make_member(), make_member("wang")
    api(lin).post(f"/api/v1/surveys/{task.pk}/responses/", {"answers": {"used": "yes"}, "draft": True})
    moved(task, "closed")
    assert answered(task, wang, used="yes").status_code == 409
    assert answered(task, lin, used="yes").status_code == 201
    assert Response.objects.get().late


def test_s3_a_full_quota_thanks_and_does_not_count():
    questions = [{**PARKING[0], "quota": {"yes": 1}}]
    task = open_survey(questions)
    assert answered(task, "lin", used="yes").status_code == 201
    said = {"answers": {"used": "yes"}, "op_id": str(uuid.uuid4())}
    wang = make_member("wang")
    for _try in range(2):  # a replay says the same
        full = api(wang).post(f"/api/v1/surveys/{task.pk}/responses/", said)
        assert full.status_code == 409 and full.data["detail"]
    assert answered(task, "zhao", used="no").status_code == 201
    assert sorted(Response.objects.values_list("state", flat=True)) == ["counted", "counted", "over_quota"]


def test_a_replay_answers_the_receipt_and_nothing_of_the_answers():
    task, lin = open_survey(privacy="anonymous"), make_member()
    said = {"answers": {"used": "yes"}, "op_id": str(uuid.uuid4())}
    first = api(lin).post(f"/api/v1/surveys/{task.pk}/responses/", said)
    second = api(lin).post(f"/api/v1/surveys/{task.pk}/responses/", said)
    assert (first.status_code, second.status_code) == (201, 200) and first.data == second.data
    assert set(first.data) == {"survey", "answered", "on"}
    assert api(lin).get(f"/api/v1/surveys/{task.pk}/responses/").data["answers"] is None


def test_one_takes_the_own_answer_back():
    task, lin = open_survey(), make_member()
    answered(task, lin, used="yes")
    assert api(lin).delete(f"/api/v1/surveys/{task.pk}/responses/").status_code == 204
    assert not Response.objects.exists() and answered(task, lin, used="no").status_code == 201


# --- read


def test_results_come_with_intervals_means_and_margins():
    task = open_survey()
    crowd(task)
    found = api(make_researcher()).get(f"/api/v1/surveys/{task.pk}/results/").data
    assert (found["invited"], found["respondents"]) == (0, 12)
    used, where, calm, nps, words = found["questions"]
    assert [(row["key"], row["count"]) for row in used["options"]] == [("yes", 6), ("no", 6)]
    assert used["options"][0]["share"] == pytest.approx([0.5, 0.2538, 0.7462], abs=1e-4)
    assert where["base"] == 6 and where["options"][0]["count"] == 6
    assert calm["mean"] == pytest.approx([3, 2.3365, 3.6635], abs=1e-3)
    assert nps["nps"] == [100, 0]
    assert words["suppressed"] is True


def test_s14_the_promise_holds_for_everybody():
    task, lin = open_survey(), make_member()
    here = f"/api/v1/surveys/{task.pk}/results/"
    assert api(lin).get(here).status_code == 403
    answered(task, lin, used="yes")
    assert api(lin).get(here).status_code == 200
    staff_only = open_survey(results="staff", title="只给同事看")
    answered(staff_only, lin, used="yes")
    moved(staff_only, "closed")
    assert api(lin).get(f"/api/v1/surveys/{staff_only.pk}/results/").status_code == 403


def test_fewer_than_five_are_not_told():
    task = open_survey()
    for number in range(9):
        answered(task, f"owner{number}", used="yes" if number < 6 else "no", calm=3)
    used = api(make_researcher()).get(f"/api/v1/surveys/{task.pk}/results/").data["questions"][0]
    assert used["suppressed"] is True and "options" not in used


def test_groups_are_compared_and_small_ones_are_hidden():
    task = open_survey([PARKING[0]])
    for group, yes, no in (("S7", 20, 5), ("E5", 6, 18), ("X9", 2, 1), ("", 5, 7)):
        for place in range(yes + no):
            Response.objects.create(
                survey=task.survey,
                respondent=uuid.uuid4().hex,
                answers={"used": "yes" if place < yes else "no"},
                facts={"model": group} if group else {},
                revision=1,
            )
    here = f"/api/v1/surveys/{task.pk}/results/"
    (used,) = api(make_researcher()).get(here, {"by": "model"}).data["questions"]
    groups = {one["key"]: one for one in used["groups"]}
    assert groups["X9"] == {"key": "X9", "suppressed": True}
    assert sum("suppressed" in one for one in groups.values()) == 2, "nobody is alone behind the curtain"
    assert groups["S7"]["base"] == 25 and used["p"] == used["q"] and used["p"] < 0.01
    assert api(make_researcher()).get(here, {"by": "name"}).status_code == 400


def test_a_poll_is_a_survey_in_json_too():
    task = opened()
    found = api(make_member()).get(f"/api/v1/surveys/{task.pk}/").data
    assert [row["label"] for row in found["questions"][0]["options"]] == ["星轨", "飞羽", "磐石"]
