"""The admin of tasks: counts and words, and nobody's name or choice."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kocforum.members.models import Member
from tasks.actions.advice import take_advice
from tasks.actions.audiences import reach_out
from tasks.actions.outcomes import tell_outcome
from tasks.models import Advice, AskingPolicy, Task
from tests.people import make_member, make_staff
from tests.tasks.stories import WHEELS, drafted, make_researcher, moved, opened, voted
from tests.tasks.test_advisor import situation

pytestmark = pytest.mark.django_db

POLICY = "/admin/tasks/askingpolicy/"
SAID = {"debt": "block", "report_within_days": "10", "budget_minutes": "20", "wave_size": "300"}


def client_of(member: Member, language: str = "zh-CN") -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE=language)
    client.force_login(member)
    return client


@pytest.fixture
def desk() -> Client:
    return client_of(make_researcher())


def shown(client: Client, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200, (path, page.status_code)
    return page.content.decode()


def test_who_was_asked_and_what_was_answered_is_in_no_list():
    here = {model for model in apps.get_app_config("tasks").get_models() if admin.site.is_registered(model)}
    assert here == {Task, Advice, AskingPolicy}


def test_a_task_stands_with_its_counts_and_without_a_name_or_a_choice(desk):
    names = [f"owner{number}" for number in range(6)]
    for name in names:
        make_member(name, display_name=f"车友{name}")
    task = opened(criteria={"sample": 6})
    for name in names[:5]:
        voted(task, Member.objects.get(username=name), "飞羽")
    reach_out(task=task)
    tell_outcome(by=None, task=task, key="x", label="飞羽进入量产", state="released")
    for path in ("/admin/tasks/task/", f"/admin/tasks/task/{task.pk}/change/"):
        page = shown(desk, path)
        assert task.title in page
        assert not any(name in page for name in names)
        assert not any(label in page.replace("飞羽进入量产", "") for label in WHEELS)
        assert task.survey.secret not in page
    assert "sample: 6" in page and "飞羽进入量产" in page
    texts = re.sub(r"<[^>]+>|\s+", " ", page)
    for label, count in (("在受访名单中", 6), ("已邀请", 1), ("未打扰", 5), ("已作答", 5)):
        assert re.search(rf"{label}\W*{count}\b", texts), label


def test_a_task_is_looked_at_and_moves_on_the_desk(desk):
    task = opened()
    address = f"/admin/tasks/task/{task.pk}/"
    assert 'name="_save"' not in shown(desk, f"{address}change/")
    assert desk.post(f"{address}change/", {"state": "reported"}).status_code == 403
    assert desk.post(f"{address}delete/").status_code == 403
    assert desk.get("/admin/tasks/task/add/").status_code == 403
    assert desk.get(f"{address}desk/").headers["Location"] == f"/desk/tasks/{task.pk}/"
    assert Task.objects.get().state == "open"


@pytest.mark.parametrize(
    ("report", "titles"), [("owed", {"欠着", "逾期"}), ("late", {"逾期"}), ("", {"欠着", "逾期", "开着"})]
)
def test_owed_and_late_reports_are_found(desk, report, titles):
    for title in ("欠着", "逾期"):
        moved(opened(title=title), "closed")
    opened(title="开着")
    Task.objects.filter(title="逾期").update(report_due_at="2020-01-01T00:00:00Z")
    page = shown(desk, f"/admin/tasks/task/?report={report}" if report else "/admin/tasks/task/")
    assert {title for title in ("欠着", "逾期", "开着") if title in page} == titles


@pytest.mark.parametrize("noun", ["task", "advice"])
def test_a_list_costs_the_same_for_one_and_for_many(desk, noun):
    def add() -> None:
        drafted(advice=take_advice(by=make_researcher(), situation=situation()))

    def cost() -> int:
        desk.get(f"/admin/tasks/{noun}/")
        with CaptureQueriesContext(connection) as queries:
            shown(desk, f"/admin/tasks/{noun}/")
        return len(queries)

    add()
    few = cost()
    for _each in range(10):
        add()
    assert cost() == few


@pytest.mark.parametrize(
    ("language", "reason", "warning"),
    [
        ("zh-CN", "长对话能找出选项和数字背后的原因", "预计回答太少"),
        ("en", "A conversation finds the options", "Too few answers are to be expected"),
    ],
)
def test_advice_is_read_in_sentences(language, reason, warning):
    make_member("lin")
    advice = take_advice(by=make_researcher(), situation=situation())
    page = shown(client_of(make_researcher(), language), f"/admin/tasks/advice/{advice.pk}/change/")
    assert reason in page and warning in page and "fit.finds" not in page


def test_the_policy_is_one_row_that_is_added_once_changed_and_never_deleted(desk):
    assert desk.get(f"{POLICY}add/").status_code == 200
    assert desk.post(f"{POLICY}add/", SAID).status_code == 302
    row = AskingPolicy.objects.get()
    assert (row.pk, row.debt, row.wave_size) == (1, "block", 300)
    assert desk.get(f"{POLICY}add/").status_code == 403
    assert desk.post(f"{POLICY}1/change/", {**SAID, "wave_size": "50"}).status_code == 302
    assert desk.post(f"{POLICY}1/delete/", {"post": "yes"}).status_code == 403
    assert AskingPolicy.current().wave_size == 50


def test_the_policy_keeps_who_changed_what(desk):
    desk.post(f"{POLICY}add/", SAID)
    desk.post(f"{POLICY}1/change/", {**SAID, "budget_minutes": "15"})
    kept = [(past.budget_minutes, past.history_user.username) for past in AskingPolicy.history.order_by("history_date")]
    assert kept == [(20, "researcher"), (15, "researcher")]
    assert "researcher" in shown(desk, f"{POLICY}1/history/").lower()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("wave_size", "0"),
        ("wave_size", "5001"),
        ("budget_minutes", "601"),
        ("report_within_days", "0"),
        ("debt", "shout"),
    ],
)
def test_a_policy_that_cannot_be_is_named_and_not_kept(desk, field, value):
    answer = desk.post(f"{POLICY}add/", {**SAID, field: value})
    assert answer.status_code == 200 and field in answer.context["adminform"].form.errors
    assert not AskingPolicy.objects.exists()


def test_an_approver_looks_and_changes_nothing():
    AskingPolicy.objects.create()
    approver = client_of(make_staff("approver", role="approver"))
    task = opened()
    for path in ("task/", f"task/{task.pk}/change/", "advice/", "askingpolicy/", "askingpolicy/1/change/"):
        assert 'name="_save"' not in shown(approver, f"/admin/tasks/{path}")
    assert approver.post(f"{POLICY}1/change/", SAID).status_code == 403


@pytest.mark.parametrize("role", ["operator", "engineer"])
def test_who_does_not_ask_sees_nothing_of_it_here(role):
    somebody = client_of(make_staff("somebody", role=role))
    assert somebody.get("/admin/tasks/task/").status_code == 403
    assert "/admin/tasks/" not in shown(somebody, "/admin/")
