"""Who hears of what in the forum."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from kocforum.forum.actions.follows import follow
from kocforum.forum.actions.hosting import answer_question, ask
from kocforum.forum.actions.moderation import (
    approve_post,
    flag_post,
    hide_post,
    refuse_post,
    resolve_flag,
    restore_post,
)
from kocforum.forum.actions.official import answer_officially, set_official_status
from kocforum.forum.actions.posts import remove_post, write_post
from kocforum.forum.actions.threads import open_thread
from kocforum.forum.actions.topics import appoint_host, link_report, open_topic
from kocforum.forum.models import Board, Follow, HostInvitation, Post
from kocforum.ledger.models import Delivery
from kocforum.members.models import Member
from kocforum.notifications.models import Notification
from kocforum.notifications.queries import news_of, unread_count
from tests.forum.stories import answered, told
from tests.people import make_board, make_catalogue, make_koc, make_member, make_staff

pytestmark = pytest.mark.django_db


def heard(member) -> list[tuple[str, int]]:
    """Kinds and counts of what a member has unread, oldest first."""
    return list(Notification.objects.unread().filter(member=member).order_by("id").values_list("kind", "count"))


def sentences(member) -> list[str]:
    with translation.override("en"):
        return [news.sentence for news in news_of(Notification.objects.filter(member=member).order_by("id"), member)]


@pytest.fixture
def thread(db):
    return open_thread(by=make_member(), board=make_board(), title="雨天泊车", body="大家怎么样？")


def test_followers_hear_of_an_answer_and_its_author_does_not(thread, run_deliveries):
    he, su = make_member("he"), make_member("su")
    follow(by=su, thread=thread)
    post = write_post(by=he, thread=thread, body="我也是")
    run_deliveries()
    assert heard(thread.author) == heard(su) == [("follow", 1)] and heard(he) == []
    assert sentences(su) == ["He wrote in “雨天泊车”"]
    row = Notification.objects.get(member=su)
    assert (row.params["thread"], row.params["number"]) == (thread.pk, post.number)


def test_who_is_answered_hears_that_and_only_that(thread, run_deliveries):
    he, su = make_member("he"), make_member("su")
    first = write_post(by=he, thread=thread, body="我也是")
    run_deliveries()
    write_post(by=su, thread=thread, body="哪一年的车？", reply_to=first)
    run_deliveries()
    assert heard(he) == [("reply", 1)] and sentences(he) == ["Su answered you in “雨天泊车”"]
    assert heard(thread.author) == [("follow", 2)]
    assert sentences(thread.author) == ["2 new answers in “雨天泊车”"]


def test_many_answers_are_one_line_that_leads_to_the_first(thread, run_deliveries, client):
    he = make_member("he")
    for body in ("一", "二", "三"):
        write_post(by=he, thread=thread, body=body)
    run_deliveries()
    row = Notification.objects.get(member=thread.author)
    client.force_login(thread.author)
    assert row.count == 3
    assert client.get(f"/me/notifications/{row.pk}/").headers["Location"] == f"/t/{thread.pk}/2/"


def test_who_muted_a_thread_hears_nothing_more(thread, run_deliveries):
    follow(by=thread.author, thread=thread, muted=True)
    write_post(by=make_member("he"), thread=thread, body="我也是", reply_to=thread.posts.get(number=1))
    run_deliveries()
    assert heard(thread.author) == []


def test_the_brand_is_told_from_members(thread, run_deliveries):
    answer_officially(by=make_staff(), thread=thread, body="我们在看")
    run_deliveries()
    assert heard(thread.author) == [("official", 1)]
    assert sentences(thread.author) == ["The brand answered in “雨天泊车”"]


def test_the_same_delivery_again_tells_nothing_twice(thread, run_deliveries):
    write_post(by=make_member("he"), thread=thread, body="我也是")
    run_deliveries()
    from kocforum.ledger.deliveries import attempt

    for delivery in Delivery.objects.filter(subscriber__startswith="kocforum.forum.handlers"):
        Delivery.objects.filter(pk=delivery.pk).update(state="pending")
        attempt(delivery.pk, delivery.attempts)
    assert heard(thread.author) == [("follow", 1)]


def test_a_thousand_followers_cost_what_a_hundred_cost(thread, run_deliveries):
    def cost_of(count: int) -> int:
        members = Member.objects.bulk_create(Member(username=f"f{count}-{number}") for number in range(count))
        Follow.objects.bulk_create(Follow(thread=thread, member=member) for member in members)
        write_post(by=Member.objects.get(username="he"), thread=thread, body=f"{count}")
        with CaptureQueriesContext(connection) as asked:
            run_deliveries()
        return len(asked)

    make_member("he")
    few, many = cost_of(100), cost_of(900)
    assert Notification.objects.filter(kind="follow").count() == 1001
    assert many - few < 60


def test_owners_on_my_report_are_counted_together(run_deliveries):
    lin = make_member()
    report = told(lin)
    for name in ("a1", "a2", "a3", "a4", "a5"):
        answered(make_member(name), report)
    run_deliveries()
    assert ("corroborated", 5) in heard(lin)
    assert f"5 owners answered your report “{report.thread.title}”" in sentences(lin)


def test_the_teller_is_invited_to_host_and_led_to_the_invitation(run_deliveries, client):
    lin = make_member()
    report = told(lin)
    answered(make_member("he"), report)
    answered(make_member("su"), report)
    run_deliveries()
    row = Notification.objects.get(member=lin, kind="host_invited")
    invitation = HostInvitation.objects.get()
    client.force_login(lin)
    there = client.get(f"/me/notifications/{row.pk}/").headers["Location"]
    assert there == f"/me/invitations/{invitation.pk}/"
    assert client.get(there).status_code == 200


def test_hosts_and_tellers_hear_of_topics_but_not_of_their_own_doing(run_deliveries):
    zhou, lin = make_koc(), make_member()
    report = told(lin)
    topic = open_topic(by=zhou, title="雨夜泊车中止", function="auto-parking", claim="雨夜里自动泊车容易中止")
    link_report(by=zhou, topic=topic, report=report)
    run_deliveries()
    assert heard(zhou) == [] and heard(lin) == [("linked", 1)]
    appoint_host(by=make_staff(), topic=topic, member=lin)
    run_deliveries()
    assert heard(lin) == [("linked", 1), ("host_appointed", 1)]


def test_a_question_reaches_the_asked_and_its_answer_the_asker(run_deliveries, client):
    zhou, lin = make_koc(), make_member()
    report = told(lin)
    topic = open_topic(by=zhou, title="雨夜泊车中止", function="auto-parking", claim="雨夜里自动泊车容易中止")
    link_report(by=zhou, topic=topic, report=report)
    run_deliveries()
    question = ask(by=zhou, topic=topic, post=report.thread.posts.get(number=1), field="software_version")
    run_deliveries()
    row = Notification.objects.get(member=lin, kind="question")
    client.force_login(lin)
    assert client.get(f"/me/notifications/{row.pk}/").headers["Location"] == f"/me/questions/{question.pk}/"
    answer_question(by=lin, question=question, value="4.2.0")
    run_deliveries()
    assert heard(zhou) == [("question_answered", 1)]


def test_a_status_reaches_everybody_who_took_part_once(run_deliveries):
    lin, he, su = make_member(), make_member("he"), make_member("su")
    report = told(lin)
    answered(he, report)
    follow(by=su, thread=report.thread)
    run_deliveries()
    Notification.objects.all().delete()
    set_official_status(by=make_staff(), status="accepted", threads=[report.thread])
    run_deliveries()
    assert [heard(member) for member in (lin, he, su)] == [[("status", 1)]] * 3
    assert sentences(su) == [f"“{report.thread.title}”: Handed to engineering"]


def test_injury_alerts_operators_at_once_by_letter_as_well(run_deliveries, client):
    operator = make_staff(email="op@example.cn", email_verified_at=timezone.now())
    researcher = make_staff("researcher", "researcher", email="re@example.cn", email_verified_at=timezone.now())
    report = told(make_member(), severity="injury")
    run_deliveries()
    assert heard(operator) == [("held", 1)] and heard(researcher) == []
    assert [letter.to for letter in mail.outbox] == [["op@example.cn"]]
    opening = report.thread.posts.get(number=1)
    assert f"/admin/forum/post/{opening.pk}/change/" in mail.outbox[0].body
    client.force_login(operator)
    assert client.get(f"/admin/forum/post/{opening.pk}/change/").status_code == 200


def test_a_flag_reaches_operators_and_its_outcome_the_flagger(thread, run_deliveries):
    operator, he, su = make_staff(), make_member("he"), make_member("su")
    post = write_post(by=he, thread=thread, body="加微信看车")
    flag = flag_post(by=su, post=post, reason="spam")
    run_deliveries()
    assert heard(operator) == [("flagged", 1)]
    resolve_flag(by=operator, flag=flag, uphold=True, reason="广告")
    run_deliveries()
    assert heard(operator) == [] and heard(su) == [("flag_resolved", 1)]
    assert "was taken down" in sentences(su)[0]
    assert heard(he) == [("hidden", 1)] and sentences(he) == ["Your post in “雨天泊车” was taken down. Reason: 广告"]


def test_a_dismissed_flag_is_answered_with_thanks(thread, run_deliveries, client):
    su = make_member("su")
    post = write_post(by=make_member("he"), thread=thread, body="其实不错")
    flag = flag_post(by=su, post=post, reason="false")
    resolve_flag(by=make_staff(), flag=flag, uphold=False, reason="看法而已")
    run_deliveries()
    assert "it stays" in sentences(su)[0]
    client.force_login(su)
    row = Notification.objects.get(member=su)
    assert client.get(f"/me/notifications/{row.pk}/").headers["Location"] == f"/t/{thread.pk}/2/"


def test_news_of_a_hidden_post_are_taken_back(thread, run_deliveries):
    he, su = make_member("he"), make_member("su")
    first = write_post(by=he, thread=thread, body="我也是")
    second = write_post(by=su, thread=thread, body="骂人的话", reply_to=first)
    run_deliveries()
    assert heard(he) == [("reply", 1)] and heard(thread.author) == [("follow", 2)]
    hide_post(by=make_staff(), post=second, reason="辱骂")
    run_deliveries()
    assert heard(he) == [] and heard(thread.author) == [("follow", 1)]


def test_news_of_a_withdrawn_post_are_taken_back(thread, run_deliveries):
    he = make_member("he")
    post = write_post(by=he, thread=thread, body="发错了")
    run_deliveries()
    remove_post(by=he, post=post)
    run_deliveries()
    assert heard(thread.author) == []


def test_a_thread_that_is_hidden_leaves_no_number_at_the_bell(thread, run_deliveries, client):
    he, su = make_member("he"), make_member("su")
    first = write_post(by=he, thread=thread, body="我也是")
    write_post(by=su, thread=thread, body="再加一条", reply_to=first)
    run_deliveries()
    hide_post(by=make_staff(), post=thread.posts.get(number=1), reason="广告")
    run_deliveries()
    client.force_login(he)
    assert ("follow", 1) not in heard(he)
    client.get("/me/notifications/")  # the answer to him went with the thread
    assert unread_count(he) == 0


def test_a_hidden_thread_sends_its_author_to_the_board(thread, run_deliveries, client):
    hide_post(by=make_staff(), post=thread.posts.get(number=1), reason="广告")
    run_deliveries()
    row = Notification.objects.get(member=thread.author)
    client.force_login(thread.author)
    assert client.get(f"/me/notifications/{row.pk}/").headers["Location"] == "/boards/driving/"


def test_waiting_letting_through_and_refusing_are_told_to_the_author(run_deliveries):
    make_catalogue()
    Board.objects.update(review="before")
    lin, operator = make_member(), make_staff()
    thread = open_thread(by=lin, board=Board.objects.get(), title="第一次发帖", body="大家好")
    run_deliveries()
    assert heard(lin) == [("waiting", 1)]
    approve_post(by=operator, post=thread.posts.get())
    run_deliveries()
    assert heard(lin) == [("approved", 1)]
    other = open_thread(by=lin, board=thread.board, title="第二次发帖", body="买车找我")
    refuse_post(by=operator, post=other.posts.get(), reason="广告")
    run_deliveries()
    assert ("hidden", 1) in heard(lin)
    assert sentences(lin)[-1] == "Your post in “第二次发帖” was not let through. Reason: 广告"


def test_a_waiting_answer_is_told_to_followers_only_when_it_was_let_through(thread, run_deliveries):
    Board.objects.update(review="before")
    thread.board.refresh_from_db()
    post = write_post(by=make_member("he"), thread=thread, body="我也是")
    run_deliveries()
    assert heard(thread.author) == []
    approve_post(by=make_staff(), post=Post.objects.get(pk=post.pk))
    run_deliveries()
    assert heard(thread.author) == [("follow", 1)]


def test_what_is_shown_again_is_told_to_its_author_alone(thread, run_deliveries):
    he, operator = make_member("he"), make_staff()
    post = write_post(by=he, thread=thread, body="我也是")
    run_deliveries()
    hide_post(by=operator, post=post, reason="误会")
    restore_post(by=operator, post=Post.objects.get(pk=post.pk), reason="看错了")
    run_deliveries()
    assert heard(he) == [("restored", 1)] and heard(thread.author) == []


def test_a_verification_reaches_followers_and_the_host(run_deliveries):
    from kocforum.forum.actions.observations import ObservationData
    from kocforum.forum.actions.verifications import tell_verification

    lin, zhou, he = make_member(), make_koc(), make_member("he")
    report = told(lin)
    topic = open_topic(by=zhou, title="雨夜泊车中止", function="auto-parking", claim="雨夜里自动泊车容易中止")
    link_report(by=zhou, topic=topic, report=report)
    follow(by=he, thread=report.thread)
    run_deliveries()
    Notification.objects.all().delete()
    seen = ObservationData(vehicle=report.observation.vehicle, occurred_at=timezone.now(), attempts=3, failures=0)
    tell_verification(
        by=lin,
        report=report,
        vehicle=report.observation.vehicle,
        version="4.3.0",
        words="好了",
        observation=seen,
    )
    run_deliveries()
    assert heard(lin) == [] and heard(zhou) == heard(he) == [("verified", 1)]
    assert sentences(he) == [f"Lin told how it is on 4.3.0: “{report.thread.title}”"]


def test_staff_kinds_are_offered_to_staff_only(client):
    lin, operator = make_member(), make_staff()
    client.force_login(lin)
    assert "flagged:inbox" not in client.get("/me/notifications/settings/").content.decode()
    client.force_login(operator)
    assert "flagged:inbox" in client.get("/me/notifications/settings/").content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_kind_says_something_in_both_languages_for_one_and_for_many(language):
    from kocforum.forum.handlers import sentences as said
    from kocforum.forum.handlers.kinds import register_all
    from kocforum.notifications.kinds import kinds

    register_all()
    params = {"name": "He", "title": "T", "version": "4.3", "status": "accepted", "reason": "spam", "state": "upheld"}
    with translation.override(language):
        for slug, kind in kinds().items():
            if hasattr(said, slug):
                for count in (1, 4):
                    assert "T" in kind.sentence({**params, "act": "hide"}, count), slug
