"""Answering a survey of several questions as people do: page by page, without JavaScript, on two devices, too late."""

from __future__ import annotations

import random
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils import timezone

from kocforum.garage.actions import install_version
from tasks.forms.answering import PageForm
from tasks.models import Participation, QuotaCell, Response, ResponseDraft, Survey, Task
from tasks.queries.respondents import order_seed_of
from tasks.rules.notation import from_data
from tasks.rules.questionnaire import Questionnaire, problems_of
from tasks.rules.showing import in_order, pairs_of, sets_of
from tests.people import make_car, make_catalogue, make_member
from tests.tasks.stories import make_researcher, moved
from tests.tasks.surveys import PARKING, open_survey, survey_of
from tests.tasks.test_pages import client_of, cost
from tests.uploads.made import photo

pytestmark = pytest.mark.django_db

ALL_KINDS = [
    {
        "key": "one",
        "type": "single",
        "text": "一个？",
        "options": ["甲", "乙", {"key": "own", "label": "其他", "words": True}],
    },
    {"key": "many", "type": "multiple", "text": "几个？", "options": ["甲", "乙", "丙"], "most": 2},
    {"key": "rate", "type": "rating", "text": "几分？", "cannot_judge": True},
    {"key": "nps", "type": "nps", "text": "会推荐吗？"},
    {"key": "rows", "type": "matrix", "text": "各几分？", "options": ["甲", "乙"], "cannot_judge": True},
    {"key": "order", "type": "ranking", "text": "排序", "options": ["甲", "乙", "丙"]},
    {"key": "km", "type": "number", "text": "多少？", "scale": {"min": 0, "max": 100}},
    {"key": "word", "type": "text", "text": "一个词"},
    {"key": "long", "type": "long_text", "text": "还有呢？"},
    {"key": "best", "type": "maxdiff", "text": "最要紧？", "options": ["甲", "乙", "丙", "丁"]},
    {"key": "duel", "type": "pairwise", "text": "选一个", "options": ["甲", "乙", "丙"]},
]


def page(client, task, number=None):
    return client.get(f"/tasks/{task.pk}/survey/", {"page": number} if number else {})


def send(client, task, number=1, go="next", **typed):
    """As a browser does without a script: everything that the page showed is said to have been seen."""
    shown = re.findall(r'name="seen" value="([^"]+)"', page(client, task, number).content.decode())
    data = {**{f"q-{key}": value for key, value in typed.items()}, "go": go, "seen": shown}
    return client.post(f"/tasks/{task.pk}/survey/?page={number}", data)


def ended(task, ago: timedelta) -> None:
    """It was open for a day, until then."""
    end = timezone.now() - ago
    Task.objects.filter(pk=task.pk).update(closes_at=end, opens_at=end - timedelta(days=1))


def test_a_survey_is_answered_page_by_page_without_a_script():
    task, lin = open_survey(), make_member("lin")
    client = client_of(lin)
    assert f"/tasks/{task.pk}/survey/" in client.get(f"/tasks/{task.pk}/").content.decode()
    first = send(client, task, used="yes", where=["mall", "home"])
    assert first.status_code == 302 and first.url.endswith("?page=2")
    assert ResponseDraft.objects.get().answers == {"used": "yes", "where": ["mall", "home"]}
    last = send(client, task, 2, "send", calm="4", nps="9", words="标线反光的时候认不出来。")
    assert last.status_code == 302 and last.url == f"/tasks/{task.pk}/"
    response = Response.objects.get()
    assert response.answers == {
        "used": "yes",
        "where": ["mall", "home"],
        "calm": 4,
        "nps": 9,
        "words": "标线反光的时候认不出来。",
    }
    assert response.seed == order_seed_of(task.survey, lin) and response.seconds is not None
    assert not ResponseDraft.objects.exists()


