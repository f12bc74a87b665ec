"""Flags, the queue in admin, what moderators do, and what the content check stops."""

from __future__ import annotations

import threading

import pytest
from django.db import close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from kocforum.errors import Conflict, Forbidden, Invalid, Refused
from kocforum.forum.actions.amendments import amend_report
from kocforum.forum.actions.moderation import (
    approve_post,
    flag_post,
    hide_post,
    lock_thread,
    move_thread,
    pin_thread,
    refuse_post,
    resolve_flag,
    restore_post,
    unlock_thread,
)
from kocforum.forum.actions.posts import edit_post, write_post
from kocforum.forum.actions.threads import open_thread
from kocforum.forum.actions.topics import link_report, open_topic
from kocforum.forum.models import Board, ContentRule, Flag, ModerationEntry, Post, Report, Stage, Thread
from kocforum.forum.queries.lens import lens_of_report
from kocforum.forum.queries.moderation import forget_rules
from kocforum.garage.models import SoftwareVersion, Vehicle, VehicleModel
from kocforum.ledger.models import Fact
from kocforum.members.actions import ban
from tests.forum.stories import answered, told
from tests.people import make_board, make_car, make_koc, make_member, make_staff

pytestmark = pytest.mark.django_db


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def seen_by_visitors(address: str) -> str:
    return Client().get(address).content.decode()


@pytest.fixture
def operator(db):
    return make_staff()


@pytest.fixture
def desk(client, operator):
    client.force_login(operator)
    return client


@pytest.fixture
def thread(db):
    return open_thread(by=make_member(), board=make_board(), title="雨天泊车", body="大家怎么样？")


@pytest.fixture
def post(thread):
    return write_post(by=make_member("he"), thread=thread, body="加微信看车")


def test_from_a_flag_to_a_page_without_the_post(thread, post, desk):
    assert "加微信看车" in seen_by_visitors(f"/t/{thread.pk}/")
    flag = flag_post(by=make_member("su"), post=post, reason="spam", note="广告贴")
    queue = desk.get("/admin/forum/flag/").content.decode()
    assert "加微信看车" in queue and "广告贴" in queue
    page = desk.get(f"/admin/forum/flag/{flag.pk}/change/").content.decode()
    assert "加微信看车" in page and f"/t/{thread.pk}/2/" in page
    answer = desk.post(f"/admin/forum/flag/{flag.pk}/uphold/", {"reason": "广告"})
    assert answer.status_code == 302
    assert fresh(flag).state == "upheld" and fresh(post).state == "hidden"
    shown = seen_by_visitors(f"/t/{thread.pk}/")
    assert "加微信看车" not in shown and 'id="p2"' in shown
    assert fresh(thread).reply_count == 0
    assert ModerationEntry.objects.get(post=post).reason == "广告"
    restore_post(by=fresh(flag).resolved_by, post=fresh(post), reason="看错了")
    assert "加微信看车" in seen_by_visitors(f"/t/{thread.pk}/")
    assert fresh(thread).reply_count == 1


def test_a_dismissed_flag_leaves_the_post(post, desk):
    flag = flag_post(by=make_member("su"), post=post, reason="spam")
    desk.post(f"/admin/forum/flag/{flag.pk}/dismiss/", {"reason": "不是广告"})
    assert fresh(flag).state == "dismissed" and fresh(post).state == "visible"


def test_open_flags_come_first(thread, desk):
    su, operator = make_member("su"), make_staff("other")
    flags = [
        flag_post(by=su, post=write_post(by=make_member(f"m{n}"), thread=thread, body=f"话{n}"), reason="abuse")
        for n in range(3)
    ]
    resolve_flag(by=operator, flag=flags[2], uphold=False, reason="没事")
    queue = desk.get("/admin/forum/flag/").content.decode()
    assert queue.index("话1") < queue.index("话0") < queue.index("话2")


def test_the_second_moderator_reads_that_it_is_settled(post, desk):
    flag = flag_post(by=make_member("su"), post=post, reason="spam")
    resolve_flag(by=make_staff("other"), flag=flag, uphold=True, reason="广告")
    answer = desk.post(f"/admin/forum/flag/{flag.pk}/dismiss/", {"reason": "留着"})
    assert answer.status_code == 400 and fresh(flag).state == "upheld"
    assert "留着" in answer.content.decode()


