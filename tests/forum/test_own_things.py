"""What a member takes along, and what stays when they leave."""

from __future__ import annotations

import json
import zipfile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kocforum.forum.actions.follows import follow
from kocforum.forum.actions.hosting import ask
from kocforum.forum.actions.posts import write_post
from kocforum.forum.actions.threads import open_thread
from kocforum.forum.actions.topics import appoint_host, link_report, open_topic
from kocforum.forum.models import Follow, HostInvitation, Question, Report, Topic
from kocforum.forum.queries.lens import lens_of_report
from kocforum.garage.models import Vehicle
from kocforum.garage.queries import in_garage
from kocforum.members.actions import close_account
from kocforum.members.download import archive
from kocforum.uploads import actions
from tests.forum.stories import answered, told
from tests.people import make_board, make_koc, make_member, make_staff
from tests.uploads.made import given, photo

pytestmark = pytest.mark.django_db


def sections_of(member) -> dict[str, list]:
    with archive(member) as packed, zipfile.ZipFile(packed) as files:
        names = [name for name in files.namelist() if name.endswith(".json")]
        return {name.removesuffix(".json"): json.loads(files.read(name)) for name in names}


def test_everything_that_one_wrote_can_be_taken_along(run_deliveries):
    lin, he = make_member(), make_member("he")
    report = told(lin)
    answered(he, report, note="我的车也是")
    thread = open_thread(by=lin, board=make_board(), title="雨天泊车", body="大家怎么样？")
    write_post(by=he, thread=thread, body="还行")
    run_deliveries()
    mine, his = sections_of(lin), sections_of(he)
    assert [row["title"] for row in mine["threads"]] == [report.thread.title, "雨天泊车"]
    assert mine["reports"][0]["conditions"]["weather"] == ["light-rain"]
    assert mine["reports"][0]["observation"]["attempts"] == 3 and mine["reports"][0]["function__slug"] == "auto-parking"
    assert mine["vehicles"][0]["versions"][0]["version"] == "4.2.1"
    assert {row["kind"] for row in mine["notifications"]} == {"corroborated", "follow"}
    assert his["corroborations"][0]["stance"] == "same"
    assert [row["body"] for row in his["posts"]] == ["我的车也是", "还行"]
    assert his["threads"] == [] and his["uploads"] == [] and len(his["follows"]) == 2


def test_the_download_costs_the_same_for_one_report_and_for_many():
    lin = make_member()
    told(lin)
    with CaptureQueriesContext(connection) as few:
        archive(lin)
    for number in range(6):
        told(lin, vehicle=Vehicle.objects.filter(owner=lin).first(), title=f"第{number}次失败")
    with CaptureQueriesContext(connection) as many:
        archive(lin)
    assert len(many) == len(few)


def test_who_leaves_has_no_name_but_the_facts_stay(run_deliveries):
    lin, he = make_member(), make_member("he", display_name="何大雨")
    report = told(lin)
    answered(he, report, note="我的车也是")
    run_deliveries()
    assert "何大雨" in Client().get(f"/t/{report.thread_id}/").content.decode()
    close_account(by=he)
    run_deliveries()
    page = Client().get(f"/t/{report.thread_id}/").content.decode()
    assert "何大雨" not in page and "我的车也是" in page
    assert lens_of_report(report)["owners"] == 2


def test_what_one_held_open_ends(run_deliveries):
    lin, zhou = make_member(), make_koc()
    report = told(lin)
    for name in ("he", "su"):
        answered(make_member(name), report)
    topic = open_topic(by=zhou, title="雨夜泊车中止", function="auto-parking", claim="雨夜里自动泊车容易中止")
    link_report(by=zhou, topic=topic, report=report)
    ask(by=zhou, topic=topic, post=report.thread.posts.get(number=1), field="software_version")
    appoint_host(by=make_staff(), topic=topic, member=lin)
    follow(by=lin, thread=open_thread(by=zhou, board=make_board(), title="别的话题", body="聊聊"))
    run_deliveries()
    close_account(by=lin)
    run_deliveries()
    assert not Follow.objects.filter(member=lin).exists() and not in_garage(lin).exists()
    assert HostInvitation.objects.get().state == "declined"
    assert Question.objects.get().withdrawn_at and Topic.objects.get().host is None
    assert Report.objects.counted().count() == 1
    assert str(Report.objects.get().thread.author) == str(make_gone(lin))


def make_gone(member):
    member.refresh_from_db()
    return member.name


def test_pictures_come_along_as_files_and_one_that_is_lost_stops_nothing():
    lin = make_member()
    first, second = (actions.receive(by=lin, file=given(photo(), f"雨夜{n}.jpg")) for n in (1, 2))
    told(lin, uploads=[first.pk])
    second.display.storage.delete(second.display.name)
    with archive(lin) as packed, zipfile.ZipFile(packed) as files:
        assert [name for name in files.namelist() if name.startswith("uploads/")] == [f"uploads/{first.pk}-雨夜1.webp"]
        with first.display.open("rb") as kept:
            assert files.read(f"uploads/{first.pk}-雨夜1.webp") == kept.read()
    assert [row["id"] for row in sections_of(lin)["uploads"]] == [first.pk, second.pk]
