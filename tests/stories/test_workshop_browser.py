"""A workshop from the invitation to reported: a host and a co-host on laptops, two owners on phones, one of whom drops twice."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.browsing import LAPTOP, PHONE, chromium, served
from tests.house import until
from tests.stories.desk import open_it
from tests.stories.windows import Site, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "冬天的第一公里"


@pytest.fixture
def site(tmp_path: Path, transactional_db, playwright):
    with served(tmp_path, "people", "colleagues") as address, chromium(playwright) as browser:
        yield Site(browser, address)


def test_a_workshop_from_the_invitation_to_what_came_of_it(site):
    desk = site.signed_in("researcher", LAPTOP)
    opened = draw_it_up(desk)
    he, su = site.signed_in("he", PHONE), site.signed_in("su", PHONE)
    for owner in (he, su):
        take_a_seat(owner, opened)
    second = site.signed_in("second", LAPTOP)
    desk.goto(opened)
    desk.get_by_role("button", name="Open the room").click()
    desk.wait_for_url(re.compile(r"/room/$"))
    room = re.search(r"/tasks/workshops/\d+/room/", desk.url).group()
    go_to(desk, "Write alone", minutes="8")

    second.goto(opened)
    second.get_by_label("I accept this.").check()
    second.get_by_role("button", name="Accept", exact=True).click()
    for page in (second, he, su):
        page.goto(room)
    expect(desk.locator(".present .here")).to_have_count(4)  # told to who was here before
    write(he, "座椅先热，方向盘后热")
    expect(he.locator(".note")).to_contain_text("座椅先热")
    expect(su.locator(".hidden-notes")).to_contain_text("1 note of others")
    assert "座椅先热" not in su.content()
    # A phone that drops twice, once with a note on its way.
    for words in ("出门前五分钟自己先醒", "雪地起步柔一点"):
        su.context.set_offline(True)
        write(su, words)
        expect(su.locator(".note.on-its-way")).to_have_count(1)
        su.context.set_offline(False)
        expect(su.locator(".note.on-its-way")).to_have_count(0)
    expect(second.locator(".hidden-notes")).to_contain_text("3 notes of others")

    # What somebody is writing is not taken away by what the others do.
    su.locator("#say").fill("我正在打一句很长的")
    go_to(desk, "Group")
    write(he, "电量别跳着掉")
    su.locator("#note").focus()
    expect(su.locator(".board")).to_contain_text("电量别跳着掉")
    expect(su.locator("#say")).to_have_value("我正在打一句很长的")

    group_them(he)
    go_to(desk, "Vote")
    for page in (second, he, su):
        vote(page)
    expect(desk.locator(".lanes")).to_have_count(0)  # nobody follows the first votes
    go_to(desk, "Decide")
    expect(su.locator(".cluster .owners").first).to_contain_text("2")
    decide(desk)
    expect(he.locator(".decided")).to_contain_text("两位车主都这么说")
    go_to(desk, "End the room")
    expect(he.get_by_text("This room is over.")).to_be_visible()
    he.goto(room)
    expect(he.locator(".note")).to_have_count(4)

    minutes, after = room.replace("/room/", "/minutes/"), room.replace("/room/", "/after/")
    wait_for_the_minutes(he, minutes)
    say_to_the_minutes(he, minutes, "That is not how it was", "电量那张不是嫌掉得快")
    for page in (su, second, desk):
        say_to_the_minutes(page, minutes, "That is how it was")
    desk.get_by_label("Your reply").fill("写进补充了")
    desk.get_by_role("button", name="Reply").click()
    desk.get_by_role("button", name="Sign the minutes").click()
    expect(desk.locator(".head .pill")).to_have_text("Signed")
    he.reload()
    expect(he.locator("#answers .reply")).to_contain_text("写进补充了")

    second.goto(after)
    second.get_by_label("What it is").select_option(label="Thanks")
    second.get_by_label("To those who met").fill("谢谢你们大冷天来。")
    second.get_by_role("button", name="Send").click()
    su.goto(after)
    expect(su.locator(".word.thanks")).to_contain_text("谢谢你们大冷天来。")

    answer_what_was_chosen(desk, f"/desk{opened}")
    for page in (he, su):
        page.goto("/me/notifications/")
        expect(page.locator("main")).to_contain_text("Read what came of it")
    su.goto(opened)
    expect(su.get_by_text("座椅和方向盘一起热。")).to_be_visible()
    assert not site.complaints


def wait_for_the_minutes(page: Any, place: str) -> None:
    """A job drafts them right after the end."""
    page.goto(place)
    until(lambda: page.reload() and page.locator("#answer").count(), "the minutes wait for an answer")


def say_to_the_minutes(page: Any, place: str, verdict: str, text: str = "") -> None:
    page.goto(place)
    page.locator("#answer label.chip", has_text=verdict).click()
    page.locator("#answer [name=text]").fill(text)
    page.locator("#answer").get_by_role("button", name="Send").click()
    expect(page.locator("#answers")).to_be_visible()


def answer_what_was_chosen(desk: Any, place: str) -> None:
    """A ticket of the group that was chosen, and only then the report (W19)."""
    desk.goto(place)
    desk.get_by_role("link", name="The results are read").click()
    desk.get_by_role("button", name="Analysed").click()
    report_it(desk)
    expect(desk.locator("main")).to_contain_text("was chosen in the room")
    desk.goto(place)
    desk.locator(".results").get_by_role("link", name="Make a ticket").click()
    desk.get_by_label("Title").fill("冬天先醒过来")
    desk.get_by_role("button", name="Freeze and make the ticket").click()
    desk.wait_for_url(re.compile(r"/desk/tickets/\d+/$"))
    desk.goto(place)
    report_it(desk)
    desk.wait_for_url(re.compile(r"/desk/tasks/\d+/$"))


def report_it(desk: Any) -> None:
    desk.get_by_role("link", name="Say what came of it").click()
    desk.locator("[name=changed]").fill("座椅和方向盘一起热。")
    desk.locator("main form button").first.click()


def draw_it_up(desk: Any) -> str:
    desk.goto("/desk/tasks/")
    desk.get_by_role("link", name="Straight to a workshop").click()
    begins = timezone.localtime() + timedelta(days=2)
    for name, words in {
        "title": TITLE,
        "decision": "选出先做的一件事。",
        "why": "冬天的意见有三百条。",
        "invitees": "he, su",
        "cohosts": "second",
        "seats": "2",
        "consent": "房间里说的，只留在来的人之间。",
        "starts_at": f"{begins:%Y-%m-%dT%H:%M}",
    }.items():
        desk.locator(f"[name={name}]").fill(words)
    desk.get_by_role("button", name="Keep the draft").click()
    desk.wait_for_url(re.compile(r"/desk/tasks/\d+/$"))
    return open_it(desk)


def take_a_seat(page: Any, opened: str) -> None:
    page.goto(opened)
    page.get_by_label("I accept this.").check()
    page.get_by_role("button", name="Take my seat").click()
    expect(page.locator("#seat")).to_contain_text("You have a seat.")


def go_to(page: Any, phase: str, minutes: str = "") -> None:
    if not page.get_by_label("Go to").is_visible():
        page.get_by_text("Lead the room").click()
    page.get_by_label("Go to").select_option(label=phase)
    page.get_by_label("Minutes, if any").fill(minutes)
    page.get_by_role("button", name="Go", exact=True).click()
    if phase == "End the room":
        expect(page.locator("details.lead")).to_have_count(0)
    else:
        expect(page.locator(".phases [aria-current]")).to_have_text(phase)


def write(page: Any, words: str) -> None:
    page.locator("#note").fill(words)
    page.get_by_role("button", name="Put it on the board").click()
    expect(page.locator("#note")).to_have_value("")


def group_them(page: Any) -> None:
    page.get_by_label("Name of a group").fill("先醒过来")
    page.get_by_role("button", name="New group").click()
    expect(page.locator(".cluster h2")).to_have_text("先醒过来")
    for words in ("座椅先热", "自己先醒"):
        note = page.locator(".note", has_text=words)
        note.get_by_label("What to do with this note").click()
        note.get_by_label("Into group").select_option(label="先醒过来")
        note.get_by_role("button", name="Move").click()
        expect(page.locator(".cluster .note", has_text=words)).to_be_visible()


def vote(page: Any) -> None:
    page.locator(".cluster").get_by_role("button", name="Vote for it").click()
    expect(page.locator(".tools")).to_contain_text("4 votes left")


def decide(page: Any) -> None:
    page.locator(".cluster").get_by_text("Decide", exact=True).click()
    page.get_by_label("Why").fill("两位车主都这么说")
    page.locator(".cluster").get_by_role("button", name="Write it down").click()
    expect(page.locator(".decided")).to_contain_text("两位车主都这么说")