def test_a_reason_is_asked_for(post, desk):
    assert desk.post(f"/admin/forum/post/{post.pk}/hide/", {"reason": "  "}).status_code == 400
    assert fresh(post).state == "visible"


def test_posts_are_hidden_and_shown_from_admin(post, desk):
    page = desk.get(f"/admin/forum/post/{post.pk}/change/").content.decode()
    assert f"/admin/forum/post/{post.pk}/hide/" in page and f"/{post.pk}/approve/" not in page
    desk.post(f"/admin/forum/post/{post.pk}/hide/", {"reason": "广告"})
    assert fresh(post).state == "hidden"
    assert f"/{post.pk}/restore/" in desk.get(f"/admin/forum/post/{post.pk}/change/").content.decode()
    desk.post(f"/admin/forum/post/{post.pk}/restore/", {"reason": "看错了"})
    assert fresh(post).state == "visible"


def test_those_that_wait_are_let_through_together(thread, desk):
    Board.objects.update(review="before")
    he = make_member("he")
    posts = [write_post(by=he, thread=fresh(thread), body=f"第{n}条") for n in range(3)]
    assert "第1条" in desk.get("/admin/forum/post/?state__exact=pending").content.decode()
    chosen = {"action": "approve_selected", "_selected_action": [post.pk for post in posts]}
    assert desk.post("/admin/forum/post/", chosen).status_code == 302
    assert {fresh(post).state for post in posts} == {"visible"}
    assert fresh(thread).reply_count == 3


def test_nobody_edits_posts_by_hand(post, desk):
    assert desk.post(f"/admin/forum/post/{post.pk}/change/", {"body": "x"}).status_code == 403
    assert desk.post(f"/admin/forum/post/{post.pk}/delete/").status_code == 403


@pytest.mark.parametrize("table", ["post", "flag", "thread"])
def test_the_lists_cost_the_same_for_two_and_for_twenty(table, thread, desk):
    su = make_member("su")

    def add(number: int) -> None:
        by = make_member(f"m{number}")
        flag_post(by=su, post=write_post(by=by, thread=thread, body=f"话{number}"), reason="abuse")
        open_thread(by=by, board=thread.board, title=f"题目{number}", body="说点什么")

    for number in range(2):
        add(number)
    desk.get(f"/admin/forum/{table}/")
    with CaptureQueriesContext(connection) as few:
        desk.get(f"/admin/forum/{table}/")
    for number in range(2, 20):
        add(number)
    with CaptureQueriesContext(connection) as many:
        assert desk.get(f"/admin/forum/{table}/").status_code == 200
    assert len(many) <= len(few)


@pytest.mark.parametrize(
    ("role", "may"),
    [("operator", True), ("admin", True), ("researcher", False), ("engineer", False), ("approver", False), ("", False)],
)
def test_who_moderates(role, may, post, client):
    by = make_staff("staff", role) if role else make_member("staff")
    flag = flag_post(by=make_member("su"), post=post, reason="spam")
    client.force_login(by)
    for address in (
        "/admin/forum/post/",
        f"/admin/forum/post/{post.pk}/hide/",
        "/admin/forum/flag/",
        f"/admin/forum/thread/{post.thread_id}/lock/",
        "/admin/forum/moderationentry/",
    ):
        assert (client.get(address).status_code == 200) is may, address
    acts = [
        lambda: resolve_flag(by=by, flag=flag, uphold=False, reason="没事"),
        lambda: hide_post(by=by, post=fresh(post), reason="广告"),
        lambda: restore_post(by=by, post=fresh(post), reason="看错了"),
        lambda: lock_thread(by=by, thread=post.thread, reason="吵"),
        lambda: unlock_thread(by=by, thread=post.thread, reason="静"),
        lambda: pin_thread(by=by, thread=post.thread, reason="要紧"),
        lambda: move_thread(by=by, thread=fresh(post.thread), board=make_board("talk"), reason="跑题"),
    ]
    for act in acts:
        if may:
            act()
        else:
            with pytest.raises(Forbidden):
                act()


