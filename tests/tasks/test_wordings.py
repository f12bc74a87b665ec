"""Words are corrected while people answer; what is asked is not, and everybody's words stay known (S6, S10, S12)."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest
from django.db import IntegrityError, transaction

from kocforum.errors import Conflict
from kocforum.ledger.models import Fact
from tasks.actions.responses import answer_survey, save_draft
from tasks.actions.wordings import correct_wording
from tasks.models import Response, Survey, Task, Wording
from tasks.queries.wordings import changed_since, history_of
from tasks.rules.notation import from_data
from tests.at_once import at_once
from tests.people import make_member, make_staff
from tests.tasks.stories import make_researcher, moved
from tests.tasks.surveys import PARKING, open_survey
from tests.tasks.test_answering import page, send
from tests.tasks.test_builder import fields
from tests.tasks.test_pages import client_of, cost

pytestmark = pytest.mark.django_db

NO = {"used": "no", "calm": 4}


def with_words(**texts: str):
    """The questions with other words, `key` or `key__option`."""
    questions = deepcopy(PARKING)
    for place, words in texts.items():
        key, _line, option = place.partition("__")
        question = next(one for one in questions if one["key"] == key)
        target = next(one for one in question["options"] if one["key"] == option) if option else question
        target["label" if option else "text"] = words
    return questions


def corrected(task, **texts: str):
    return correct_wording(by=make_researcher(), task=task, items=from_data(with_words(**texts)))


def current(task) -> Survey:
    return Survey.objects.get(task=task)


def now(task) -> Task:
    """As the next request reads it."""
    return Task.objects.get(pk=task.pk)


def test_a_typo_is_corrected_in_a_new_version_and_answers_keep_theirs():
    task = open_survey()
    answer_survey(by=make_member("lin"), task=task, answers=NO)
    wording = corrected(task, used="雨天用过自动泊车没有？", where__mall="商场的地库")
    assert wording.version == current(task).version == 2
    assert wording.changes == [
        ["used", "雨天用过自动泊车吗？", "雨天用过自动泊车没有？"],
        ["where.mall", "商场地库", "商场的地库"],
    ]
    answer_survey(by=make_member("he"), task=now(task), answers=NO)
    assert sorted(Response.objects.values_list("version", flat=True)) == [1, 2]
    assert Wording.objects.get(version=1).questions[0]["text"] == "雨天用过自动泊车吗？"
    assert Fact.objects.get(name="tasks.WordingCorrected").payload == {"task_id": task.pk, "version": 2}
    assert "雨天用过自动泊车没有？" in page(client_of(make_member("shuo")), task).content.decode()


def test_nothing_different_is_no_version():
    task = open_survey()
    assert corrected(task) is None and current(task).version == 1


@pytest.mark.parametrize(
    "change",
    [
        {"key": "used2"},
        {"type": "multiple"},
        {"required": False},
        {"page": 2},
        {"options": [{"key": "yes", "label": "用过"}]},
        {"options": [{"key": "yes", "label": "用过"}, {"key": "no", "label": "没用过"}, {"key": "x", "label": "新"}]},
        {"options": [{"key": "yes", "label": "用过", "exclusive": True}, {"key": "no", "label": "没用过"}]},
        {"show_if": {"key": "calm", "at_least": 2}},
    ],
)
def test_s10_another_meaning_needs_a_key_of_its_own(change):
    task = open_survey()
    questions = deepcopy(PARKING)
    questions[0].update(change)
    with pytest.raises(Conflict):
        correct_wording(by=make_researcher(), task=task, items=from_data(questions))
    assert current(task).version == 1 and current(task).questions.first().type == "single"


def test_s9_an_option_is_retired_and_stays_counted():
    task = open_survey()
    for number in range(6):
        answer_survey(by=make_member(f"m{number}"), task=task, answers={"used": "yes", "where": ["mall"]})
    questions = with_words()
    questions[1]["options"][0]["retired"] = True
    correct_wording(by=make_researcher(), task=task, items=from_data(questions))
    client = client_of(make_member("late"))
    assert 'value="mall"' not in page(client, task).content.decode()
    assert send(client, task, used="yes", where=["mall"]).status_code == 422
    results = client_of(make_researcher()).get(f"/api/v1/surveys/{task.pk}/results/").json()
    assert next(one for one in results["questions"] if one["key"] == "where")["options"][0]["count"] == 6


def test_s6_a_draft_of_older_words_goes_on_and_what_changed_is_asked_again():
    task, lin = open_survey(), make_member("lin")
    save_draft(by=lin, task=task, answers={"used": "yes", "where": ["home"]})
    corrected(task, used="最近雨天用过自动泊车吗？")
    assert changed_since(current(task), 1) == {"used"} and changed_since(current(task), 2) == set()
    shown = page(client_of(lin), task).content.decode()
    assert shown.count("这道题的措辞改过") == 1 and 'id="q-used_changed"' in shown
    client = client_of(lin)
    send(client, task, 1, used="yes", where=["home"])
    assert "这道题的措辞改过" not in page(client, task, 1).content.decode()
    send(client, task, 2, "send", calm="4")
    assert Response.objects.get().version == 2


def test_s10_how_many_saw_which_words_is_told_from_five_on():
    task = open_survey()
    for number in range(6):
        answer_survey(by=make_member(f"m{number}"), task=task, answers=NO)
    assert [row["answers"] for row in history_of(current(task))] == [6]
    corrected(task, used="雨天用过自动泊车没有？")
    answer_survey(by=make_member("late"), task=now(task), answers=NO)
    assert [row["answers"] for row in history_of(current(task))] == [None, None]
    for number in range(4):
        answer_survey(by=make_member(f"n{number}"), task=now(task), answers=NO)
    assert [row["answers"] for row in history_of(current(task))] == [5, 6]


def test_the_page_corrects_and_shows_what_was():
    task = open_survey()
    client = client_of(make_researcher())
    path = f"/desk/tasks/{task.pk}/words/"
    data = fields('id="builder"' + client.get(path).content.decode().split('<form method="post" class="form"')[1])
    assert client.post(path, {**data, "used-text": "雨天用过自动泊车没有？"}).status_code == 302
    shown = client.get(path).content.decode()
    assert "<del>雨天用过自动泊车吗？</del>" in shown and "<ins>雨天用过自动泊车没有？</ins>" in shown
    stale = client.post(path, {**data, "used-text": "再改一次"})
    assert stale.status_code == 422 and "再改一次" in stale.content.decode()
    empty = client.post(path, {**data, "used-text": ""})
    assert empty.status_code == 422 and current(task).version == 2
    assert client_of(make_staff("operator")).get(path).status_code == 404
    moved(task, "closed")
    assert 'class="form"' not in client.get(path).content.decode().split("<main")[1]
    assert cost(client, path) <= 16


def test_the_api_corrects_words_alone():
    task = open_survey()
    client = client_of(make_researcher())

    def patch(data):
        return client.patch(f"/api/v1/surveys/{task.pk}/", json.dumps(data), content_type="application/json")

    assert patch({"questions": with_words(used="雨天用过自动泊车没有？")}).json()["version"] == 2
    assert patch({"questions": with_words(used="x"), "title": "别的"}).status_code == 409
    assert patch({"title": "别的"}).status_code == 409
    assert patch({"questions": PARKING[:1]}).status_code == 409


def test_s12_the_database_keeps_what_was_promised():
    task = open_survey()
    save_draft(by=make_member("lin"), task=task, answers={"used": "no"})
    for change in ({"privacy": "identified"}, {"results": "staff"}, {"amendable": False}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Survey.objects.filter(task=task).update(**change)
    assert current(task).privacy == "confidential"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_correct_at_once_make_one_version():
    task, by = open_survey(), make_researcher()
    works = [
        lambda words=words: correct_wording(by=by, task=task, items=from_data(with_words(used=words)), seen=1)
        for words in ("甲？", "乙？", "丙？")
    ]
    results = at_once(*works)
    assert sum(isinstance(one, Wording) for one in results) == 1
    assert sum(isinstance(one, Conflict) for one in results) == 2, results
    assert current(task).version == 2 and Wording.objects.filter(survey__task=task).count() == 2
