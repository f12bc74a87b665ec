"""An initiative from the idea to the settlement, by clicks: a KOC and her deputy, two readers, an approver, finance, and guests."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.browsing import LAPTOP, PHONE, chromium, served
from tests.stories.test_money_browser import from_the_queue
from tests.stories.windows import Site, expect
from tests.uploads.made import drawn, photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TITLE = "皖南秋色慢行"


@pytest.fixture
def site(tmp_path: Path, transactional_db, playwright):
    with served(tmp_path, "people", "initiators") as address, chromium(playwright) as browser:
        yield Site(browser, address)


def test_an_initiative_from_the_idea_to_the_settlement(site):
    leader, deputy = site.signed_in("zhou", LAPTOP), site.signed_in("su", PHONE)
    here = propose(leader)
    agree(deputy, here)
    he, ma = site.signed_in("he", PHONE), site.signed_in("ma", PHONE)
    he.goto(here)
    he.get_by_role("button", name="I would come").click()
    for name in ("researcher", "engineer"):
        read_and_score(site.signed_in(name, LAPTOP), here)
    approver = site.signed_in("approver", LAPTOP)
    decide(approver, here)
    leader.goto(here)
    expect(leader.locator("main")).to_contain_text("The brand stands behind you")

    event = plan_and_open(leader)
    take_places(he, ma, event)
    let_in(leader, event)
    site.address.house.run("days_pass")
    say_how_it_was(he, event)
    keep_a_picture(he, event)
    tell_what_came_of_it(leader, here)
    read_it(he, here)
    settle(site, leader, approver, here)

    visitor = site.window(PHONE)
    visitor.goto(f"{here}report/")
    expect(visitor.locator("main")).to_contain_text("雨停在午饭之前")
    expect(visitor.locator(".strip img")).to_be_visible()
    visitor.goto(f"{here}money/")
    expect(visitor.locator("main")).to_contain_text("¥820.00")
    assert not site.complaints


def propose(page: Any) -> str:
    page.goto("/initiatives/")
    page.get_by_role("link", name="Propose an initiative").click()
    for name, words in {
        "title": TITLE,
        "summary": "一百辆车沿老公路慢慢走一天。",
        "plan": "八点集合，分四组，午饭在村口。",
        "place": "黄山",
        "deputy": "su",
        "safety": "每组一名带队\n雨天改期",
        "asks-0-what": "场地和饮用水",
        "asks-0-amount": "3000",
    }.items():
        page.locator(f"[name={name}]").fill(words)
    page.get_by_role("button", name="Keep the draft").click()
    page.wait_for_url(re.compile(r"/initiatives/\d+/$"))
    page.get_by_role("button", name="Submit it").click()
    expect(page.locator("main")).to_contain_text("You have an answer with reasons by")
    return re.search(r"/initiatives/\d+/", page.url).group()


def agree(page: Any, here: str) -> None:
    page.goto("/tasks/")
    expect(page.locator("main")).to_contain_text("You are asked to be the deputy")
    page.goto(here)
    page.get_by_role("button", name="I stand in").click()
    expect(page.get_by_role("button", name="I stand in")).to_have_count(0)


def read_and_score(page: Any, here: str) -> None:
    page.goto("/desk/initiatives/")
    page.get_by_role("link", name=TITLE).first.click()
    assert here in page.url
    for fieldset in page.locator("form[action$='/score/'] fieldset, form[action$='/score/'] .field:has(select)").all():
        if fieldset.locator("select").count():
            fieldset.locator("select").select_option("4")
        else:
            fieldset.locator("input[value='4']").check(force=True)
    page.get_by_role("button", name="Give my scores").click()
    expect(page.get_by_role("heading", name="Scores", exact=True)).to_be_visible()


def decide(page: Any, here: str) -> None:
    page.goto(f"/desk{here}")
    choose(page, "verdict", "full")
    page.locator("form[action$='/decide/'] [name=reason]").fill("想得清楚，路上安全。")
    page.get_by_role("button", name="Decide", exact=True).click()
    expect(page.get_by_role("heading", name="The decision")).to_be_visible()


def choose(page: Any, name: str, value: str) -> None:
    one = page.locator(f"[name={name}]").first
    if one.evaluate("e => e.tagName") == "SELECT":
        one.select_option(value)
    else:
        page.locator(f"[name={name}][value={value}]").check(force=True)


def plan_and_open(page: Any) -> str:
    page.get_by_role("link", name="Plan an event").click()
    begins = timezone.localtime() + timedelta(days=2)
    for name, words in {
        "city": "黄山",
        "place": "游客中心南停车场",
        "starts_at": f"{begins:%Y-%m-%dT%H:%M}",
        "ends_at": f"{begins + timedelta(hours=5):%Y-%m-%dT%H:%M}",
        "capacity": "3",
    }.items():
        page.locator(f"[name={name}]").fill(words)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/events/\d+/$"))
    page.get_by_role("button", name="Open it").click()
    expect(page.locator("main")).to_contain_text("Places are taken")
    page.locator("[name=words]").fill("带好雨衣，八点前到。")
    page.get_by_role("button", name="Tell them").click()
    expect(page.locator("main")).to_contain_text("带好雨衣")
    return re.search(r"/events/\d+/", page.url).group()


def take_places(he: Any, ma: Any, event: str) -> None:
    he.goto("/events/")
    he.get_by_role("link", name=TITLE).click()
    he.locator("[name=party]").fill("2")
    he.get_by_role("button", name="I come").click()
    expect(he.locator("#place")).to_contain_text("You have 2 places")
    expect(he.locator("main")).to_contain_text("带好雨衣")
    ma.goto(event)
    ma.locator("[name=party]").fill("2")
    ma.get_by_role("button", name="I come").click()
    expect(ma.locator("#place")).to_contain_text("You are number 1 on the waiting list")


def let_in(page: Any, event: str) -> None:
    page.goto(event)
    page.get_by_role("link", name="To the gate").click()
    page.locator("[data-list] [data-place]").first.click()
    expect(page.locator("[data-verdict]")).to_have_text("Welcome")
    expect(page.locator("[data-waiting]")).to_have_text("")


def say_how_it_was(page: Any, event: str) -> None:
    page.goto(event)
    page.get_by_role("link", name="Say how it was").click()
    page.locator("[name=recommend][value='10']").check(force=True)
    page.locator("[name=words]").fill("午饭那条溪边最好。")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url(re.compile(event))


def keep_a_picture(page: Any, event: str) -> None:
    page.goto(event)
    page.get_by_role("link", name="Add yours").click()
    picture = {"name": "stream.jpg", "mimeType": "image/jpeg", "buffer": photo(drawn((400, 300)))}
    page.locator("[name=new_uploads]").set_input_files(picture)
    page.locator("[name=words]").fill("溪边的午饭。")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator(".memory")).to_contain_text("溪边的午饭。")
    page.locator(".wall a").click()
    expect(page.locator("dialog.lightbox[open] img")).to_be_visible()
    page.keyboard.press("Escape")


def tell_what_came_of_it(page: Any, here: str) -> None:
    page.goto(here)
    page.get_by_role("link", name="Write the report").click()
    page.locator("[name=story]").fill("一百二十辆车，慢慢走了一天。雨停在午饭之前。")
    page.locator("[name=lessons]").fill("雨具多备二十套。")
    picture = {"name": "end.jpg", "mimeType": "image/jpeg", "buffer": photo(drawn((400, 300)))}
    page.locator("[name=new_uploads]").set_input_files(picture)
    page.get_by_role("button", name="Tell everybody").click()
    expect(page.locator("main")).to_contain_text("雨具多备二十套。")


def read_it(page: Any, here: str) -> None:
    page.goto(f"{here}report/")
    expect(page.locator(".stats")).to_contain_text("2")
    expect(page.locator("main")).not_to_contain_text("午饭那条溪边最好")


def settle(site: Site, leader: Any, approver: Any, here: str) -> None:
    leader.goto(f"{here}money/")
    picture = {"name": "receipt.jpg", "mimeType": "image/jpeg", "buffer": photo(drawn())}
    leader.locator(".purse-new [name=new_uploads]").set_input_files(picture)
    for name, words in {"amount": "820", "what": "矿泉水", "payee": "黄山水站"}.items():
        leader.locator(f"[name={name}]").fill(words)
    leader.get_by_role("button", name="Hand it in").click()
    expect(leader.locator("main")).to_contain_text("¥820.00")
    from_the_queue(approver)
    approver.get_by_role("button", name="Approve ¥820.00").click()
    expect(approver.locator("main")).to_contain_text("Approved, waits for payment")
    finance = site.signed_in("finance", LAPTOP)
    from_the_queue(finance)
    finance.get_by_label("Reference of the payment").fill("CMB-8")
    finance.get_by_role("button", name="I have paid ¥820.00").click()
    expect(finance.locator("main")).to_contain_text("CMB-8")
    leader.reload()
    leader.locator("summary", has_text="Everything is handed in").click()
    leader.locator("form[action$='/account/'] [name=words]").fill("水都喝完了。")
    leader.get_by_role("button", name="Tell it").click()
    finance.goto(f"/desk{here}money/")
    finance.get_by_role("button", name="Settle it").click()
    expect(finance.locator(".purse-key")).to_contain_text("¥2,180.00")
