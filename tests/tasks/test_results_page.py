"""What colleagues see of a survey: pictures and numbers behind one gate, never of fewer than five people (S15, S17)."""

from __future__ import annotations

import json
import re
import uuid
from datetime import date
from itertools import count

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from kocforum.members.models import Member
from tasks.models import Invitation, Participation, Response, Survey, Task
from tasks.queries.answers import Answers
from tasks.queries.crosstables import crossed
from tasks.queries.groups import compare
from tasks.queries.missing import absences
from tasks.queries.results import all_results
from tasks.queries.results import shown as results_shown
from tasks.queries.tallies import tally
from tasks.queries.waves import waves_of
from tasks.queries.weights import weighting_of
from tasks.rules.notation import from_data
from tests.people import make_member, make_staff
from tests.tasks.stories import make_researcher, moved
from tests.tasks.surveys import PARKING, open_survey, survey_of
from tests.tasks.test_pages import client_of

pytestmark = pytest.mark.django_db

USED = PARKING[0]
WHERE = {**PARKING[1], "show_if": None}
CALM, NPS, WORDS = PARKING[2:]
EACH = count()


def said(task: Task, many: int, model: str = "", *, seconds: int | None = None, **answers) -> None:
    """So many responses of one kind of car, as they are kept."""
    Response.objects.bulk_create(
        Response(
            survey=task.survey,
            respondent=uuid.uuid4().hex,
            answers=answers,
            facts={"model": model} if model else {},
            seconds=seconds,
            revision=1,
        )
        for _ in range(many)
    )


def asked(task: Task, many: int, model: str, *, took: int = 0) -> None:
    """So many members in the frozen frame, the first of whom took part."""
    numbers = [next(EACH) for _ in range(many)]
    members = Member.objects.bulk_create(Member(username=f"frame{number}") for number in numbers)
    now = timezone.now()
    Invitation.objects.bulk_create(
        Invitation(task=task, member=member, lot=number, model=model, state="invited", invited_at=now)
        for number, member in zip(numbers, members, strict=True)
    )
    Participation.objects.bulk_create(
        Participation(task=task, member=member, on=date(2026, 11, 20)) for member in members[:took]
    )


