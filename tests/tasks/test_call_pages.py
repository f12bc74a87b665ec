"""Calls through the pages, without JavaScript: from the brief to the report; with errors; at a stated number of queries."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kocforum.members.models import Member
from kocforum.text import clean_text
from tasks.actions.call_rounds import reveal
from tasks.actions.manuscripts import save_manuscript
from tasks.models import Entry, Manuscript, ManuscriptSave, Reply, Task
from tasks.queries.manuscripts import now_of
from tests.people import make_car, make_catalogue, make_koc, make_member, make_staff
from tests.tasks.calls import BODY, TITLE, again, begun, call_of, drafted_call, given, open_call, replied
from tests.tasks.stories import make_researcher, moved
from tests.tasks.test_pages import client_of, cost
from tests.uploads.made import photo

pytestmark = pytest.mark.django_db
NAUGHTY = Path(__file__).resolve().parents[3] / "shared" / "data" / "naughty_strings" / "blns.json"


def filled(**values) -> dict[str, str]:
    ends = timezone.localtime() + timedelta(days=14)
    return {
        "title": "你最难忘的一次出行",
        "prompt": "从头到尾讲讲那一次。",
        "why": "我们想知道车在路上真正的样子。",
        "use": "三位设计师都会读，月底告诉大家。",
        "decision": "选出明年要拍的三条路线。",
        "kind": "open",
        "goal": "depth",
        "minutes": "40",
        "staff_wait": "3",
        "closes_at": f"{ends:%Y-%m-%dT%H:%M}",
        **values,
    }


def typed(entry: Entry, do: str = "save", **values) -> dict[str, str]:
    here = now_of(again(entry))
    seen = {"version": str(here["version"]), "revision": str(here["revision"])}
    return {"title": TITLE, "body": BODY, "do": do, **seen, **values}


def test_a_call_from_the_brief_to_the_report_through_the_pages(run_deliveries):
    make_catalogue()
    desk, zhou, he = client_of(make_researcher()), make_koc("zhou"), make_member("he")
    car = make_car(he)
    page = desk.post("/desk/tasks/calls/new/", filled(kind="invited", invitees="zhou，", sealed="on"))
    task = Task.objects.get()
    assert page.status_code == 302 and task.call.sealed and task.audience.criteria == {"members": ["zhou"]}
    desk.post(f"/desk/tasks/{task.pk}/move/open/", {"expected": "draft"})
    run_deliveries()
    writer, reader = client_of(zhou), client_of(he)
    assert task.title in writer.get("/tasks/").content.decode()
    assert writer.get(f"/tasks/{task.pk}/write/").status_code == 200
    page = writer.post(f"/tasks/{task.pk}/write/", {"quote_inside": "on", "quote_public": "on"})
    entry = Entry.objects.get()
    assert page.url == f"/tasks/{task.pk}/entries/{entry.pk}/write/" and not entry.keep_when_left
    writer.post(page.url, typed(entry, body="先存一半"))
    assert "先存一半" in writer.get(page.url).content.decode()
    assert reader.get(f"/tasks/{task.pk}/entries/{entry.pk}/").status_code == 404
    given_page = writer.post(page.url, typed(entry, "give"))
    assert given_page.status_code == 302
    assert (
        BODY in reader.get(given_page.url).content.decode()
    )  # all had given: it was revealed, and the community joined
    reader.post(f"{given_page.url}reply/", {"kind": "confirms", "vehicle": car.pk, "body": "我的也一样。"})
    answer = Reply.objects.get()
    assert again(entry).car_count == 1
    writer.post(f"{given_page.url}lead/", {"do": "pin", "reply": answer.pk})
    writer.post(f"{given_page.url}lead/", {"do": "ask", "question": "下雨也这样吗？"})
    question = again(entry).sub_questions.get()
    reader.post(f"{given_page.url}reply/", {"kind": "adds", "body": "下雨更明显。", "sub_question": question.pk})
    writer.post(f"{given_page.url}lead/", {"do": "close", "sub_question": question.pk, "answer": "下雨更明显。"})
    writer.post(f"{given_page.url}lead/", {"do": "sum_up", "summary": "两台车都这样。"})
    desk.post(f"/desk/tasks/{task.pk}/steer/", {"do": "round", "expected": "discussing"})
    writer.post(f"{given_page.url}lead/", {"do": "changed", "change_of_mind": "原来不只是我的车。"})
    for to in ("closed", "analysed"):
        desk.post(f"/desk/tasks/{task.pk}/move/{to}/", {"expected": Task.objects.get().state})
    desk.post(f"/desk/tasks/{task.pk}/move/reported/", {"expected": "analysed", "changed": "下一版改两处。"})
    run_deliveries()
    shown = reader.get(given_page.url).content.decode()
    assert all(words in shown for words in ("两台车都这样。", "原来不只是我的车。", "下雨更明显。", "我的也一样。"))
    assert "下一版改两处。" in reader.get(f"/tasks/{task.pk}/").content.decode()
    assert {address for letter in mail.outbox for address in letter.to} <= {zhou.email, he.email, ""}


def test_what_is_wrong_in_a_call_stands_beside_its_field_and_nothing_is_lost():
    desk = client_of(make_researcher())
    page = desk.post("/desk/tasks/calls/new/", filled(kind="invited", invitees="nobody-here", title="好"))
    assert page.status_code == 422 and not Task.objects.exists()
    said = page.content.decode()
    assert "nobody-here" in said and "从头到尾讲讲那一次。" in said


def test_the_headings_of_a_report_are_put_in_by_a_button():
    page = client_of(make_researcher()).post("/desk/tasks/calls/new/", filled(do="headings"))
    assert page.status_code == 200 and not Task.objects.exists()
    assert page.context["form"]["headings"].value().count("\n") == 6 and "从头到尾" in page.content.decode()


def test_a_draft_is_edited_and_shown_as_owners_will_see_it():
    task, desk = drafted_call(scaffold=[{"heading": "天气", "hint": "雨？雪？"}]), client_of(make_researcher())
    shown = desk.get(f"/desk/tasks/{task.pk}/").content.decode()
    assert "讲讲那一次" in shown and "天气" in shown
    page = desk.get(f"/desk/tasks/{task.pk}/call/")
    assert page.context["form"].initial["headings"] == "天气 | 雨？雪？"
    sent = filled(prompt="换个问法", headings="? 天气 | 雨？雪？", seen=page.context["stamp"])
    assert desk.post(f"/desk/tasks/{task.pk}/call/", sent).status_code == 302
    assert call_of(task).prompt == "换个问法" and call_of(task).scaffold[0]["required"] is False


def test_desk_pages_of_calls_are_for_staff_who_ask():
    task = drafted_call()
    paths = ("/desk/tasks/calls/new/", f"/desk/tasks/{task.pk}/call/")
    for member in (make_member("lin"), make_staff("engineer", role="engineer")):
        assert [client_of(member).get(path).status_code for path in paths] == [404, 404]
    steered = client_of(make_staff("e2", role="engineer")).post(f"/desk/tasks/{task.pk}/steer/", {"do": "reveal"})
    assert steered.status_code == 404


def test_the_page_saves_by_itself_and_shows_both_texts_where_two_met():
    lin, call = make_member("lin"), open_call()
    entry = begun(call, lin)
    path, client = f"/tasks/{call.task_id}/entries/{entry.pk}/save/", client_of(lin)
    said = {"title": TITLE, "body": "第一段", "version": 0, "revision": 0}
    first = client.post(path, said)
    assert first.status_code == 200 and first.json()["revision"] == 1
    second = client.post(path, json.dumps(said | {"body": "另一台设备"}), content_type="application/json")
    assert second.status_code == 409
    assert second.json()["body"] == "第一段" and ManuscriptSave.objects.get(aside=True).body == "另一台设备"
    shown = client.get(path.replace("save/", "write/")).content.decode()
    assert "<ins>" in shown and "另一台设备" in shown
    too_long = client.post(path, said | {"body": "字" * 100_001, "revision": 1})
    assert too_long.status_code == 400 and too_long.json()["detail"]
    assert client.post(path, "[]", content_type="application/json").status_code == 400


def test_l2_who_is_signed_out_while_writing_hears_it_and_the_page_keeps_the_text():
    call = open_call()
    entry = begun(call, make_member("lin"))
    path = f"/tasks/{call.task_id}/entries/{entry.pk}/save/"
    answer = client_of().post(path, {"title": TITLE, "body": BODY, "version": 0, "revision": 0})
    assert answer.status_code == 401 and answer.json()["detail"]
    assert client_of(make_member("he")).post(path, {"title": TITLE, "body": BODY}).status_code == 404


def test_l2_without_a_script_the_text_comes_back_after_signing_in_again():
    lin, call = make_member("lin"), open_call()
    entry, client = begun(call, lin), client_of()
    path = f"/tasks/{call.task_id}/entries/{entry.pk}/write/"
    assert client.post(path, typed(entry, "give", body="写了两个小时的话")).status_code == 302
    client.force_login(lin)
    assert "写了两个小时的话" in client.get(path).content.decode()


def test_giving_from_an_older_revision_keeps_both_texts():
    lin, call = make_member("lin"), open_call()
    entry, client = begun(call, lin), client_of(lin)
    path = f"/tasks/{call.task_id}/entries/{entry.pk}/write/"
    save_manuscript(by=lin, entry=entry, title=TITLE, body="手机上的新稿", version=0, revision=0)
    page = client.post(path, typed(entry, "give", revision="0", body="电脑上的旧稿"))
    assert page.status_code == 422 and not again(entry).is_given
    assert "电脑上的旧稿" in page.content.decode() and ManuscriptSave.objects.get(aside=True).body == "电脑上的旧稿"


def test_pictures_of_a_plain_form_are_part_of_the_entry():
    lin, call = make_member("lin"), open_call()
    entry = begun(call, lin)
    path = f"/tasks/{call.task_id}/entries/{entry.pk}/write/"
    client_of(lin).post(path, typed(entry, "give") | {"new_uploads": SimpleUploadedFile("a.jpg", photo())})
    assert '<ul class="media">' in client_of().get(f"/tasks/{call.task_id}/entries/{entry.pk}/").content.decode()


def test_what_was_saved_and_what_was_read_can_be_looked_up():
    lin, call = make_member("lin"), open_call()
    entry, client = begun(call, lin), client_of(lin)
    here = f"/tasks/{call.task_id}/entries/{entry.pk}/"
    client.post(f"{here}write/", typed(entry, body="一稿"))
    save = ManuscriptSave.objects.get()
    assert "一稿" in client.get(f"{here}saves/?show={save.pk}").content.decode()
    assert "一稿" in client.get(f"{here}write/?from={save.pk}").content.decode()
    client.post(f"{here}write/", typed(entry, "give", body="给大家看的"))
    client.post(f"{here}write/", typed(entry, "give", body="给大家看的，改过"))
    assert "<ins>" in client_of().get(f"{here}versions/").content.decode()
    assert client_of(make_member("he")).get(f"{here}saves/").status_code == 404


def test_two_write_together_through_the_pages():
    lin, zhou, call = make_member("lin"), make_member("zhou"), open_call()
    entry = begun(call, lin)
    here = f"/tasks/{call.task_id}/entries/{entry.pk}/"
    client_of(lin).post(f"{here}writers/", {"do": "ask", "username": "zhou", "share": "30", "part": "照片"})
    other = client_of(zhou)
    assert other.get(f"{here}write/").status_code == 404
    assert f"{here}writers/" in other.get(f"/tasks/{call.task_id}/").content.decode()
    assert other.post(f"{here}writers/", {"do": "join"}).url == f"{here}write/"
    assert other.get(f"{here}write/").status_code == 200
    client_of(lin).post(f"{here}rights/", {"marketing": "on"})
    assert again(entry).marketing and not again(entry).quote_inside
    client_of(lin).post(f"{here}withdraw/")
    assert again(entry).state == "withdrawn" and other.get(f"{here}write/").status_code == 404


def test_answers_are_edited_taken_back_and_judged_through_the_pages():
    call, zhou, operator = open_call(), make_member("zhou"), make_staff("operator")
    entry = given(call, "lin")
    reply, here = replied(entry, zhou), entry.get_absolute_url()
    client = client_of(zhou)
    assert client.get(f"{here}replies/{reply.pk}/").status_code == 200
    assert client.post(f"{here}replies/{reply.pk}/", {"body": "改了", "revision": 1}).status_code == 302
    stale = client.post(f"{here}replies/{reply.pk}/", {"body": "旧的", "revision": 1})
    assert stale.status_code == 422 and "旧的" in stale.content.decode()
    client_of(operator).post(f"{here}judge/", {"do": "hide", "reply": reply.pk, "reason": "跑题"})
    assert Reply.objects.get().state == "hidden"
    client_of(operator).post(f"{here}judge/", {"do": "show", "reply": reply.pk})
    client.post(f"{here}replies/{reply.pk}/", {"do": "remove"})
    assert Reply.objects.get().state == "removed"
    empty = client.post(f"{here}reply/", {"kind": "adds", "body": " "})
    assert empty.status_code == 422
    client_of(operator).post(f"{here}judge/", {"do": "hide", "reason": "广告"})
    assert again(entry).state == "hidden" and client.get(here).status_code == 404


def test_l11_answers_of_staff_are_folded_until_members_have_spoken():
    entry = given(open_call(staff_wait=2), "lin")
    replied(entry, make_researcher(), body="品牌先说一句")
    assert '<details class="folded">' in client_of().get(entry.get_absolute_url()).content.decode()
    for name in ("zhou", "he"):
        replied(entry, make_member(name))
    assert '<details class="folded">' not in client_of().get(entry.get_absolute_url()).content.decode()


def test_l15_a_confidential_call_is_for_those_asked_marked_and_in_no_letter(run_deliveries):
    call = open_call(invitees=("lin", "zhou"), confidential=True, title="没发布的座椅")
    lin = Member.objects.get(username="lin")
    lin.email, lin.email_verified_at = "lin@example.org", timezone.now()
    lin.save()
    run_deliveries()
    entry = given(call, lin)
    reveal(by=make_researcher(), call=call_of(call.task))
    moved(call.task, "closed", "analysed", "reported")
    run_deliveries()
    path = f"/tasks/{call.task_id}/"
    assert client_of(make_member("he")).get(path).status_code == client_of().get(path).status_code == 404
    page = client_of(Member.objects.get(username="zhou")).get(entry.get_absolute_url())
    assert page.status_code == 200 and "noindex" in page["X-Robots-Tag"] and "no-store" in page["Cache-Control"]
    assert 'class="watermark"' in page.content.decode() and "zhou ·" in page.content.decode()
    assert not any("没发布的座椅" in f"{letter.subject}{letter.body}" for letter in mail.outbox)
    news = client_of(lin).get("/me/notifications/")
    assert news.status_code == 200 and "没发布的座椅" not in news.content.decode() and "保密" in news.content.decode()


@pytest.mark.skipif(not NAUGHTY.exists(), reason="../shared/data/naughty_strings is not here")
def test_twenty_thousand_characters_of_every_kind_are_written_saved_and_read_back_whole():
    strings = [one for one in json.loads(NAUGHTY.read_text()) if "\x00" not in one]
    body = clean_text("\n\n".join(strings))
    body = (body * (20_000 // len(body) + 1))[:20_000].strip()
    lin, call = make_member("lin"), open_call()
    entry = begun(call, lin)
    here, client = f"/tasks/{call.task_id}/entries/{entry.pk}/", client_of(lin)
    sent = json.dumps({"title": TITLE, "body": body, "version": 0, "revision": 0})
    assert client.post(f"{here}save/", sent, content_type="application/json").status_code == 200
    assert Manuscript.objects.get().body == body
    assert client.get(f"{here}write/").context["form"]["body"].value() == body
    client.post(f"{here}write/", typed(entry, "give", body=body))
    assert again(entry).body == again(entry).versions.get().body == body
    assert client_of().get(here).status_code == 200


def test_what_usually_comes_next_is_a_survey_of_all():
    call, desk = open_call(), client_of(make_researcher())
    moved(call.task, "closed")
    page = desk.get(f"/desk/tasks/{call.task_id}/").content.decode()
    assert f"/desk/tasks/surveys/new/?parent={call.task_id}" in page
    assert desk.get(f"/desk/tasks/surveys/new/?parent={call.task_id}").status_code == 200
    assert desk.get(f"/desk/tasks/calls/new/?parent={call.task_id}").status_code == 200


def test_nonsense_leads_to_no_error():
    call = open_call()
    entry = given(call, "lin")
    here, client = entry.get_absolute_url(), client_of(Member.objects.get(username="lin"))
    paths = ("?page=x", "?page=99", "?kind=nonsense", "?to=abc", f"?to={'9' * 30}")
    assert [client.get(here + path).status_code for path in paths] == [200] * 5
    for path, sent in (
        ("lead/", {"do": "fly"}),
        ("lead/", {"do": "close", "sub_question": "x"}),
        ("judge/", {"do": ""}),
    ):
        assert client.post(here + path, sent).status_code in {302, 404, 422}
    assert client.post(f"{here}write/", {"do": "give"}).status_code == 422


def test_pages_of_calls_cost_a_stated_number_of_queries():
    make_catalogue()
    call, he = open_call(), make_member("he")
    make_car(he)
    for number in range(25):
        given(call, f"m{number}")
    entry = Entry.objects.first()
    for number in range(12):
        replied(entry, Member.objects.get(username=f"m{number + 3}"))
    path, visitor, member = f"/tasks/{call.task_id}/", client_of(), client_of(he)
    assert cost(visitor, path) == 6
    assert cost(member, path) == 9
    assert cost(member, f"{path}entries/?page=2") == 6
    assert cost(visitor, entry.get_absolute_url()) == 6
    assert cost(member, entry.get_absolute_url()) == 9
    assert cost(client_of(entry.author), f"{entry.get_absolute_url()}write/") <= 14
    assert cost(client_of(make_researcher()), f"/desk/tasks/{call.task_id}/") <= 18
