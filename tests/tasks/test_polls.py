"""One question, one tap, one answer per person, results as promised."""

from __future__ import annotations

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.ledger.models import Fact
from kocforum.stats import wilson
from tasks.actions.polls import OptionDraft, answer_poll, draft_poll
from tasks.models import Participation, Response, Task
from tasks.queries.respondents import own_response, respondent_of
from tasks.queries.results import ahead, results_of
from tests.people import make_car, make_catalogue, make_koc, make_member, make_staff
from tests.tasks.stories import brief, drafted, make_researcher, moved, opened, option, voted

pytestmark = pytest.mark.django_db


def shown(task: Task, user):
    return results_of(Task.objects.select_related("survey", "audience").get(pk=task.pk).survey, user)


def test_a_second_tap_changes_the_answer_and_counts_once():
    task, lin = opened(), make_member()
    voted(task, lin, "星轨")
    voted(task, lin, "飞羽")
    assert Response.objects.count() == Participation.objects.count() == 1
    assert own_response(task.survey, lin).answers == {"q1": option(task, "飞羽").key}
    assert [row.payload["changed"] for row in Fact.objects.filter(name="tasks.SurveyAnswered")] == [False, True]


def test_the_same_tap_again_tells_nothing_new():
    task, lin = opened(), make_member()
    for _each in range(3):
        voted(task, lin)
    assert Fact.objects.filter(name="tasks.SurveyAnswered").count() == 1


def test_a_replayed_op_id_answers_the_first_result_and_holds_no_choice():
    task, lin, op_id = opened(), make_member(), uuid.uuid4()
    first = voted(task, lin, "星轨", op_id=op_id)
    again = voted(task, lin, "飞羽", op_id=op_id)
    assert first.pk == again.pk and again.replayed
    assert own_response(task.survey, lin).answers == {"q1": option(task, "星轨").key}


def test_what_was_chosen_is_in_no_fact_and_no_row_that_names_the_member():
    task, lin = opened(), make_member()
    voted(task, lin)
    told = Fact.objects.get(name="tasks.SurveyAnswered")
    assert set(told.payload) == {"task_id", "changed"}
    response = Response.objects.get()
    assert response.respondent == respondent_of(task.survey, lin) and len(response.respondent) == 64
    assert respondent_of(opened(title="另一问").survey, lin) != response.respondent


def test_after_the_end_nobody_answers():
    task = moved(opened(), "closed")
    with pytest.raises(Conflict):
        voted(task, "lin")
    assert not Participation.objects.exists()


def test_who_is_not_asked_is_told_so():
    make_catalogue()
    owner, other = make_member("owner"), make_member("other")
    make_car(owner)
    task = opened(criteria={"models": ["S7"]})
    voted(task, owner)
    with pytest.raises(Forbidden):
        voted(task, other)
    assert task not in Task.objects.visible_to(other) and task in Task.objects.visible_to(owner)


def test_an_option_of_another_poll_is_no_answer():
    one, two, lin = opened(), opened(title="另一问", labels=("是", "否")), make_member()
    with pytest.raises(Invalid):
        answer_poll(by=lin, task=one, option=option(two, "是"))
    assert not Participation.objects.exists()


@pytest.mark.parametrize(
    ("options", "field"),
    [
        (["只有一个"], "options"),
        (["一样", "一样"], "options"),
        ([], "options"),
        (["a"] * 13, "options"),
        (["甲", " 甲 "], "options"),
    ],
)
def test_options_that_cannot_be_are_named(options, field):
    with pytest.raises(Invalid) as refused:
        draft_poll(by=make_researcher(), brief=brief(), options=[OptionDraft(label=label) for label in options])
    assert field in refused.value.fields


def test_guesses_make_a_hundred_at_most():
    options = [OptionDraft(label="是", guess=70), OptionDraft(label="否", guess=40)]
    with pytest.raises(Invalid) as refused:
        draft_poll(by=make_researcher(), brief=brief(), options=options)
    assert "guess" in refused.value.fields


def test_only_researchers_draft():
    for somebody in (make_staff(), make_koc()):
        with pytest.raises(Forbidden):
            drafted(by=somebody)


def five_voted(results: str) -> Task:
    task = opened(results=results)
    for number in range(5):
        voted(task, f"owner{number}", "星轨")
    return task


def test_shares_stand_with_their_counts_and_wilson_intervals():
    task = opened()
    for number in range(11):
        voted(task, f"owner{number}", "星轨" if number < 6 else "飞羽")
    first = shown(task, make_researcher())[0]
    assert first.base == 11
    assert [(row.label, row.count) for row in first.options] == [("星轨", 6), ("飞羽", 5), ("磐石", 0)]
    assert first.options[0].share == (6 / 11, *wilson(6, 11))


def test_an_option_of_a_few_is_kept_back_together_with_the_next_so_that_no_difference_tells_it():
    task = opened()
    for number in range(20):
        voted(task, f"owner{number}", "星轨" if number < 11 else "飞羽" if number < 17 else "磐石")
    first = shown(task, make_researcher())[0]
    assert [(row.label, row.count, row.suppressed) for row in first.options] == [
        ("星轨", 11, False),
        ("飞羽", 0, True),
        ("磐石", 0, True),
    ]


def test_fewer_than_five_answers_show_nothing():
    task, lin = opened(), make_member()
    voted(task, lin)
    found = shown(task, make_researcher())[0]
    assert found.suppressed and not found.options and found.base == 1


@pytest.mark.parametrize(
    ("promise", "reads"),
    [
        ("after_answer", {"answered": True, "asked": False, "visitor": False, "operator": True, "researcher": True}),
        ("after_close", {"answered": False, "asked": False, "visitor": False, "operator": True, "researcher": True}),
        ("staff", {"answered": False, "asked": False, "visitor": False, "operator": True, "researcher": True}),
        ("never", {"answered": False, "asked": False, "visitor": False, "operator": False, "researcher": True}),
    ],
)
def test_while_open_the_promise_decides_who_reads(promise, reads):
    task = five_voted(promise)
    assert {who: shown(task, user) is not None for who, user in readers().items()} == reads


@pytest.mark.parametrize(
    ("promise", "reads"),
    [
        ("after_answer", {"answered": True, "asked": True, "visitor": True, "operator": True, "researcher": True}),
        ("after_close", {"answered": True, "asked": True, "visitor": True, "operator": True, "researcher": True}),
        ("staff", {"answered": False, "asked": False, "visitor": False, "operator": True, "researcher": True}),
        ("never", {"answered": False, "asked": False, "visitor": False, "operator": False, "researcher": True}),
    ],
)
def test_after_the_end_the_promise_still_decides(promise, reads):
    task = moved(five_voted(promise), "closed")
    assert {who: shown(task, user) is not None for who, user in readers().items()} == reads


def readers() -> dict:
    from kocforum.members.models import Member

    return {
        "answered": Member.objects.get(username="owner0"),
        "asked": make_member("silent"),
        "visitor": AnonymousUser(),
        "operator": make_staff("op"),
        "researcher": make_researcher(),
    }


@pytest.mark.parametrize(("first", "second", "leads"), [(5, 5, False), (12, 3, True), (6, 1, False), (0, 0, False)])
def test_an_option_leads_only_by_more_than_chance(first, second, leads):
    assert ahead(first, second) is leads