def results_at(task: Task, client: Client | None = None, **query: str) -> str:
    answer = (client or client_of(make_researcher())).get(f"/desk/tasks/{task.pk}/results/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def charts_in(page: str) -> dict[str, dict]:
    found = re.findall(r'<script id="([a-z]+-\d+)" type="application/json">(.*?)</script>', page, re.S)
    return {name: json.loads(text) for name, text in found}


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def parking() -> Task:
    """Two kinds of cars that differ, and two of which few speak: one alone would follow from the rest."""
    task = open_survey([USED, CALM, NPS, WORDS])
    texts = ["雨天认不出车位标线", "标线反光，倒车影像也糊", "雨天标线反光认不出", "提示音太轻", "雨天标线看不清"]
    for model, yes, no in (("S7", 24, 6), ("E5", 7, 23), ("X9", 6, 5), ("L7", 2, 1)):
        said(task, yes, model, seconds=60, used="yes", calm=4, nps=9, words=None)
        said(task, no, model, seconds=90, used="no", calm=2, nps=5, words=None)
    for place in range(10):
        said(task, 1, "S7", seconds=10, used="yes", calm=5, nps=10, words=texts[place % 5])
    asked(task, 50, "S7", took=40)
    asked(task, 150, "E5", took=30)
    asked(task, 17, "X9", took=11)
    asked(task, 7, "L7", took=3)
    type(task.audience).objects.filter(pk=task.audience.pk).update(size=224)
    return Task.objects.select_related("audience", "survey").get(pk=task.pk)


# --- the gate


@pytest.mark.parametrize("who", [None, "owner"])
def test_the_page_is_for_staff(parking, who):
    answer = client_of(make_member(who) if who else None).get(f"/desk/tasks/{parking.pk}/results/")
    assert answer.status_code in {302, 403, 404}


def test_nothing_is_told_of_four_and_the_page_waits():
    task = open_survey([USED])
    said(task, 4, "S7", used="yes")
    page = results_at(task)
    assert "满五份回答后显示比例" in page and "100%" not in page and not charts_in(page)


def test_an_anonymous_survey_says_why_it_waits():
    page = results_at(open_survey([USED], privacy="anonymous"))
    assert "匿名回答先打乱再计入，每次至少五份" in page


def test_what_is_not_asked_about_is_not_found():
    assert client_of(make_researcher()).get("/desk/tasks/99/results/").status_code == 404


# --- everybody together


def test_each_question_has_a_picture_and_the_same_numbers_in_a_table(parking):
    page = results_at(parking)
    charts = charts_in(page)
    rating, nps = charts["chart-2"], charts["chart-3"]
    assert rating["kind"] == nps["kind"] == "columns" and rating["labels"] == ["1", "2", "3", "4", "5"]
    for share in (value for value in rating["values"] if value):
        assert f"{share:.1f}%" in page or f"{share:.0f}%" in page, "the table holds what the picture shows"
    used = all_results(Answers(parking.survey))[0]
    assert used.options[0].count == 49 and "58%" in plain(page)
    assert "领先，不只是偶然" in page or "偶然" in page


def test_s15_shares_of_several_options_are_of_who_saw_the_question():
    """43 ticks by 30 people of whom 25 chose anything: the shares are of the 30, and may add up to more than all."""
    task = open_survey([WHERE])
    said(task, 18, where=["mall", "home"])
    said(task, 7, where=["mall"])
    said(task, 5, where=None)
    said(task, 6)
    (found,) = all_results(Answers(task.survey))
    assert found.base == 30 and found.answered == 25
    shares = {one.key: one.share[0] for one in found.options if one.share}
    assert shares["mall"] == pytest.approx(25 / 30) and shares["home"] == pytest.approx(18 / 30)
    assert sum(shares.values()) > 1
    assert "加起来可能超过 100%" in results_at(task)


def test_the_guess_stands_beside_the_answer():
    task = open_survey([USED], guess={"used": {"yes": 80, "no": 20}})
    said(task, 10, used="yes")
    said(task, 10, used="no")
    page = plain(results_at(task))
    assert "我们的猜测" in page and "80%" in page and "50.0%" in page


def test_hurried_answers_are_counted_and_nobody_is_named(parking):
    page = plain(results_at(parking))
    assert "用时不到常人的三分之一 10" in page and "75 秒" not in page and "60 秒" in page


# --- groups


def test_groups_are_shown_where_five_are_and_coloured_where_they_differ(parking):
    page = results_at(parking, by="model")
    assert 'class="num more"' in page and 'class="num less"' in page
    assert "各组的差别不只是偶然" in page
    crossed_chart = charts_in(page)["crossed-1"]
    assert crossed_chart["kind"] == "dots" and len(crossed_chart["series"]) < 3
    assert "为保护他们，整行不显示" in page


def test_no_group_large_enough_is_said_once():
    task = open_survey([USED, CALM])
    for model in ("S7", "E5", "X9"):
        said(task, 3, model, used="yes", calm=4)
    page = results_at(task, by="model")
    assert page.count("没有一组的人数足够显示") == 1 and "不同车型有差别吗" not in page


def test_by_what_nobody_knows_is_all_answers(parking):
    assert "不同车型有差别吗" not in results_at(parking, by="password")


ROWS = st.lists(
    st.tuples(st.sampled_from(["S7", "E5", "X9", ""]), st.sampled_from(["yes", "no", None])), min_size=5, max_size=80
)


@given(ROWS)
@settings(max_examples=60, deadline=None)
def test_no_cell_of_fewer_than_five_is_shown_nor_follows_from_the_rest(rows):
    """Whoever subtracts all shown groups from what is told of everybody is left with nobody or with five people at least."""
    (item,) = from_data([USED])
    (found,) = compare([item], [(group, {"used": value}) for group, value in rows])
    everybody = results_shown(item, tally(item, [{"used": value} for _group, value in rows]))
    told = {one.key for one in everybody.options if not one.suppressed and not everybody.suppressed}
    told |= {None} if everybody.missing is not None and not everybody.suppressed else set()
    table = crossed(found, {group: group for group, _value in rows})
    shown = {row.key for row in table.told}
    for key in ("yes", "no", None):
        of = {group: sum(one == (group, key) for one in rows) for group in {group for group, _value in rows}}
        assert all(of[group] == 0 or of[group] >= 5 for group in shown)
        left = sum(number for group, number in of.items() if group not in shown)
        assert not shown or key not in told or left == 0 or left >= 5


# --- weights


def test_s17_weights_are_trimmed_and_say_what_they_cost(parking):
    found = weighting_of(Answers(parking.survey), make_researcher())
    assert found is not None and not found.refused and found.variables == ("model",)
    assert found.effective < found.people == 84 and found.design_effect > 1
    page = plain(results_at(parking, weighted="1"))
    assert f"相当于 {found.effective}" in page and "设计效应" in page and "实际 84 人" in page


def test_s17_a_weighted_number_of_a_handful_is_not_told():
    """Where nearly all are of one kind, the few of the other would weigh so much that their answers could be read off."""
    task = open_survey([USED])
    said(task, 40, "S7", used="yes")
    said(task, 5, "E5", used="no")
    asked(task, 5, "S7")
    asked(task, 95, "E5")
    found = weighting_of(Answers(task.survey), make_researcher())
    assert found.questions["used"].coarse and found.trimmed
    assert "加权后的数字会暴露不足五人的情况" in results_at(task, weighted="1")


def test_one_kind_of_people_is_not_weighted():
    task = open_survey([USED])
    said(task, 20, "S7", used="yes")
    asked(task, 20, "S7")
    assert "没有加权" in results_at(task, weighted="1")


def test_a_weighted_share_comes_back_to_the_make_up_of_the_frame():
    """Half of the frame drives each car; of the answers two thirds are from one of them, where more say yes."""
    task = open_survey([USED])
    said(task, 120, "S7", used="yes")
    said(task, 80, "S7", used="no")
    said(task, 20, "E5", used="yes")
    said(task, 80, "E5", used="no")
    asked(task, 50, "S7")
    asked(task, 50, "E5")
    weighed = weighting_of(Answers(task.survey), make_researcher()).questions["used"]
    share, low, high = weighed.shares["yes"]
    assert share == pytest.approx((0.6 + 0.2) / 2, abs=weighed.step)
    assert low < share < high and high - low > 2 * 1.96 * (0.4 * 0.6 / 300) ** 0.5 * 0.9


# --- waves


def second_wave(first: Task, yes: int, no: int) -> Task:
    draft = survey_of([USED])
    Task.objects.filter(pk=draft.pk).update(parent=first)
    task = moved(draft, "open", by=make_researcher("colleague"))
    said(task, yes, used="yes")
    said(task, no, used="no")
    return task


def test_a_change_that_chance_does_not_explain_is_bold_and_the_waves_lead_to_each_other():
    first = open_survey([USED])
    said(first, 20, used="yes")
    said(first, 80, used="no")
    second = second_wave(first, 60, 40)
    page = results_at(second)
    assert 'class="num clear"' in page and "+40" in page
    assert charts_in(page)["waves-1"]["series"][0]["points"][0][0] == 20.0
    assert f"/desk/tasks/{first.pk}/results/" in page
    assert f"/desk/tasks/{second.pk}/results/" in results_at(first)


def test_a_wave_that_is_not_for_the_reader_is_no_wave():
    first = open_survey([USED], results="never")
    said(first, 20, used="yes")
    second = second_wave(first, 10, 10)
    owner = make_member("reader")
    assert waves_of(Task.objects.select_related("survey", "audience").get(pk=second.pk), owner) is None


# --- words


def test_quotes_are_for_researchers_and_themes_for_all_colleagues(parking):
    page = results_at(parking)
    assert "标线" in page and "雨天认不出车位标线" in page
    engineer = client_of(make_staff("engineer", "engineer"))
    page = results_at(parking, engineer)
    assert "原话只有用户研究人员可以看" in page and "雨天认不出车位标线" not in page


def test_s13_what_an_operator_reads_has_no_downloads(parking):
    assert "编码手册" in results_at(parking) or "CSV" in results_at(parking)
    assert "CSV" not in results_at(parking, client_of(make_staff("engineer", "engineer")))


# --- who is missing


def test_who_is_missing_is_told_by_car_and_never_of_a_few(parking):
    page = plain(results_at(parking))
    assert "谁没有回答" in page and "“E5”回答得最少，而且不只是偶然" in page
    assert "80%" in page and "20%" in page and "L7 不显示" in page


PARTS = st.dictionaries(
    st.tuples(
        st.sampled_from(["S7", "E5"]), st.sampled_from(["4.2", "4.3"]), st.sampled_from(["", "koc"]), st.just("杭州")
    ),
    st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: (pair[0] + pair[1], pair[1])),
    min_size=1,
)


