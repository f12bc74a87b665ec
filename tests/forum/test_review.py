"""What an attacker and an unlucky user would try."""

from __future__ import annotations

import base64
import json
import uuid

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation

from kocforum.forum.actions.amendments import amend_report
from kocforum.forum.actions.moderation import hide_post, move_thread
from kocforum.forum.actions.official import set_official_status
from kocforum.forum.actions.posts import write_post
from kocforum.forum.actions.reports import withdraw_report
from kocforum.forum.actions.topics import close_topic, link_report, open_topic
from kocforum.forum.enums import BoardVisibility
from kocforum.forum.models import Corroboration, Report
from kocforum.forum.queries.topics import topics_to_list, unsorted_replies
from kocforum.home.queries import community_river
from kocforum.search.models import SearchDocument
from tests.forum.stories import answered, told
from tests.people import make_board, make_car, make_catalogue, make_koc, make_member, make_staff

pytestmark = pytest.mark.django_db

OWN_TITLE = "雨夜泊车三次都停在半路"


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def sent(client: Client, path: str, data: object, method: str = "post"):
    return getattr(client, method)(path, json.dumps(data), content_type="application/json")


def topic_with(koc, *reports):
    make_catalogue()
    topic = open_topic(by=koc, title="反光车位泊车中止", function="auto-parking", claim="标线反光时常常中途放弃。")
    for report in reports:
        link_report(by=koc, topic=topic, report=report)
    topic.refresh_from_db()
    return topic


def test_a_withdrawn_report_gives_its_words_away_nowhere():
    lin, zhou = make_member(), make_koc()
    report = told(lin, title=OWN_TITLE)
    amend_report(by=lin, report=report, field="narrative", value="先前写的是车牌沪A12345，改掉了。")
    answered(make_member("he"), report, note="我的也这样，雨夜")
    topic = topic_with(zhou, report, told(make_member("wu"), title="另一辆车也中止"))
    withdraw_report(by=lin, report=Report.objects.get(pk=report.pk))
    anyone, reader = Client(), signed_in(make_member("guo"))
    for path in (
        report.get_absolute_url(),
        topic.get_absolute_url(),
        f"/reports/{report.pk}/corroborate/",
        f"/t/{report.thread_id}/2/menu/",
        f"/t/{report.thread_id}/2/flag/",
        "/search/?q=雨夜",
        "/api/v1/search/?q=雨夜",
        f"/api/v1/reports/{report.pk}/",
        f"/api/v1/topics/{topic.pk}/reports/",
    ):
        for client in (anyone, reader):
            assert OWN_TITLE not in client.get(path).content.decode(), path
    assert reader.get(f"/reports/{report.pk}/history/").status_code == 404
    assert topics_to_list(zhou).get(pk=topic.pk).report_count == 1


def test_a_withdrawn_report_leaves_no_lens_on_its_page():
    report = told(make_member())
    answered(make_member("he"), report)
    assert "小雨" in Client().get(report.get_absolute_url()).content.decode()
    withdraw_report(by=report.thread.author, report=report)
    page = Client().get(report.get_absolute_url()).content.decode()
    assert 'href="#lens"' not in page and "cars told how it went" not in page and "辆车" not in page


def test_the_tray_shows_nothing_of_a_thread_that_its_host_may_not_read():
    zhou, operator = make_koc(), make_staff()
    hidden, moved = told(make_member()), told(make_member("he"))
    topic = topic_with(zhou, hidden, moved)
    for report in (hidden, moved):
        write_post(by=make_member(f"w{report.pk}"), thread=report.thread, body="只有看得到的人该看到")
    assert len(unsorted_replies(topic, zhou)) == 2
    hide_post(by=operator, post=hidden.thread.posts.get(number=1), reason="车牌")
    inside = make_board("inside", visibility=BoardVisibility.STAFF)
    move_thread(by=operator, thread=moved.thread, board=inside, reason="内部")
    assert not unsorted_replies(topic, zhou)


def test_the_community_river_speaks_each_readers_language():
    told(make_member())
    with translation.override("zh-hans"):
        chinese = [stage.label for stage in community_river()]
    with translation.override("en"):
        english = [stage.label for stage in community_river()]
    assert chinese != english
    assert english[0] == "Recorded"