def test_what_follows_from_an_answer_on_the_same_page_is_asked_before_going_on():
    task, client = open_survey(), client_of(make_member())
    again = client.post(f"/tasks/{task.pk}/survey/?page=1", {"q-used": "yes", "go": "next", "seen": ["used"]})
    assert again.status_code == 422
    words = again.content.decode()
    assert "根据你的回答，还想多问一句。" in words
    assert re.search(r'id="q-where"[^>]*data-show-if', words) and not re.search(r'id="q-where"[^>]* hidden', words)
    assert send(client, task, used="yes", where="mall").status_code == 302


def test_s7_what_a_hidden_question_was_sent_is_dropped():
    task, lin = open_survey(), make_member("lin")
    client = client_of(lin)
    client.post(
        f"/tasks/{task.pk}/survey/?page=1", {"q-used": "no", "q-where": "mall", "go": "next", "seen": ["used", "where"]}
    )
    send(client, task, 2, "send")
    assert "where" not in Response.objects.get().answers


def test_what_is_needed_and_what_is_no_answer_is_said_beside_the_question_and_nothing_is_lost():
    questions = [*PARKING[:1], {"key": "km", "type": "number", "text": "多少公里？", "scale": {"min": 0, "max": 9}}]
    task, client = open_survey(questions), client_of(make_member())
    refused = send(client, task, go="send", km="很多")
    words = refused.content.decode()
    assert refused.status_code == 422
    assert 'href="#q-used"' in words and 'href="#q-km"' in words
    assert 'id="q-km_error"' in words and 'value="很多"' in words
    assert not Response.objects.exists()
    refused = send(client, task, go="send", used="yes", km="12")
    assert refused.status_code == 422 and ResponseDraft.objects.get().answers == {"used": "yes"}
    assert 'id="q-km_error"' in refused.content.decode() and 'value="12"' in refused.content.decode()


def test_a_draft_goes_on_on_another_device_where_it_stopped():
    task, lin = open_survey(), make_member("lin")
    send(client_of(lin), task, used="no")
    elsewhere = client_of(lin)
    words = elsewhere.get(f"/tasks/{task.pk}/").content.decode()
    assert "接着回答" in words
    assert 'data-question="calm"' in page(elsewhere, task).content.decode()
    assert re.search(r'value="no"[^>]* checked', page(elsewhere, task, 1).content.decode())
    assert "接着回答" in elsewhere.get("/tasks/").content.decode()


def test_the_script_keeps_what_is_typed_without_leaving_the_page():
    task, client = open_survey(), client_of(make_member())
    assert send(client, task, go="save", used="yes").status_code == 204
    assert ResponseDraft.objects.get().answers == {"used": "yes"}
    assert send(client, task, 1, "later", used="no").url == f"/tasks/{task.pk}/"
    assert ResponseDraft.objects.get().answers == {"used": "no"}
    ended(task, timedelta(hours=1))
    late = client.post(f"/tasks/{task.pk}/survey/?page=1", {"q-used": "yes", "go": "save"})
    assert late.status_code == 409 and late.content.decode()


def test_back_keeps_what_was_typed_even_where_something_is_missing():
    task, client = open_survey(), client_of(make_member())
    send(client, task, used="no")
    back = send(client, task, 2, "back", calm="3")
    assert back.url.endswith("?page=1") and ResponseDraft.objects.get().answers["calm"] == 3


def test_an_answer_can_be_changed_until_the_end_and_taken_back():
    task, lin = open_survey(), make_member("lin")
    client = client_of(lin)
    send(client, task, used="no")
    send(client, task, 2, "send", calm="2")
    assert "修改我的回答" in client.get(f"/tasks/{task.pk}/").content.decode()
    send(client, task, 1, used="no")
    send(client, task, 2, "send", calm="5")
    assert Response.objects.get().answers["calm"] == 5 and Response.objects.get().revision == 2
    taken = client.post(f"/tasks/{task.pk}/withdraw/")
    assert taken.status_code == 302 and not Response.objects.exists() and not Participation.objects.exists()


def test_what_cannot_be_changed_says_so_and_leads_back():
    task, client = open_survey(amendable=False), client_of(make_member())
    send(client, task, used="no")
    send(client, task, 2, "send", calm="2")
    answer = page(client, task)
    assert answer.status_code == 302 and answer.url == f"/tasks/{task.pk}/"


