"""Topics: gathered by hosts, read through the lens."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.forum.actions.corroborations import withdraw_corroboration
from kocforum.forum.actions.hosting import answer_question, ask, collect, sort_reply
from kocforum.forum.actions.topics import (
    accept_invitation,
    link_report,
    open_topic,
    pin_summary,
    unlink_report,
    write_claim,
)
from kocforum.forum.models import HostInvitation, Stage, TopicLink
from kocforum.forum.queries.lens import lens_of_topic
from kocforum.forum.queries.topics import unsorted_replies
from kocforum.members.actions import ban
from tests.forum.stories import answered, told
from tests.people import make_catalogue, make_koc, make_member, make_staff

pytestmark = pytest.mark.django_db


def gathered(host, *reports):
    make_catalogue()
    topic = open_topic(
        by=host,
        title="自动泊车在雨夜中途放弃",
        function="auto-parking",
        failure_mode="gives-up",
        claim="下雨的晚上更容易中途放弃。",
    )
    for report in reports:
        link_report(by=host, topic=topic, report=report)
    return topic


def test_an_invited_owner_hosts_the_own_report():
    lin = make_member()
    report = told(lin)
    answered(make_member("he"), report)
    answered(make_member("su"), report)
    topic = accept_invitation(
        by=lin, invitation=HostInvitation.objects.get(), title="雨夜泊车", claim="雨夜里三位车主都遇到。"
    )
    assert topic.host == lin and topic.links.get().report == report
    assert Stage.objects.filter(report=report, stage=3).exists()
    with pytest.raises(Conflict):
        accept_invitation(by=lin, invitation=HostInvitation.objects.get(), title="再来", claim="再来一次也不行。")


def test_an_owner_who_was_not_invited_opens_no_topic():
    make_catalogue()
    with pytest.raises(Forbidden):
        gathered(make_member())


def test_linking_twice_is_one_link_and_unlinking_says_why():
    zhou = make_koc()
    report = told(make_member())
    topic = gathered(zhou, report)
    assert link_report(by=zhou, topic=topic, report=report).replayed
    assert TopicLink.objects.count() == 1
    with pytest.raises(Invalid):
        unlink_report(by=zhou, topic=topic, report=report, reason=" ")
    unlink_report(by=report.thread.author, topic=topic, report=report, reason="不是同一个问题")
    assert lens_of_topic(topic.__class__.objects.get(pk=topic.pk))["observations"] == 0


def test_two_windows_of_a_host_do_not_overwrite_each_other():
    zhou = make_koc()
    topic = gathered(zhou)
    write_claim(by=zhou, topic=topic, title=topic.title, claim="只在标线反光的车位。", revision=1)
    with pytest.raises(Conflict):
        pin_summary(by=zhou, topic=topic, summary="旧窗口", revision=1)


def test_the_tray_holds_what_nobody_sorted():
    zhou = make_koc()
    report = told(make_member())
    topic = gathered(zhou, report)
    said = answered(make_member("he"), report, note="地库里也会")
    assert [post.pk for post in unsorted_replies(topic, topic.host)] == [said.post_id]
    sort_reply(by=zhou, topic=topic, post=said.post, sorted_as="condition")
    assert not unsorted_replies(topic, topic.host)


def test_a_host_asks_one_owner_about_one_field_and_the_record_is_filled():
    zhou = make_koc()
    lin = make_member()
    report = told(lin, conditions={"weather": ["light-rain"]})
    topic = gathered(zhou, report)
    question = ask(by=zhou, topic=topic, post=report.thread.posts.get(number=1), field="dimension:light")
    with pytest.raises(Conflict):
        ask(by=zhou, topic=topic, post=report.thread.posts.get(number=1), field="dimension:light")
    answer_question(by=lin, question=question, value="night-dark")
    assert {row.value.slug for row in report.observation.conditions.all()} == {"light-rain", "night-dark"}
    assert report.revisions.get().field == "conditions"


def test_a_passage_is_kept_as_it_stands():
    zhou = make_koc()
    post = told(make_member()).thread.posts.get(number=1)
    assert collect(by=zhou, post=post, text="倒入一半时中止").post_revision == 1
    with pytest.raises(Invalid):
        collect(by=zhou, post=post, text="它说了别的话")
    with pytest.raises(Forbidden):
        collect(by=make_member("he"), post=post, text="倒入一半时中止")


def many(dark_failing: int, dark_fine: int, light_failing: int, light_fine: int):
    """One report and answers from one owner each, dark or light."""
    first = told(
        make_member("o0"), conditions={"light": ["night-dark"]}, attempts=None, failures=None, outcome="failed"
    )
    cells = [
        ("night-dark", "same", dark_failing - 1),
        ("night-dark", "different", dark_fine),
        ("day", "same", light_failing),
        ("day", "different", light_fine),
    ]
    number = 0
    for light, stance, count in cells:
        for _one in range(count):
            number += 1
            answered(make_member(f"o{number}"), first, stance, conditions={"light": [light]})
    return first


def test_the_lens_reaches_l2_with_twenty_owners_and_never_says_why():
    report = many(9, 2, 2, 9)
    topic = gathered(make_koc(), report)
    answer = APIClient().get(f"/api/v1/topics/{topic.pk}/lens/").json()
    dark = next(row for row in answer["conditions"] if row["value"] == "night-dark")
    assert (dark["with"]["failing"], dark["with"]["fine"], dark["without"]["failing"], dark["without"]["fine"]) == (
        9,
        2,
        2,
        9,
    )
    assert dark["level"] == "L2" and answer["owners"] == 22
    for word in ("导致", "原因是", "证明", "概率为"):
        assert word not in dark["sentence"]["zh"]
    assert "cause" not in dark["sentence"]["en"] or "does not" in dark["sentence"]["en"]


def test_where_nobody_is_fine_other_failures_stand_in():
    zhou = make_koc()
    mine = [told(make_member(f"a{n}"), conditions={"weather": ["light-rain"]}) for n in range(4)]
    for n in range(8):
        told(make_member(f"b{n}"), failure_mode="scrapes", conditions={"weather": ["sunny"]})
    answer = lens_of_topic(gathered(zhou, *mine))
    assert answer["compared_with_other_failures"] is True
    rain = next(row for row in answer["conditions"] if row["value"] == "light-rain")
    assert "compared_with_other_failures" in rain["flags"] and rain["level"] in {"L0", "L1", "L2"}
    assert all("其他问题" in row["sentence"]["zh"] for row in answer["conditions"])
    assert all("other trouble" in row["sentence"]["en"] for row in answer["conditions"])


def test_a_report_that_does_not_say_how_it_failed_is_no_other_failure():
    mine = [told(make_member(f"a{n}"), conditions={"weather": ["light-rain"]}) for n in range(4)]
    for n in range(3):
        told(make_member(f"b{n}"), failure_mode="scrapes", conditions={"weather": ["sunny"]})
        told(make_member(f"c{n}"), failure_mode="", conditions={"weather": ["light-rain"]})
    (rain,) = lens_of_topic(gathered(make_koc(), *mine))["conditions"]
    assert (rain["with"]["fine"], rain["without"]["fine"]) == (0, 3)


def test_what_clearly_goes_less_often_is_not_called_no_difference():
    report = many(18, 2, 4, 16)
    answer = lens_of_topic(gathered(make_koc(), report))
    (bright,) = [row for row in answer["conditions"] if row["value"] != "night-dark"]
    assert bright["q"] < 0.05 and "更少见" in bright["sentence"]["zh"] and "less often" in bright["sentence"]["en"]


def test_a_topic_of_many_reports_has_pages(client):
    topic = gathered(make_koc(), *[told(make_member(f"a{n}")) for n in range(21)])
    for address, lines in (("", 20), ("?page=2", 1), ("?page=99", 1), ("?page=x", 20)):
        assert client.get(f"/topics/{topic.pk}/{address}").content.decode().count('class="item"') == lines


def test_the_topic_page_shows_sentence_bars_and_counts(client):
    topic = gathered(make_koc(), told(make_member()))
    page = client.get(f"/topics/{topic.pk}/").content.decode()
    assert "下雨的晚上更容易中途放弃。" in page
    assert client.get("/topics/").status_code == 200


def test_host_pages_do_not_exist_for_others(client):
    topic = gathered(make_koc())
    client.force_login(make_member("he"))
    for part in ("tray", "claim", "summary", "link", "host"):
        assert client.get(f"/topics/{topic.pk}/{part}/").status_code == 404
    client.force_login(topic.host)
    for part in ("tray", "claim", "summary", "link", "host", "history"):
        assert client.get(f"/topics/{topic.pk}/{part}/").status_code == 200


def test_staff_appoint_a_host(client):
    topic = gathered(make_staff("researcher", "researcher"))
    assert topic.host is None
    make_member("he")
    client.force_login(make_staff())
    assert client.post(f"/topics/{topic.pk}/host/", {"member": "he"}).status_code == 302
    topic.refresh_from_db()
    assert topic.host.username == "he"


def test_earlier_versions_of_the_claim_stay_readable(client):
    topic = gathered(make_koc())
    write_claim(by=topic.host, topic=topic, title=topic.title, claim="改了一次说法。")
    assert "下雨的晚上更容易中途放弃。" in client.get(f"/topics/{topic.pk}/history/").content.decode()


def test_the_lens_names_conditions_in_both_languages_whoever_asks_first():
    zhou = make_koc()
    topic = gathered(zhou, told(make_member(), conditions={"light": ["night-dark"]}))
    [row] = lens_of_topic(topic)["conditions"]
    assert row["label"]["en"].startswith("Light: ") and row["label"]["zh"].startswith("光线：")


def test_who_may_not_write_accepts_no_invitation_and_answers_no_question():
    report = told(make_member())
    for name in ("he", "su"):
        answered(make_member(name), report)
    lin, zhou = report.thread.author, make_koc()
    topic = open_topic(by=zhou, title="雨夜泊车", function="auto-parking", claim="雨夜里容易中途放弃")
    link_report(by=zhou, topic=topic, report=report)
    question = ask(by=zhou, topic=topic, post=report.thread.posts.get(number=2), field="dimension:light")
    he = question.asked_of
    for member in (lin, he):
        ban(by=make_staff(f"op-{member}"), member=member, reason="广告")
    with pytest.raises(Forbidden):
        accept_invitation(by=lin, invitation=HostInvitation.objects.get(), title="雨夜", claim="三位车主都遇到。")
    with pytest.raises(Forbidden):
        answer_question(by=he, question=question, value="night-dark")


def test_an_answer_to_a_host_leaves_what_the_corroboration_said_before():
    report, he, zhou = told(make_member()), make_member("he"), make_koc()
    answer = answered(he, report)
    topic = open_topic(by=zhou, title="雨夜泊车", function="auto-parking", claim="雨夜里容易中途放弃")
    link_report(by=zhou, topic=topic, report=report)
    question = ask(by=zhou, topic=topic, post=answer.post, field="software_version")
    answer_question(by=he, question=question, value="Ｖ４．２．０ ")
    answer.refresh_from_db()
    assert answer.observation.software_version == "4.2.0"
    assert [row.said["software_version"] for row in answer.revisions.all()] == ["4.2.1"]
    gone = ask(by=zhou, topic=topic, post=answer.post, field="dimension:light")
    withdraw_corroboration(by=he, corroboration=answer)
    with pytest.raises(Conflict):
        answer_question(by=he, question=gone, value="night-dark")