@given(PARTS)
@settings(max_examples=60, deadline=None)
def test_no_part_of_the_audience_gives_away_fewer_than_five(counts):
    for found in absences(counts):
        told = [part for part in found.parts if not part.suppressed]
        for part in told:
            assert all(n == 0 or n >= 5 for n in (part.answered, part.asked - part.answered))
        hidden_asked = sum(asked for asked, _took in counts.values()) - sum(part.asked for part in told)
        hidden_took = sum(took for _asked, took in counts.values()) - sum(part.answered for part in told)
        assert hidden_took == 0 or hidden_took >= 5
        assert hidden_asked - hidden_took == 0 or hidden_asked - hidden_took >= 5


# --- the page itself


def test_a_script_that_heard_of_an_answer_gets_the_changing_part(parking):
    client = client_of(make_researcher())
    answer = client.get(f"/desk/tasks/{parking.pk}/results/", headers={"HX-Request": "true"})
    assert "<html" not in answer.content.decode() and "谁没有回答" in answer.content.decode()


def queries_of(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize(("query", "cold", "warm"), [("", 20, 16), ("?by=model", 22, 17), ("?weighted=1", 22, 16)])
def test_the_page_costs_what_is_stated(parking, query, cold, warm):
    client = client_of(make_researcher())
    path = f"/desk/tasks/{parking.pk}/results/{query}"
    client.get(path)
    cache.clear()
    assert queries_of(client, path) <= cold
    assert queries_of(client, path) <= warm


def test_the_numbers_follow_the_answers(parking):
    """What is kept is kept under what was answered."""
    before = all_results(Answers(Survey.objects.get(pk=parking.survey.pk)))[0].base
    said(parking, 3, "S7", used="yes")
    assert all_results(Answers(Survey.objects.get(pk=parking.survey.pk)))[0].base == before + 3