def test_an_anonymous_answer_leaves_no_draft_and_no_own_answer():
    task, client = open_survey(privacy="anonymous"), client_of(make_member())
    assert "没有人能看出哪一份是你的" in page(client, task).content.decode()
    send(client, task, used="no")
    send(client, task, 2, "send", calm="2")
    assert not ResponseDraft.objects.exists() and Participation.objects.exists()
    words = client.get(f"/tasks/{task.pk}/").content.decode()
    assert "哪一份是你的，已经没有人能分辨" in words and "撤回" not in words
    assert page(client, task).status_code == 302


def test_an_anonymous_answer_is_shown_once_where_it_was_sent_and_is_kept_by_nobody_else():
    task, client = open_survey(privacy="anonymous"), client_of(make_member())
    send(client, task, used="no")
    receipt = send(client, task, 2, "send", calm="2", words="提示音太轻")
    words = receipt.content.decode()
    assert receipt.status_code == 200 and receipt["Cache-Control"] == "no-store"
    assert "没用过" in words and "提示音太轻" in words and "data-keep-own" in words
    again = send(client, task, 2, "send", calm="2", words="提示音太轻")
    assert again.status_code == 302
    moved(task, "closed")
    assert "data-own-answers" in client.get(f"/tasks/{task.pk}/").content.decode(), "beside what all answered, too"
    session = client.session
    for place in (client.get(f"/tasks/{task.pk}/").content.decode(), repr(dict(session)), repr(client.cookies)):
        assert "提示音太轻" not in place and "没用过" not in repr(dict(session))


def test_s5_who_began_before_the_end_may_send_until_a_quarter_of_an_hour_after_it():
    task, client = open_survey(), client_of(make_member())
    send(client, task, used="no")
    ResponseDraft.objects.update(started_at=timezone.now() - timedelta(minutes=20))
    ended(task, timedelta(minutes=5))
    assert send(client, task, 2, "send", calm="4").url == f"/tasks/{task.pk}/"
    assert Response.objects.get().late


def test_s3_a_full_quota_is_told_before_the_work_and_thanks_after_it():
    task = open_survey([{**PARKING[0], "quota": {"yes": 1}}, *PARKING[1:]])
    QuotaCell.objects.filter(survey=task.survey).update(used=1)
    client = client_of(make_member())
    send(client, task, used="yes", where="mall")
    assert "不计入结果" in page(client, task).content.decode()
    done = client.post(
        f"/tasks/{task.pk}/survey/?page=2", {"q-calm": "4", "go": "send", "seen": ["calm", "nps", "words"]}, follow=True
    )
    assert "不计入结果" in done.content.decode()
    assert Response.objects.get().state == "over_quota"


def test_every_kind_of_question_is_answered_with_plain_fields():
    task, client = open_survey(ALL_KINDS), client_of(make_member())
    shown = page(client, task).content.decode()
    assert all(f'data-question="{one["key"]}"' in shown for one in ALL_KINDS)
    typed = {
        "one": "own",
        "one.words": "丁",
        "many": ["o1", "o3"],
        "rate": "cannot_judge",
        "nps": "10",
        "rows.o1": "5",
        "rows.o2": "cannot_judge",
        "order.o1": "3",
        "order.o2": "1",
        "order.o3": "2",
        "km": "12.5",
        "word": "稳",
        "long": "第一行\n第二行",
        "duel.pair.0": "cannot_judge",
    }
    for name in re.findall(r'name="(q-best\.(?:best)\.\d+)"', shown):
        typed[name.removeprefix("q-")] = "o1"
        typed[name.replace("best.best", "best.worst").removeprefix("q-")] = "o2"
    assert send(client, task, 1, "send", **typed).status_code == 302
    answers = Response.objects.get().answers
    assert answers["one"] == "own" and answers["one.words"] == "丁"
    assert answers["many"] == ["o1", "o3"] and answers["rate"] == "cannot_judge" and answers["nps"] == 10
    assert answers["rows"] == {"o1": 5, "o2": "cannot_judge"} and answers["order"] == ["o2", "o3", "o1"]
    assert answers["km"] == 12.5 and answers["word"] == "稳" and answers["long"] == "第一行\n第二行"
    assert len(answers["best"]) == 3 and all(one["best"] == "o1" and one["worst"] == "o2" for one in answers["best"])
    assert [one["chosen"] for one in answers["duel"]] == [None]