@pytest.mark.parametrize(
    ("page", "adds"),
    [
        ("forum/board", True),
        ("forum/dimension", True),
        ("forum/contentrule", True),
        ("forum/moderationentry", False),
        ("garage/vehiclemodel", True),
        ("garage/function", True),
        ("garage/softwareversion", True),
        ("garage/vehicle", False),
        ("garage/installedversion", False),
        ("notifications/notification", False),
        ("notifications/sending", False),
    ],
)
def test_an_operator_keeps_the_catalogue(page, adds, desk):
    told(make_member("he"))
    assert desk.get(f"/admin/{page}/").status_code == 200
    assert desk.get(f"/admin/{page}/add/").status_code == (200 if adds else 403)
    model = page.rpartition("/")[2]
    if adds:
        assert desk.get(f"/admin/{page}/import/").status_code == desk.get(f"/admin/{page}/export/").status_code == 200
    if model in {"board", "dimension", "vehiclemodel", "function"}:
        row = {"board": Board, "vehiclemodel": VehicleModel}.get(model)
        if row:
            assert desk.get(f"/admin/{page}/{row.objects.first().pk}/change/").status_code == 200
            assert desk.get(f"/admin/{page}/{row.objects.first().pk}/history/").status_code == 200


def test_a_version_written_in_admin_sorts_as_a_version(desk):
    desk.post("/admin/garage/softwareversion/add/", {"name": "V 4.10.0", "shipped_on": ""})
    desk.post("/admin/garage/softwareversion/add/", {"name": "4.9.3", "shipped_on": ""})
    assert list(SoftwareVersion.objects.values_list("name", flat=True)) == ["4.10.0", "4.9.3"]


def test_own_words_find_their_place_in_the_catalogue(desk):
    report = told(make_member())
    car = make_car(make_member("he"), model="远山 X9 长续航", version="9.9.9")
    model = VehicleModel.objects.create(slug="X9", name="远山 X9")
    answer = desk.post(f"/admin/garage/vehicle/{car.pk}/match/", {"model": model.pk})
    assert answer.status_code == 302 and Vehicle.objects.get(pk=car.pk).model == model
    assert report.observation.vehicle.model.slug == "S7"
    later = make_car(make_member("su"), model="远山 Z1", version="9.9.9")
    known = VehicleModel.objects.create(slug="Z1", name="远山 Z1")
    desk.post("/admin/garage/vehicle/", {"action": "look_again", "_selected_action": [later.pk]})
    assert Vehicle.objects.get(pk=later.pk).model == known
    SoftwareVersion.objects.create(name="9.9.9", sort_key="x")
    installed = car.installed_versions.get()
    desk.post("/admin/garage/installedversion/", {"action": "match", "_selected_action": [installed.pk]})
    assert later.installed_versions.get().catalogued.name == "9.9.9"


def test_hiding_the_opening_hides_the_thread_and_restoring_brings_it_back(thread, post, operator):
    opening = thread.posts.get(number=1)
    hide_post(by=operator, post=opening, reason="广告")
    assert Client().get(f"/t/{thread.pk}/").status_code == 404
    assert APIClient().get("/api/v1/search/", {"q": "雨天泊车", "type": "thread"}).json()["results"] == []
    restore_post(by=operator, post=fresh(opening), reason="看错了")
    assert Client().get(f"/t/{thread.pk}/2/").headers["Location"] == f"/t/{thread.pk}/#p2"
    found = APIClient().get("/api/v1/search/", {"q": "雨天泊车", "type": "thread"}).json()["results"]
    assert [row["id"] for row in found] == [thread.pk]
    assert Fact.objects.filter(name="forum.ThreadOpened").count() == 1


def test_a_hidden_corroboration_leaves_the_numbers_and_comes_back_with_them(operator):
    report = told(make_member())
    corroboration = answered(make_member("he"), report)
    assert lens_of_report(report)["owners"] == 2
    assert Stage.objects.filter(report=report, stage=2).exists()
    hide_post(by=operator, post=corroboration.post, reason="编的")
    assert lens_of_report(report)["owners"] == 1
    assert not Stage.objects.filter(report=report, stage=2).exists()
    restore_post(by=operator, post=fresh(corroboration.post), reason="看错了")
    assert lens_of_report(report)["owners"] == 2
    assert Stage.objects.filter(report=report, stage=2).exists()
    assert Fact.objects.filter(name="forum.ReportCorroborated").count() == 1


