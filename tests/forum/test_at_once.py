"""Two people press at once: real threads on PostgreSQL."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connections, transaction

from kocforum.errors import Conflict
from kocforum.forum.actions.amendments import amend_report
from kocforum.forum.actions.corroborations import withdraw_corroboration
from kocforum.forum.actions.leaving import leave_forum
from kocforum.forum.actions.moderation import hide_post, lock_thread
from kocforum.forum.actions.official import set_official_status
from kocforum.forum.actions.posts import write_post
from kocforum.forum.actions.reports import withdraw_report
from kocforum.forum.actions.topics import accept_invitation, appoint_host, link_report, open_topic
from kocforum.forum.actions.writing import hold_thread, touch_thread
from kocforum.forum.models import Corroboration, HostInvitation, Post, Report, Thread, Topic, TopicLink
from kocforum.garage.actions import make_default
from kocforum.garage.models import Vehicle
from kocforum.ledger.models import Fact
from tests.at_once import at_once
from tests.forum.stories import answered, told
from tests.people import make_car, make_catalogue, make_koc, make_member, make_staff

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def facts(name: str) -> list[int]:
    return list(Fact.objects.filter(name=name).order_by("pk").values_list("pk", flat=True))


@pytest.fixture
def topic(transactional_db):
    host = make_koc()
    report = told(make_member())
    opened = open_topic(by=host, title="雨夜泊车中止", function="auto-parking", claim="小雨的夜里容易中途放弃")
    link_report(by=host, topic=opened, report=report)
    return opened


def test_an_answer_and_the_withdrawal_of_its_report_come_one_after_the_other():
    report, he = told(make_member()), make_member("he")
    car, mine, his = make_car(he), fresh(report), Report.objects.select_related("thread").get(pk=report.pk)
    results = at_once(
        lambda: withdraw_report(by=mine.thread.author, report=mine),
        lambda: answered(he, his, vehicle=car),
    )
    assert isinstance(results[0], Report), results
    if isinstance(results[1], Conflict):
        assert not Corroboration.objects.exists() and not facts("forum.ReportCorroborated")
    else:
        assert facts("forum.ReportCorroborated")[0] < facts("forum.ReportWithdrawn")[0], results


def test_two_fields_amended_at_once_are_both_kept():
    report = told(make_member(), attempts=2, failures=1)
    lin = report.thread.author
    first, second = fresh(report), fresh(report)
    for one in (first, second):
        assert (one.observation.attempts, one.thread.author_id) == (2, lin.pk)
    results = at_once(
        lambda: amend_report(by=lin, report=first, field="attempts", value=9),
        lambda: amend_report(by=lin, report=second, field="failures", value=2),
    )
    assert all(isinstance(result, Report) for result in results), results
    seen = fresh(report).observation
    assert (seen.attempts, seen.failures, seen.outcome) == (9, 2, "mixed")


def test_a_report_withdrawn_twice_at_once_is_withdrawn_once():
    report = told(make_member())
    lin, two = report.thread.author, [fresh(report), fresh(report)]
    results = at_once(*(lambda one=one: withdraw_report(by=lin, report=one) for one in two))
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Report"]
    assert len(facts("forum.ReportWithdrawn")) == len(facts("forum.PostRemoved")) == 1


def test_one_report_linked_twice_at_once_is_one_link():
    host, report = make_koc(), told(make_member())
    opened = open_topic(by=host, title="雨夜泊车中止", function="auto-parking", claim="小雨的夜里容易中途放弃")
    results = at_once(*[lambda: link_report(by=host, topic=fresh(opened), report=fresh(report))] * 2)
    assert {result.pk for result in results} == {TopicLink.objects.get().pk}
    assert len(facts("forum.ReportLinked")) == 1


def test_one_invitation_accepted_in_two_windows_makes_one_topic():
    report = told(make_member())
    for name in ("he", "su", "wu"):
        answered(make_member(name), report)
    lin, invitation = report.thread.author, HostInvitation.objects.get()
    words = {"title": "雨夜泊车中止", "claim": "小雨的夜里容易中途放弃"}
    results = at_once(*[lambda: accept_invitation(by=lin, invitation=fresh(invitation), **words)] * 2)
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Topic"], results
    assert Topic.objects.count() == TopicLink.objects.count() == 1


def test_two_who_appoint_at_once_make_one_host(topic):
    seen, staff = [fresh(topic), fresh(topic)], make_staff()
    members = [make_koc("he"), make_koc("su")]
    pairs = list(zip(seen, members, strict=True))
    results = at_once(*(lambda one=one, who=who: appoint_host(by=staff, topic=one, member=who) for one, who in pairs))
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Topic"], results
    assert len(facts("forum.HostAppointed")) == 2  # the one who opened it, and one of the two


def test_nobody_answers_in_a_thread_that_was_closed_before():
    report, he, operator = told(make_member()), make_member("he"), make_staff()
    seen = fresh(report.thread)
    results = at_once(
        lambda: lock_thread(by=operator, thread=fresh(report.thread), reason="跑题了"),
        lambda: write_post(by=he, thread=seen, body="我也说一句"),
    )
    assert isinstance(results[0], Thread), results
    if not isinstance(results[1], Conflict):
        assert facts("forum.PostWritten")[0] < facts("forum.ThreadSettingChanged")[0]


def test_an_answer_hidden_while_its_owner_withdraws_it_stays_hidden():
    report, he = told(make_member()), make_member("he")
    answer, operator = answered(he, report, note="加微信看车"), make_staff()
    seen = Corroboration.objects.select_related("post__thread", "report").get(pk=answer.pk)
    results = at_once(
        lambda: hide_post(by=operator, post=fresh(answer.post), reason="广告"),
        lambda: withdraw_corroboration(by=he, corroboration=seen),
    )
    assert sum(isinstance(result, Conflict) for result in results) == 1, results
    hidden = isinstance(results[0], Post)
    assert fresh(answer.post).state == ("hidden" if hidden else "removed")
    assert (fresh(answer).withdrawn_at is None) is hidden


def waits_for(work) -> tuple[threading.Thread, list]:
    """Begin a work that somebody else holds up, and give it the time to come to a stop."""
    result: list = []

    def run() -> None:
        try:
            result.append(work())
        except Exception as error:
            result.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    time.sleep(0.7)
    return thread, result


def test_a_status_for_two_reports_of_one_topic_never_meets_an_answer_crosswise(topic):
    second = told(make_member("su"))
    link_report(by=topic.host, topic=topic, report=second)
    threads = list(Thread.objects.order_by("pk"))
    with transaction.atomic():
        hold_thread(second.thread_id)
        waiting, result = waits_for(lambda: set_official_status(by=None, status="working", threads=threads))
        touch_thread(second.thread)
    waiting.join(20)
    assert result == [None]


def test_a_host_who_leaves_never_meets_an_answer_crosswise(topic):
    report = Report.objects.get()
    write_post(by=topic.host, thread=report.thread, body="我来整理")
    with transaction.atomic():
        hold_thread(report.thread_id)
        waiting, result = waits_for(lambda: leave_forum(member_id=topic.host_id))
        touch_thread(report.thread)
    waiting.join(20)
    assert result == [None] and fresh(topic).host is None


def test_two_cars_made_the_default_at_once_leave_one():
    lin = make_member()
    make_catalogue()
    cars = [make_car(lin) for _ in range(3)]
    results = at_once(*(lambda car=car: make_default(by=lin, vehicle=fresh(car)) for car in cars[1:]))
    assert all(isinstance(result, Vehicle) for result in results), results
    assert Vehicle.objects.filter(owner=lin, is_default=True).count() == 1
