"""One question, one tap, one answer per person, results as promised."""

from __future__ import annotations

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.ledger.models import Fact
from kocforum.stats import wilson
from tasks.actions.surveys import OptionDraft, answer_poll, draft_poll
from tasks.models import Answer, Participation, Response, Task
from tasks.queries.surveys import ahead, own_options, respondent_of, results_of
from tests.people import make_car, make_catalogue, make_koc, make_member, make_staff
from tests.tasks.stories import brief, drafted, make_researcher, moved, opened, option, voted

pytestmark = pytest.mark.django_db


def shown(task: Task, user):
    return results_of(Task.objects.select_related("survey", "audience").get(pk=task.pk).survey, user)


def test_a_second_tap_changes_the_answer_and_counts_once():
    task, lin = opened(), make_member()
    voted(task, lin, "星轨")
    voted(task, lin, "飞羽")
    assert Response.objects.count() == Participation.objects.count() == Answer.objects.count() == 1
    assert own_options(task.survey, lin) == [option(task, "飞羽").pk]
    assert [row.payload["changed"] for row in Fact.objects.filter(name="tasks.PollAnswered")] == [False, True]


def test_the_same_tap_again_tells_nothing_new():
    task, lin = opened(), make_member()
    for _each in range(3):
        voted(task, lin)
    assert Fact.objects.filter(name="tasks.PollAnswered").count() == 1


def test_a_replayed_op_id_answers_the_first_result_and_holds_no_choice():
    task, lin, op_id = opened(), make_member(), uuid.uuid4()
    first = voted(task, lin, "星轨", op_id=op_id)
    again = voted(task, lin, "飞羽", op_id=op_id)
    assert first.pk == again.pk and again.replayed
    assert own_options(task.survey, lin) == [option(task, "星轨").pk]


def test_what_was_chosen_is_in_no_fact_and_no_row_that_names_the_member():
    task, lin = opened(), make_member()
    voted(task, lin)
    told = Fact.objects.get(name="tasks.PollAnswered")
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
        voted(task, f"owner{number}", "星轨" if number < 4 else "飞羽")
    return task


def test_shares_stand_with_their_counts_and_wilson_intervals():
    task = five_voted("after_answer")
    first = shown(task, make_researcher())[0]
    assert first.base == 5
    assert [(row.label, row.count) for row in first.options] == [("星轨", 4), ("飞羽", 1), ("磐石", 0)]
    assert first.options[0].share == (0.8, *wilson(4, 5))


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