def test_a_locked_thread_takes_no_answers_and_says_so(thread, operator):
    lock_thread(by=operator, thread=thread, reason="吵起来了")
    he = make_member("he")
    with pytest.raises(Conflict) as refused:
        write_post(by=he, thread=fresh(thread), body="我也是")
    assert str(refused.value)
    client = APIClient()
    client.force_authenticate(he)
    assert client.post(f"/api/v1/threads/{thread.pk}/posts/", {"body": "我也是"}).status_code == 409
    with pytest.raises(Conflict):
        lock_thread(by=operator, thread=fresh(thread), reason="再锁一次")
    unlock_thread(by=operator, thread=fresh(thread), reason="静下来了")
    assert write_post(by=he, thread=fresh(thread), body="我也是").number == 2


def test_a_moved_thread_keeps_its_addresses(thread, post, desk):
    other = make_board("talk", visibility="public")
    seen_by_visitors(f"/t/{thread.pk}/")
    desk.post(f"/admin/forum/thread/{thread.pk}/move/", {"board": other.pk, "reason": "更合适"})
    assert fresh(thread).board == other
    assert f"/boards/{other.slug}/" in seen_by_visitors(f"/t/{thread.pk}/")
    assert Client().get(f"/t/{thread.pk}/2/").headers["Location"] == f"/t/{thread.pk}/#p2"


def test_who_is_banned_reads_and_does_not_write(thread, operator):
    he = make_member("he")
    ban(by=operator, member=he, reason="多次辱骂")
    with pytest.raises(Forbidden) as refused:
        write_post(by=he, thread=thread, body="我也是")
    assert "多次辱骂" in str(refused.value)
    client = Client()
    client.force_login(he)
    assert client.get(f"/t/{thread.pk}/").status_code == 200


def test_the_word_list_passes_holds_and_refuses_at_once_after_a_change(thread, desk):
    he = make_member("he")
    assert write_post(by=he, thread=thread, body="返现 有吗").state == "visible"
    for phrase, verdict in (("返现", "review"), ("代刷", "refuse")):
        desk.post("/admin/forum/contentrule/add/", {"phrase": phrase, "verdict": verdict, "note": ""})
    assert ContentRule.objects.count() == 2
    assert write_post(by=he, thread=thread, body="返 现 有吗").state == "pending"
    with pytest.raises(Invalid):
        write_post(by=he, thread=thread, body="代\u200b刷里程")
    assert write_post(by=he, thread=thread, body="平安").state == "visible"


def test_another_content_check_can_be_plugged_in_and_lets_nothing_through_when_it_breaks(thread, settings):
    he = make_member("he")
    settings.CONTENT_CHECK = "tests.forum.test_moderation.refuses_everything"
    with pytest.raises(Invalid):
        write_post(by=he, thread=thread, body="你好")
    settings.CONTENT_CHECK = "tests.forum.test_moderation.breaks"
    assert write_post(by=he, thread=thread, body="你好").state == "pending"


def refuses_everything(*texts: str) -> str:
    return "refuse"


def breaks(*texts: str) -> str:
    raise OSError("the provider is down")


def test_a_board_that_is_read_first_shows_nothing_before(operator):
    board = make_board(review="before")
    lin = make_member()
    thread = open_thread(by=lin, board=board, title="第一次发帖", body="大家好")
    assert Client().get(f"/t/{thread.pk}/").status_code == 404
    own = Client()
    own.force_login(lin)
    assert own.get(f"/t/{thread.pk}/").status_code == 200
    assert Fact.objects.filter(name="forum.ThreadOpened").count() == 0
    approve_post(by=operator, post=thread.posts.get())
    assert Client().get(f"/t/{thread.pk}/").status_code == 200
    assert Fact.objects.get(name="forum.ThreadOpened").by == lin


def test_an_edit_waits_like_a_new_post_and_is_told_once(thread, post, operator):
    ContentRule.objects.create(phrase="返现", verdict="review")
    forget_rules()
    edit_post(by=post.author, post=post, body="加我返现")
    assert fresh(post).state == "pending" and fresh(thread).reply_count == 0
    assert "返现" not in seen_by_visitors(f"/t/{thread.pk}/")
    approve_post(by=operator, post=fresh(post))
    assert fresh(thread).reply_count == 1
    assert Fact.objects.filter(name="forum.PostWritten").count() == 1


