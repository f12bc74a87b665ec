"""Pages of tasks as people use them: without JavaScript, with errors, at a stated number of queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kocforum.forum.actions.threads import open_thread
from tasks.actions.outcomes import tell_outcome
from tasks.models import Advice, Invitation, Option, Participation, Response, Task
from tasks.queries.stopwatch import seconds_since, start
from tests.people import make_board, make_koc, make_member, make_staff
from tests.tasks.stories import drafted, make_researcher, moved, opened, option, voted
from tests.uploads.made import photo

pytestmark = pytest.mark.django_db


def client_of(member=None) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-CN")
    if member:
        client.force_login(member)
    return client


def cost(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_one_tap_answers_and_leads_back_where_it_stood():
    task, lin = opened(), make_member()
    answer = client_of(lin).post(f"/tasks/{task.pk}/answer/", {"option": option(task).pk, "next": "/tasks/"})
    assert answer.status_code == 302 and answer.url == "/tasks/"
    assert Participation.objects.get().member == lin
    assert (
        "/evil"
        not in client_of(lin)
        .post(f"/tasks/{task.pk}/answer/", {"option": option(task).pk, "next": "//evil.example/"})
        .url
    )


def test_the_script_gets_the_card_with_the_own_answer():
    task, lin = opened(), make_member()
    page = client_of(lin).post(f"/tasks/{task.pk}/answer/", {"option": option(task).pk}, headers={"HX-Request": "true"})
    assert page.status_code == 200 and f'id="poll-{task.pk}"' in page.content.decode()
    assert 'aria-pressed="true"' in page.content.decode()


def test_a_visitor_is_led_to_the_door_and_back_to_the_question():
    task = opened()
    answer = client_of().post(f"/tasks/{task.pk}/answer/", {"option": option(task).pk})
    assert answer.status_code == 302 and answer.url.endswith(f"next=/tasks/{task.pk}/")
    page = client_of().get(f"/tasks/{task.pk}/")
    assert page.status_code == 200 and "csrfmiddlewaretoken" not in page.content.decode()


@pytest.mark.parametrize("sent", [{}, {"option": "x"}, {"option": "9" * 30}, {"option": "-1"}, {"option": "²"}])
def test_nonsense_is_no_answer(sent):
    task = opened()
    assert client_of(make_member()).post(f"/tasks/{task.pk}/answer/", sent).status_code == 404
    assert not Participation.objects.exists()


def test_what_came_too_late_is_said_kindly():
    task, lin = opened(), make_member()
    chosen = option(task).pk
    moved(task, "closed")
    page = client_of(lin).post(f"/tasks/{task.pk}/answer/", {"option": chosen}, follow=True)
    assert page.status_code == 200 and not Response.objects.exists()
    assert [str(message) for message in page.context["messages"]]


@pytest.mark.parametrize("state", ["draft", "scheduled"])
def test_a_draft_is_nobodys_to_know(state):
    task = drafted(opens_at=timezone.now() + timedelta(hours=1))
    if state == "scheduled":
        moved(task, "scheduled")
    for reader in (None, make_member(), make_koc()):
        assert client_of(reader).get(f"/tasks/{task.pk}/").status_code == 404
        assert client_of(reader).get(f"/tasks/{task.pk}/results/").status_code == 404
    assert client_of(make_staff()).get(f"/tasks/{task.pk}/").status_code == 200


@pytest.mark.parametrize(
    "path", ["", "advisor/", "advisor/record/", "polls/new/", "{id}/", "{id}/poll/", "{id}/move/open/", "{id}/remind/"]
)
def test_the_desk_is_staffs(path):
    task = drafted()
    url = f"/desk/tasks/{path.format(id=task.pk)}"
    assert client_of(make_koc()).get(url, follow=True).status_code == 404
    assert client_of().get(url, follow=True).redirect_chain[-1][0].startswith("/accounts/login/")


def test_operators_look_and_do_not_ask():
    task, client = drafted(), client_of(make_staff())
    for path, status in {
        "": 200,
        f"{task.pk}/": 200,
        "polls/new/": 404,
        "advisor/": 404,
        f"{task.pk}/poll/": 404,
    }.items():
        assert client.get(f"/desk/tasks/{path}").status_code == status, path


def test_results_of_a_poll_leave_by_the_gate_alone():
    """Page, part, card beside a thread, inbox, desk: what is promised to nobody is in none of them."""
    thread = open_thread(by=make_member("author"), board=make_board(), title="轮毂", body="大家怎么看")
    task = opened(results="never", thread=thread, on_front=True)
    for number in range(6):
        voted(task, f"owner{number}", "飞羽")
    from kocforum.members.models import Member

    answered, operator = Member.objects.get(username="owner0"), make_staff()
    for reader in (None, answered, operator):
        for path in (
            f"/tasks/{task.pk}/",
            f"/tasks/{task.pk}/results/",
            f"/tasks/beside/{thread.pk}/",
            "/",
            "/tasks/?tab=done",
        ):
            page = client_of(reader).get(path, follow=True).content.decode()
            assert 'class="share-row' not in page, (reader, path)
    assert 'class="share-row' not in client_of(operator).get(f"/desk/tasks/{task.pk}/").content.decode()
    assert 'class="share-row' in client_of(make_researcher()).get(f"/tasks/{task.pk}/results/").content.decode()


def test_the_question_stands_beside_its_thread_also_on_the_kept_page():
    thread = open_thread(by=make_member("author"), board=make_board(), title="轮毂", body="大家怎么看")
    visitor, path = client_of(), f"/t/{thread.pk}/"
    assert "/tasks/beside/" not in visitor.get(path).content.decode()
    task = opened(thread=thread)
    assert f"/tasks/beside/{thread.pk}/" in visitor.get(path).content.decode()
    part = visitor.get(f"/tasks/beside/{thread.pk}/").content.decode()
    assert task.title in part and "csrfmiddlewaretoken" not in part
    assert "csrfmiddlewaretoken" in client_of(make_member()).get(f"/tasks/beside/{thread.pk}/").content.decode()
    assert client_of().get("/tasks/beside/999/").status_code == 404


def test_the_front_page_asks_members_what_waits_and_visitors_what_is_placed_there():
    first, second = opened(title="放在首页的一问", on_front=True), opened(title="只在任务里的一问")
    visitor = client_of().get("/").content.decode()
    assert first.title in visitor and second.title not in visitor and "csrfmiddlewaretoken" not in visitor
    lin = make_member()
    mine = client_of(lin).get("/").content.decode()
    assert first.title in mine and second.title in mine
    voted(first, lin)
    assert first.title not in client_of(lin).get("/").content.decode()


def test_the_inbox_says_what_came_of_it():
    lin, task = make_member(), opened()
    voted(task, lin)
    assert task.title not in client_of(lin).get("/tasks/").content.decode()
    moved(task, "closed", "analysed", "reported")
    tell_outcome(by=None, task=task, key="ticket:1", label="星轨进入量产", state="adopted", note="三月上车")
    done = client_of(lin).get("/tasks/?tab=done").content.decode()
    assert "选星轨，明年三月量产。" in done and "星轨进入量产" in done and "三月上车" in done


def test_the_inbox_costs_the_same_for_one_task_and_for_fifty():
    lin = make_member()
    opened(title="第0问")
    client = client_of(lin)
    few = cost(client, "/tasks/")
    for number in range(1, 50):
        opened(title=f"第{number}问")
    assert cost(client, "/tasks/") == few <= 14
    for task in Task.objects.all():
        voted(task, lin)
    cache.clear()
    assert cost(client, "/tasks/?tab=done") <= 10


def test_other_pages_cost_what_is_stated():
    task, lin, researcher = opened(), make_member(), make_researcher()
    for number in range(6):
        voted(task, f"owner{number}")
    assert cost(client_of(lin), f"/tasks/{task.pk}/") <= 16
    assert cost(client_of(), f"/tasks/{task.pk}/") <= 10
    desk = client_of(researcher)
    few = cost(desk, "/desk/tasks/")
    for number in range(20):
        opened(title=f"第{number}问")
    assert cost(desk, "/desk/tasks/") == few <= 13
    assert cost(desk, f"/desk/tasks/{task.pk}/") <= 24


def test_a_budget_is_set_and_nonsense_is_refused():
    lin = make_member()
    client = client_of(lin)
    assert "12" in client.post("/tasks/budget/", {"minutes": "12"}, follow=True).content.decode()
    for wrong in ("", "x", "-1", "601"):
        page = client.post("/tasks/budget/", {"minutes": wrong}, follow=True)
        assert [str(message) for message in page.context["messages"]]
    from tasks.queries.inbox import budget_of

    assert budget_of(lin)["minutes"] == 12


def test_not_for_me_leaves_the_list():
    lin = make_member()
    task = opened()
    client = client_of(lin)
    assert task.title in client.get("/tasks/").content.decode()
    client.post(f"/tasks/{task.pk}/decline/")
    assert Invitation.objects.get(member=lin).state == "declined"
    assert task.title not in client.get("/tasks/").content.decode()


SIX = {
    "goal": "distribution",
    "options_known": "yes",
    "reason": "number",
    "days": "20",
    "confidential": "no",
    "starter": "brand",
    "decision": "定下量产的一款",
}
POLL = {
    "title": "三款新轮毂，你更喜欢哪一款？",
    "minutes": "0.5",
    "results": "after_answer",
    "label-1": "星轨",
    "label-2": "飞羽",
}


def when(days: int) -> str:
    return timezone.localtime(timezone.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def test_from_six_questions_to_a_reported_poll(run_deliveries):
    """The story of the issue, through HTTP."""
    owners = [make_member(f"owner{number}") for number in range(11)]
    desk = client_of(make_researcher())
    asked = desk.post("/desk/tasks/advisor/", SIX)
    advice = Advice.objects.get()
    assert asked.url == f"/desk/tasks/advisor/{advice.pk}/" and advice.form == "survey"
    page = desk.get(asked.url).content.decode()
    assert f"/desk/tasks/polls/new/?advice={advice.pk}" in page
    form = desk.get(f"/desk/tasks/polls/new/?advice={advice.pk}").content.decode()
    assert "定下量产的一款" in form
    kept = desk.post(
        f"/desk/tasks/polls/new/?advice={advice.pk}",
        {**POLL, "decision": SIX["decision"], "closes_at": when(5), "guess-1": "70", "on_front": "on"},
    )
    task = Task.objects.get()
    assert kept.url == f"/desk/tasks/{task.pk}/" and task.advice == advice
    desk.post(f"/desk/tasks/{task.pk}/move/open/", {"expected": "draft"})
    run_deliveries()
    for number, owner in enumerate(owners[:10]):
        client = client_of(owner)
        assert task.title in client.get("/me/notifications/").content.decode()
        chosen = option(task, "星轨" if number % 2 else "飞羽").pk
        client.post(f"/tasks/{task.pk}/answer/", {"option": chosen, "shown": start()})
    assert 'class="share-row' in client_of(owners[0]).get(f"/tasks/{task.pk}/").content.decode()
    assert 'class="share-row' not in client_of(owners[10]).get(f"/tasks/{task.pk}/").content.decode()
    desk.post(f"/desk/tasks/{task.pk}/move/closed/", {"expected": "open"})
    desk.post(f"/desk/tasks/{task.pk}/move/analysed/", {"expected": "closed"})
    empty = desk.post(f"/desk/tasks/{task.pk}/move/reported/", {"expected": "analysed", "changed": " "})
    assert empty.status_code == 422
    said = {"expected": "analysed", "changed": "星轨量产", "unchanged": "磐石不做：太重", "staff_hours": "2.5"}
    desk.post(f"/desk/tasks/{task.pk}/move/reported/", said)
    task.refresh_from_db()
    assert task.state == "reported" and task.report.figures["questions"][0]["base"] == 10
    run_deliveries()
    heard = client_of(owners[0]).get("/me/notifications/").content.decode()
    assert task.title in heard
    assert "星轨量产" in client_of(owners[0]).get(f"/tasks/{task.pk}/").content.decode()
    assert (
        "星轨" in desk.get("/desk/tasks/advisor/record/").content.decode()
        or task.title in desk.get("/desk/tasks/advisor/record/").content.decode()
    )
    assert Participation.objects.filter(seconds__isnull=False).count() == 10


def test_a_wrong_draft_loses_nothing_that_was_typed():
    desk = client_of(make_researcher())
    page = desk.post("/desk/tasks/polls/new/", {**POLL, "label-2": "星轨", "why": "写了很长的理由", "guess-1": "40"})
    said = page.content.decode()
    assert page.status_code == 422 and "写了很长的理由" in said and 'value="40"' in said
    assert not Task.objects.exists()


@pytest.mark.parametrize("field", ["goal", "reason", "days", "confidential", "starter", "options_known"])
def test_the_advisor_names_a_missing_answer(field):
    page = client_of(make_researcher()).post("/desk/tasks/advisor/", {**SIX, field: ""})
    assert page.status_code == 422 and field in page.context["form"].errors


def test_pictures_are_received_once_and_kept_over_an_error():
    desk = client_of(make_researcher())
    files = {f"picture-{n}": SimpleUploadedFile(f"{n}.jpg", photo(), "image/jpeg") for n in (1, 2)}
    page = desk.post("/desk/tasks/polls/new/", {**POLL, "title": "", **files})
    assert page.status_code == 422
    kept = {f"kept-{row['place']}": row["shown"].pk for row in page.context["form"].rows() if row["shown"]}
    assert len(kept) == 2
    desk.post("/desk/tasks/polls/new/", {**POLL, **kept})
    task = Task.objects.get()
    assert task.survey.questions.get().type == "image"
    page = desk.get(f"/desk/tasks/{task.pk}/").content.decode()
    assert page.count("<img") >= 2
    # The next wave shows the same pictures, and so does a changed draft.
    Task.objects.filter(pk=task.pk).update(decision="定一款", closes_at=timezone.now() + timedelta(days=1))
    moved(task, "open", "closed")
    form = desk.get(f"/desk/tasks/polls/new/?parent={task.pk}")
    again = {f"kept-{row['place']}": row["shown"].pk for row in form.context["form"].rows() if row["shown"]}
    assert set(again.values()) == set(kept.values())
    desk.post(f"/desk/tasks/polls/new/?parent={task.pk}", {**POLL, **again})
    wave = Task.objects.exclude(pk=task.pk).get()
    assert wave.parent == task
    assert set(Option.objects.filter(question__survey__task=wave).values_list("picture_from", flat=True)) == set(
        Option.objects.filter(question__survey__task=task).values_list("pk", flat=True)
    )
    desk.post(f"/desk/tasks/{wave.pk}/poll/", {**POLL, **again, "title": "换个问法：三款轮毂"})
    wave.refresh_from_db()
    assert (
        wave.title == "换个问法：三款轮毂" and desk.get(f"/desk/tasks/{wave.pk}/").content.decode().count("<img") >= 2
    )


def test_a_move_that_somebody_else_made_first_is_said_and_nothing_is_lost():
    task, desk = drafted(), client_of(make_researcher())
    moved(task, "open")
    page = desk.post(f"/desk/tasks/{task.pk}/move/cancelled/", {"expected": "draft", "reason": "写错了题目"})
    assert page.status_code == 422 and "写错了题目" in page.content.decode()


def test_the_inbox_in_json(settings):
    lin = make_member()
    task = opened()
    client = client_of(lin)
    assert client_of().get("/api/v1/tasks/").status_code == 401
    rows = client.get("/api/v1/tasks/").json()["results"]
    assert [(row["id"], row["form"], row["minutes"]) for row in rows] == [(task.pk, "survey", 0.5)]
    assert rows[0]["closes_at"] and rows[0]["took_part_on"] is None
    voted(task, lin)
    assert client.get("/api/v1/tasks/").json()["results"] == []
    assert client.get("/api/v1/tasks/?show=done").json()["results"][0]["took_part_on"]
    assert client.get("/api/v1/tasks/?show=x").status_code == 400


def test_a_stamp_tells_seconds_and_a_forged_one_nothing():
    assert seconds_since(start()) == 0
    assert seconds_since("") is None and seconds_since("eyJ4Ijox:abc:def") is None


def test_my_data_holds_what_i_answered():
    from tasks.queries.download import what_i_answered

    lin, task = make_member(), opened()
    voted(task, lin, "飞羽")
    name, rows = what_i_answered(lin)
    assert name == "tasks" and [row["answers"] for row in rows] == [[{"question": task.title, "answer": "飞羽"}]]