def test_s16_a_forged_page_cannot_choose_too_many_or_what_is_not_there():
    task, client = open_survey(ALL_KINDS), client_of(make_member())
    assert "最多选 2 项" in send(client, task, 1, "send", many=["o1", "o2", "o3"]).content.decode()
    assert send(client, task, 1, "send", one="o9").status_code == 422
    assert send(client, task, 1, "send", **{"order.o1": "1", "order.o2": "1", "order.o3": "2"}).status_code == 422
    assert send(client, task, 1, "send", many=["o1", "o1", "o1"]).status_code == 302
    assert Response.objects.get().answers["many"] == ["o1"]


def test_photos_stay_with_the_answer_and_a_file_that_is_none_says_so():
    question = {"key": "pic", "type": "photo", "text": "照片？"}
    task, lin = open_survey([*PARKING[:1], question]), make_member("lin")
    client = client_of(lin)
    wrong = send(client, task, 1, "send", used="no", pic=SimpleUploadedFile("a.jpg", b"no picture"))
    assert wrong.status_code == 422 and 'id="q-pic_error"' in wrong.content.decode()
    kept = send(client, task, 1, "later", used="no", pic=SimpleUploadedFile("a.jpg", photo(), "image/jpeg"))
    assert kept.status_code == 302
    (number,) = re.findall(r'name="q-pic\.kept" value="(\d+)"', page(client, task).content.decode())
    assert send(client, task, 1, "send", used="no", **{"pic.kept": number}).status_code == 302
    assert Response.objects.get().answers["pic"] == [int(number)]
    gone = send(client, task, 1, "send", used="no", **{"pic.kept": number, "pic.drop": number})
    assert gone.status_code == 302 and Response.objects.get().answers["pic"] is None


def test_nobody_answers_with_the_photo_of_another():
    question = {"key": "pic", "type": "photo", "text": "照片？"}
    task = open_survey([question, *PARKING[:1]])
    shuo = client_of(make_member("shuo"))
    send(shuo, task, 1, "later", pic=SimpleUploadedFile("a.jpg", photo(), "image/jpeg"))
    (number,) = ResponseDraft.objects.get().answers["pic"]
    send(client_of(make_member("lin")), task, 1, "send", used="no", **{"pic.kept": str(number)})
    assert Response.objects.get().answers["pic"] is None


def test_the_answers_before_are_named_in_a_later_question():
    questions = [PARKING[0], {"key": "why", "type": "text", "text": "你说“{used}”，为什么？", "page": 2}]
    task, client = open_survey(questions), client_of(make_member())
    send(client, task, used="yes")
    assert "你说“用过”，为什么？" in page(client, task, 2).content.decode()


def test_s8_what_is_answered_on_the_same_page_cannot_be_named_there():
    items = from_data([PARKING[0], {"key": "why", "type": "text", "text": "你说“{used}”？"}])
    assert list(problems_of(items)) == ["why"]


def test_a_visitor_signs_in_first_and_a_poll_has_no_second_door():
    task = open_survey()
    assert page(client_of(), task).url == f"/accounts/login/?next=/tasks/{task.pk}/survey/"
    assert client_of(make_member()).get(f"/tasks/{survey_of().pk}/survey/").status_code == 404