def test_a_refused_post_that_is_shown_after_all_is_told_then(thread, operator):
    Board.objects.update(review="before")
    post = write_post(by=make_member("he"), thread=fresh(thread), body="我也是")
    refuse_post(by=operator, post=post, reason="看不懂")
    assert Fact.objects.filter(name="forum.PostWritten").count() == 0
    restore_post(by=operator, post=fresh(post), reason="现在懂了")
    assert Fact.objects.filter(name="forum.PostWritten").count() == 1


def test_a_report_that_says_injury_later_waits_as_well(operator):
    lin = make_member()
    report = told(lin, severity="annoying")
    corroboration = answered(make_member("he"), report)
    assert Client().get(f"/t/{report.thread_id}/").status_code == 200
    amend_report(by=lin, report=report, field="severity", value="fire")
    assert fresh(report).severity == "fire"
    assert Client().get(f"/t/{report.thread_id}/").status_code == 404
    assert Report.objects.counted().count() == 0
    assert Fact.objects.filter(name="forum.ReportHeld").count() == 1
    approve_post(by=operator, post=Thread.objects.get(pk=report.thread_id).posts.get(number=1))
    assert Client().get(f"/t/{report.thread_id}/").status_code == 200
    assert Fact.objects.filter(name="forum.ReportTold").count() == 1
    assert fresh(corroboration).post.state == "visible"


def test_words_of_a_report_are_looked_at_wherever_they_stand():
    ContentRule.objects.create(phrase="返现", verdict="review")
    lin = make_member()
    assert told(lin, signals=["返现找我"]).thread.state == "pending"
    report = told(lin, vehicle=Vehicle.objects.filter(owner=lin).first())
    amend_report(by=lin, report=report, field="title", value="返现看这里")
    assert fresh(report.thread).state == "pending"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_moderators_on_one_flag_are_one_result_and_one_conflict():
    thread = open_thread(by=make_member(), board=make_board(), title="雨天泊车", body="大家怎么样？")
    post = write_post(by=make_member("he"), thread=thread, body="加微信看车")
    flag = flag_post(by=make_member("su"), post=post, reason="spam")
    moderators = [make_staff("op1"), make_staff("op2")]
    start = threading.Barrier(2)
    results: list[str] = []

    def settle(by) -> None:
        start.wait()
        try:
            resolve_flag(by=by, flag=Flag.objects.get(pk=flag.pk), uphold=True, reason="广告")
            results.append("settled")
        except Refused as refused:
            results.append(str(refused.status))
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=settle, args=(by,)) for by in moderators]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(results) == ["409", "settled"]
    assert ModerationEntry.objects.count() == 1 and Post.objects.get(pk=post.pk).state == "hidden"
    assert Thread.objects.get(pk=thread.pk).reply_count == 0


def test_a_thread_that_is_hidden_is_gone_from_the_kept_front_page_at_once(thread, operator):
    page = "/?tab=latest"
    assert thread.title in seen_by_visitors(page) and thread.title in seen_by_visitors(page)
    hide_post(by=operator, post=thread.posts.get(number=1), reason="广告")
    assert thread.title not in seen_by_visitors(page)


def test_a_board_that_is_closed_to_visitors_is_gone_from_kept_topics_at_once(client):
    report, admin = told(make_member()), make_staff("boss", role="admin")
    topic = open_topic(by=make_koc(), title="雨夜泊车中止", function="auto-parking", claim="雨夜里容易中途放弃")
    link_report(by=topic.host, topic=topic, report=report)
    assert report.thread.title in seen_by_visitors(f"/topics/{topic.pk}/")
    board = report.thread.board
    client.force_login(admin)
    form = client.get(f"/admin/forum/board/{board.pk}/change/").context["adminform"].form
    said = {name: value for name, value in form.initial.items() if value is not None}
    assert client.post(f"/admin/forum/board/{board.pk}/change/", {**said, "visibility": "staff"}).status_code == 302
    member = Client()
    member.force_login(topic.host)
    assert report.thread.title not in member.get(f"/topics/{topic.pk}/").content.decode()
    assert report.thread.title not in seen_by_visitors(f"/topics/{topic.pk}/")
