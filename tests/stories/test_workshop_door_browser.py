"""A meeting in person: found by what owners told, checked in at the door by tap and by code, and seen again minute by minute."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.browsing import LAPTOP, PHONE, chromium, served
from tests.stories.desk import open_it
from tests.stories.test_workshop_browser import go_to, take_a_seat, write
from tests.stories.windows import Site, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(tmp_path: Path, transactional_db, playwright):
    with served(tmp_path, "people", "colleagues") as address, chromium(playwright) as browser:
        yield Site(browser, address)


def test_at_the_door_by_tap_and_by_code_and_the_board_once_more(site):
    desk = site.signed_in("researcher", LAPTOP)
    opened = draw_it_up(desk)
    he, su = site.signed_in("he", PHONE), site.signed_in("su", PHONE)
    for owner in (he, su):
        take_a_seat(owner, opened)

    # The host keeps the door on a phone: one tap, and one that was wrong.
    door = site.signed_in("researcher", PHONE)
    door.goto(opened)
    door.get_by_role("link", name="Keep the door").click()
    expect(door.locator(".door-count")).to_contain_text("of 4 are here")
    he_taps = door.get_by_role("button", name=re.compile("He|何")).first
    he_taps.focus()
    door.keyboard.press("Enter")
    expect(door.locator(".door-count b")).to_have_text("1")
    door.get_by_role("button", name=re.compile("^Undo")).click()
    expect(door.locator(".door-count b")).to_have_text("0")

    # Su scans the code on the host's screen; the list at the door follows by itself.
    desk.goto(door.url + "code/")
    first = desk.locator(".door-digits b").text_content()
    expect(desk.locator(".door-code svg")).to_be_visible()
    su.goto(opened)
    su.get_by_role("link", name="I am here").click()
    su.get_by_label("Digits on the host's screen").fill(first)
    su.get_by_role("button", name="I am here").click()
    expect(su.locator("h1")).to_have_text("You are here")
    expect(door.locator(".door-count b")).to_have_text("1")

    desk.goto(opened)
    desk.get_by_role("button", name="Open the room").click()
    desk.wait_for_url(re.compile(r"/room/$"))
    room = re.search(r"/tasks/workshops/\d+/room/", desk.url).group()
    go_to(desk, "Write alone")
    he.goto(room)
    write(he, "座椅先热，方向盘后热")
    go_to(desk, "Group")
    go_to(desk, "End the room")

    su.goto(room.replace("/room/", "/replay/"))
    expect(su.locator("#replay")).to_contain_text("座椅先热")
    su.locator(".replay-marks a", has_text="Write alone").click()
    expect(su.locator(".replay-marks [aria-current]")).to_contain_text("Write alone")
    assert "座椅先热" not in su.locator("#replay").text_content()
    su.go_back()
    play = su.locator(".replay-play")
    su.goto(room.replace("/room/", "/replay/") + "?minute=0")
    expect(play).to_have_text("Play")
    play.click()
    expect(play).to_have_text("Play", timeout=10_000)  # it stops by itself at the end
    assert not site.complaints


def draw_it_up(desk: Any) -> str:
    desk.goto("/desk/tasks/workshops/new/")
    begins = timezone.localtime() + timedelta(hours=1)
    for name, words in {
        "title": "到厂里听门",
        "decision": "选出先改的一处。",
        "invitees": "he, su",
        "cohosts": "second",
        "seats": "2",
        "place": "一厂东门",
        "travel": "地铁 7 号线终点站。",
        "consent": "房间里说的，只留在来的人之间。",
        "starts_at": f"{begins:%Y-%m-%dT%H:%M}",
    }.items():
        desk.locator(f"[name={name}]").fill(words)
    desk.get_by_text("In person", exact=True).click()
    desk.get_by_role("button", name="Keep the draft").click()
    desk.wait_for_url(re.compile(r"/desk/tasks/\d+/$"))
    desk.get_by_role("link", name="Find people by what they told").click()
    expect(desk.locator(".empty-title")).to_have_text("Nobody told of that yet")
    desk.go_back()
    return open_it(desk)