def test_an_official_status_shows_on_the_topics_page_at_once():
    zhou = make_koc()
    report = told(make_member())
    topic = topic_with(zhou, report)
    before = topic.version
    set_official_status(by=make_staff("eng", "engineer"), status="working", note="正在查", threads=[report.thread])
    topic.refresh_from_db()
    assert topic.version > before


def test_a_thread_page_answers_head():
    report = told(make_member())
    assert Client().head(report.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("word", ["abc", "9" * 40, "\x00"])
def test_a_cursor_that_names_no_place_is_not_found(word):
    told(make_member())
    cursor = base64.b64encode(f"p={word}".encode()).decode()
    for path in ("threads", "reports", "topics", "boards"):
        assert Client().get(f"/api/v1/{path}/", {"cursor": cursor}).status_code in {200, 404}


@pytest.mark.parametrize(
    "path",
    ["/api/v1/reports/?function=%00", "/api/v1/threads/?board=a%00b", "/u/a%00b/", "/?page=%00", "/?tab=%00"],
)
def test_an_address_with_a_nul_is_a_bad_request(path):
    assert Client().get(path).status_code == 400


def test_odd_values_of_a_report_get_a_sentence():
    lin = make_member()
    make_board()
    told(lin)
    client, car = signed_in(lin), make_car(lin)
    fine = {"function": "auto-parking", "vehicle": car.pk, "occurred_at": "2026-11-20T20:00:00Z", "attempts": 1}
    for odd in (
        {"uploads": [10**30]},
        {"uploads": [-(10**30)]},
        {"conditions": {"\x00": "a"}},
        {"conditions": {"\ud800": "a"}},
        {"conditions": {"weather": "\ud800"}},
        {"conditions": {"weather": [["light-rain"]]}},
        {"vehicle": 10**30},
        {"vehicle": True},
        {"attempts": 10**9},
        {"attempts": 1e400},
        {"occurred_at": "0001-01-01T00:00:00Z"},
        {"occurred_at": "0001-01-01T00:00:00+14:00"},
        {"occurred_at": "9999-12-31T23:59:59-14:00"},
        {"occurred_at": "0001-01-01T00:00:00"},
        {"place": {"district": "x" * 61}},
        {"place": []},
        {"signals": "x"},
        {"signals": [{}]},
        {"tried": {"action": 1}},
        {"tried": [{"action": "x", "effect": "\ud800"}]},
        {"function": ["auto-parking"]},
        {"title": "\x00"},
    ):
        answer = sent(client, "/api/v1/reports/", {**fine, **odd})
        assert answer.status_code == 400, (odd, answer.status_code, answer.content)
    report = Report.objects.get()
    assert sent(client, f"/api/v1/reports/{report.pk}/", {"\ud800": 1}, "patch").status_code == 400
    assert sent(client, "/api/v1/reports/", [1]).status_code == 400


def test_odd_values_in_the_form_stay_in_the_form():
    lin = make_member()
    told(lin)
    client = signed_in(lin)
    fine = {"function": "auto-parking", "vehicle": make_car(lin).pk, "precision": "minute", "failures": "1"}
    for odd in (
        {"occurred_at": "0001-01-01T00:00"},
        {"occurred_at": "9999-12-31T23:59"},
        {"occurred_at": "2026-11-20T20:00", "function": "a\x00"},
        {"occurred_at": "2026-11-20T20:00", "function_other": "\x00"},
        {"occurred_at": "2026-11-20T20:00", "vehicle": "9" * 30},
        {"occurred_at": "2026-11-20T20:00", "failures": "9" * 30},
        {"occurred_at": "2026-11-20T20:00", "cond_weather": "\x00"},
    ):
        assert client.post("/reports/new/", {**fine, **odd}).status_code == 422, odd
    assert client.post("/me/garage/new/", {"model_text": "x", "year": "9" * 30}).status_code == 422
    for path in ("/t/1/reply/?to=" + "9" * 30, "/topics/new/?report=" + "9" * 14, "/topics/?page=" + "9" * 40):
        assert client.get(path).status_code in {200, 404}


def test_who_may_not_do_it_hears_that_before_what_is_wrong_with_the_values():
    lin, zhou, staff = make_member(), make_koc(), make_staff("eng", "engineer")
    report = told(lin)
    topic = topic_with(zhou, report)
    opening = report.thread.posts.get(number=1)
    member = signed_in(make_member("he"))
    assert sent(signed_in(staff), f"/api/v1/reports/{report.pk}/corroborations/", {}).status_code == 403
    assert sent(member, "/api/v1/topics/", {}).status_code == 403
    assert sent(member, f"/api/v1/topics/{topic.pk}/", {"title": ""}, "patch").status_code == 403
    assert sent(member, f"/api/v1/topics/{topic.pk}/reports/", {}).status_code == 403
    assert sent(member, f"/api/v1/topics/{topic.pk}/reports/", {"report": 10**20}).status_code == 403
    assert sent(member, f"/api/v1/posts/{opening.pk}/", {}, "patch").status_code == 403
    close_topic(by=zhou, topic=topic)
    assert sent(signed_in(zhou), f"/api/v1/topics/{topic.pk}/reports/", {}).status_code == 409


def test_a_stale_revision_of_a_topic_is_told_before_what_is_wrong_with_the_claim():
    zhou = make_koc()
    topic = topic_with(zhou)
    answer = sent(signed_in(zhou), f"/api/v1/topics/{topic.pk}/", {"claim": "短", "revision": 7}, "patch")
    assert answer.status_code == 409


def test_a_replay_answers_the_first_result_although_the_thread_was_closed_since():
    lin = make_member()
    report = told(lin)
    client, op_id = signed_in(make_member("he")), str(uuid.uuid4())
    path = f"/api/v1/threads/{report.thread_id}/posts/"
    first = sent(client, path, {"body": "我也是", "op_id": op_id})
    withdraw_report(by=lin, report=report)
    again = sent(client, path, {"body": "我也是", "op_id": op_id})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]