def test_options_are_shuffled_by_the_person_and_none_and_other_stay_last():
    item = from_data(
        [
            {
                "key": "q",
                "type": "multiple",
                "text": "?",
                "shuffled": True,
                "options": [*"甲乙丙丁戊己", {"key": "no", "label": "无", "exclusive": True}],
            }
        ]
    )[0]
    orders = {tuple(one.key for one in in_order(item, seed)) for seed in range(20)}
    assert len(orders) > 10 and {order[-1] for order in orders} == {"no"}
    assert in_order(item, 7) == in_order(item, 7)


def test_sets_and_pairs_are_the_same_at_every_look():
    item = from_data([{"key": "q", "type": "maxdiff", "text": "?", "options": list("甲乙丙丁戊己庚辛")}])[0]
    assert sets_of(item, 3) == sets_of(item, 3) and len(sets_of(item, 3)) == 6
    assert pairs_of(item, 3) == pairs_of(item, 3) and len(pairs_of(item, 3)) == 10


def test_any_post_gives_a_page_or_a_refusal_never_an_error():
    """Random names and values, as a robot would send them."""
    questionnaire, dice = Questionnaire(tuple(from_data(ALL_KINDS))), random.Random(4)
    names = [
        f"q-{one['key']}{end}" for one in ALL_KINDS for end in ("", ".o1", ".words", ".best.0", ".pair.0", ".worst.1")
    ]
    values = ["", "o1", "o2", "cannot_judge", "1", "-1", "1e999", "NaN", "𝟙", "[]", "null", "9" * 400, "\x00", "甲"]
    for _time in range(300):
        data = QueryDict(mutable=True)
        for name in dice.sample(names, 12):
            data.setlist(name, dice.choices(values, k=dice.randint(1, 3)))
        form = PageForm(questionnaire, data=data)
        assert set(form.problems) <= {item.key for item in questionnaire.items}
        assert [one.item.key for one in form.asked] == [one["key"] for one in ALL_KINDS]
        for one in form.asked:
            drawn = {"maxdiff": one.sets, "pairwise": one.pairs, "matrix": one.rows, "ranking": one.places}
            assert drawn.get(one.item.type, one.options or one.steps)


def test_trying_out_stores_nothing_and_shows_what_would_be_stored():
    researcher = make_researcher()
    task = survey_of(by=researcher)
    client = client_of(researcher)
    first = client.get(f"/desk/tasks/{task.pk}/try/").content.decode()
    assert "这是试答" in first
    carried = re.search(r'name="carried" value="([^"]+)"', first)[1]
    second = client.post(
        f"/desk/tasks/{task.pk}/try/", {"carried": carried, "page": "1", "q-used": "no", "seen": ["used"], "go": "next"}
    ).content.decode()
    carried = re.search(r'name="carried" value="([^"]+)"', second)[1]
    done = client.post(
        f"/desk/tasks/{task.pk}/try/",
        {"carried": carried, "page": "2", "q-calm": "5", "seen": ["calm", "nps", "words"], "go": "next"},
    ).content.decode()
    assert "&quot;used&quot;: &quot;no&quot;" in done and "&quot;calm&quot;: 5" in done
    assert not ResponseDraft.objects.exists() and not Response.objects.exists() and not Participation.objects.exists()
    assert Survey.objects.get(task=task).fixed_at is None
    assert client_of(make_member()).get(f"/desk/tasks/{task.pk}/try/").status_code == 404


def test_queries_of_the_pages():
    task, lin = open_survey(), make_member("lin")
    client = client_of(lin)
    assert cost(client, f"/tasks/{task.pk}/survey/") <= 12
    send(client, task, used="no")
    assert cost(client, f"/tasks/{task.pk}/survey/?page=2") <= 11
    assert cost(client, f"/tasks/{task.pk}/") <= 18


def test_s18_the_car_is_told_as_it_was_when_one_began():
    make_catalogue()
    lin = make_member("lin")
    car = make_car(lin, version="4.2.1")
    task, client = open_survey(), client_of(lin)
    send(client, task, used="no")
    install_version(by=lin, vehicle=car, version="4.3.0", installed_on=timezone.localdate())
    send(client, task, 2, "send", calm="4")
    assert Response.objects.get().facts["version"] == "4.2.1"