def test_deleting_the_post_of_a_record_withdraws_the_record():
    lin, he = make_member(), make_member("he")
    report = told(lin)
    said = answered(he, report)
    assert signed_in(he).delete(f"/api/v1/posts/{said.post_id}/").status_code == 204
    assert Corroboration.objects.get().withdrawn_at
    assert signed_in(lin).delete(f"/api/v1/posts/{report.thread.posts.get(number=1).pk}/").status_code == 204
    assert Report.objects.get().withdrawn_at


def test_new_words_of_a_record_are_found_and_old_ones_are_not():
    lin = make_member()
    report = told(lin, narrative="三次都停在半路，很奇怪的嗡嗡声")
    opening = report.thread.posts.get(number=1)
    page = signed_in(lin).get(f"/t/{report.thread_id}/1/edit/")
    assert page.url == reverse("report_amend", args=[report.pk, "narrative"])
    answer = sent(signed_in(lin), f"/api/v1/posts/{opening.pk}/", {"body": "改成别的话了，长一些"}, "patch")
    assert answer.status_code == 200
    bodies = SearchDocument.objects.filter(kind__in=["thread", "report"]).values_list("body", flat=True)
    assert len(bodies) == 2 and all("改成别的话" in body and "自动泊车" in body for body in bodies)


def test_pages_with_odd_numbers_share_no_kept_copy():
    told(make_member())
    for page in ("1" + "0" * 300, "x", "-1", "١"):
        assert Client().get("/", {"page": page}).status_code == 200
    assert Client().get("/t/999999999999999999999999/").status_code == 404
    cache.clear()


def test_the_history_of_a_record_is_told_in_words_and_not_in_codes():
    lin = make_member()
    report = told(lin)
    amend_report(by=lin, report=report, field="severity", value="close_call")
    amend_report(by=lin, report=report, field="signals", value=["black_screen", "嗡嗡声"])
    amend_report(by=lin, report=report, field="place", value={"venue": "garage", "district": "浦东"})
    page = Client().get(f"/reports/{report.pk}/history/").content.decode()
    assert not any(code in page for code in ("close_call", "black_screen", "odd_sound", ">garage", " garage"))
    assert "嗡嗡声" in page and "浦东" in page
