"""A call from the brief to the reported page: three members on phones and laptops, two coders, a third who settles."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.browsing import LAPTOP, PHONE, chromium, served
from tests.stories.desk import open_it
from tests.stories.windows import Site, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "你是哪一刻，把方向盘交给它的"
HE = "隧道里前车急刹，它比我早半拍 🚗。\n\n出了隧道迎着太阳，它画了一条不存在的线。"
SU = "堵车四十分钟，我第一次没有烦。"


@pytest.fixture
def site(tmp_path: Path, transactional_db, playwright):
    with served(tmp_path, "people", "colleagues") as address, chromium(playwright) as browser:
        yield Site(browser, address)


def test_a_call_from_the_brief_to_what_came_of_it(site):
    desk = site.signed_in("researcher", LAPTOP)
    opened = write_the_brief(desk)

    he, su, ma = (site.signed_in(name, size) for name, size in (("he", LAPTOP), ("su", PHONE), ("ma", PHONE)))
    entry = write_for_hours(he, opened)
    write_on_two_devices(site, he, entry)
    give(he)
    expect(he.locator(".essay-text")).to_contain_text("它比我早半拍")
    stays_sealed(ma, entry)
    write_short(su, opened)

    expect(su.locator("h1")).to_have_text("堵车时信它")
    he.goto(entry)
    he.evaluate("window.neverReloaded = true")
    confirm_with_a_car(ma, entry)
    expect(he.locator("#talk")).to_contain_text("我也见过")
    assert he.evaluate("window.neverReloaded")
    lead_the_talk(he, entry)
    see_what_was_led(ma, entry)
    draw_a_statement(he, entry)
    vote_without_reloading(ma, entry)

    desk.goto(f"/desk{opened}")
    desk.get_by_role("link", name="End it now").click()
    desk.get_by_role("button", name="End it now").click()
    second, third = site.signed_in("second", LAPTOP), site.signed_in("third", LAPTOP)
    code_apart(desk, second, opened)
    settle_what_is_seen_differently(third, opened)
    read_and_report(desk, opened)
    hear_of_it(he, entry)
    assert not site.complaints


def write_the_brief(desk: Any) -> str:
    desk.goto("/desk/tasks/")
    desk.get_by_role("link", name="Straight to a call").click()
    ends = timezone.localtime() + timedelta(days=9)
    for name, words in {
        "title": TITLE,
        "prompt": "写一次放心的，和一次关掉的。",
        "why": "信任不是一下子来的。",
        "use": "驾驶辅助组会全部读完。",
        "decision": "接管提示提早，还是加重。",
        "invitees": "he, su",
        "closes_at": f"{ends:%Y-%m-%dT%H:%M}",
    }.items():
        desk.locator(f"[name={name}]").fill(words)
    desk.get_by_text("Invited people write first").click()
    desk.get_by_label("Sealed writing").check()
    desk.get_by_role("button", name="Keep the draft").click()
    desk.wait_for_url(re.compile(r"/desk/tasks/\d+/$"))
    return open_it(desk)


def write_for_hours(page: Any, opened: str) -> str:
    page.goto(opened)
    page.get_by_role("link", name="Begin to write").click()
    page.get_by_label("Colleagues of the brand may quote it").check()
    page.get_by_label("It may be quoted in public").check()
    page.get_by_role("button", name="Begin to write").click()
    page.wait_for_url(re.compile(r"/write/$"))
    page.locator("[name=title]").fill("隧道里的两次")
    page.locator("[name=body]").fill(HE.split("\n")[0])
    expect(page.locator("[data-saved]")).to_contain_text("Saved at")
    expect(page.locator("[data-words]")).to_have_text("13 words")
    return re.search(r"/tasks/\d+/entries/\d+/", page.url).group()


def write_on_two_devices(site: Site, laptop: Any, entry: str) -> None:
    """What is typed on an older page is not saved over the newer text; both are there, and one goes on."""
    phone = site.signed_in("he", PHONE)
    phone.goto(f"{entry}write/")
    phone.locator("[name=body]").fill(HE)
    expect(phone.locator("[data-saved]")).to_contain_text("Saved at")
    laptop.locator("[name=body]").fill("电脑上另写的一句。")
    expect(laptop.locator(".clash")).to_be_visible()
    laptop.get_by_role("button", name="Take the newer one").click()
    expect(laptop.locator("[name=body]")).to_have_value(HE)
    expect(laptop.locator(".clash")).to_be_hidden()
    laptop.reload()
    expect(laptop.get_by_text("Two texts met")).to_be_visible()
    laptop.get_by_role("button", name="It is not needed").click()


def give(page: Any) -> None:
    page.get_by_role("button", name=re.compile("^Give it")).click()
    page.wait_for_url(re.compile(r"/entries/\d+/$"))


def stays_sealed(page: Any, entry: str) -> None:
    assert page.goto(entry).status == 404
    page.goto(re.search(r"/tasks/\d+/", entry).group())
    expect(page.get_by_text("1 entry is given, and sealed.")).to_be_visible()


def write_short(page: Any, opened: str) -> None:
    """The last one who was asked gives, and it is revealed."""
    page.goto(opened)
    page.get_by_role("link", name="Begin to write").click()
    page.get_by_role("button", name="Begin to write").click()
    page.locator("[name=title]").fill("堵车时信它")
    page.locator("[name=body]").fill(SU)
    give(page)


def confirm_with_a_car(page: Any, entry: str) -> None:
    page.goto(entry)
    page.locator("label.chip", has_text="My car too").click()
    page.locator("[name=vehicle]").select_option(index=1)
    page.locator("[name=body]").fill("出口那条线，我也见过。")
    page.get_by_role("button", name="Respond").click()
    expect(page.locator(".post").first).to_contain_text("出口那条线，我也见过。")
    expect(page.locator(".post").first).to_contain_text("4.2.1")


def lead_the_talk(page: Any, entry: str) -> None:
    page.goto(entry)
    page.get_by_role("button", name="Pin it on top").click()
    expect(page.locator(".pinned")).to_contain_text("我也见过")
    page.get_by_label("Ask the others").fill("也是迎着太阳吗？")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_label("Sum up where the talk stands").fill("两台车都在出口见过。")
    page.get_by_role("button", name="Put it above the answers").click()


def see_what_was_led(page: Any, entry: str) -> None:
    page.goto(entry)
    expect(page.get_by_role("heading", name="Where the talk stands")).to_be_visible()
    page.locator("[name=sub_question]").select_option(label="也是迎着太阳吗？")
    page.locator("[name=body]").fill("是，傍晚五点。")
    page.get_by_role("button", name="Respond").click()
    expect(page.locator(".talk")).to_contain_text("是，傍晚五点。")


def draw_a_statement(page: Any, entry: str) -> None:
    page.goto(entry)
    page.get_by_role("link", name="Draw a statement").click()
    page.locator("[name=text]").fill("迎着太阳时，先减速再提示。")
    page.get_by_role("button", name="Put it to the vote").click()
    expect(page.locator(".ballot-text")).to_have_text("迎着太阳时，先减速再提示。")


def vote_without_reloading(page: Any, entry: str) -> None:
    page.goto(re.search(r"/tasks/\d+/", entry).group())
    page.get_by_role("link", name="Vote", exact=True).click()
    page.evaluate("window.neverReloaded = true")
    page.locator("#vote-agree").click()
    expect(page.locator("#vote")).to_contain_text("You have voted on the one statement.")
    expect(page.locator("#statements")).to_contain_text("迎着太阳时")
    assert page.evaluate("window.neverReloaded")


def code_apart(first: Any, second: Any, opened: str) -> None:
    first.goto(f"/desk{opened}coding/")
    for name in ("信任", "失误"):
        first.locator(".add-code [name=name]").fill(name)
        first.get_by_role("button", name="Add the code").click()
        expect(first.locator(".code", has_text=name)).to_be_visible()
    for page in (first, second):
        page.goto(f"/desk{opened}coding/")
        page.get_by_role("button", name="Read in this round").click()
        page.locator(".reading a").first.click()
        mark(page, "它比我早半拍", "信任")
    mark(first, "不存在的线", "失误")
    for page in (first, second):
        page.get_by_role("button", name="Read to the end, next").click()
        page.get_by_role("button", name="Read to the end", exact=True).click()
        page.get_by_role("button", name="I have read everything").click()
    expect(second.get_by_role("heading", name="How far two agree")).to_be_visible()


def mark(page: Any, words: str, code: str) -> None:
    """Select words as a hand does, once the page listens, then a code."""
    page.locator("[data-coding]").wait_for()
    page.wait_for_load_state()
    page.evaluate(
        """words => {
          for (const piece of document.querySelectorAll('[data-start]')) {
            const at = piece.textContent.indexOf(words);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(piece.firstChild, at);
            range.setEnd(piece.firstChild, at + words.length);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
          }
        }""",
        words,
    )
    page.locator("[data-picker]").get_by_role("option", name=code).click()
    expect(page.locator(".marks blockquote", has_text=words).first).to_have_text(words)


def settle_what_is_seen_differently(third: Any, opened: str) -> None:
    third.goto(f"/desk{opened}coding/")
    third.get_by_role("button", name="It applies").click()
    expect(third.get_by_text("1 passage was seen differently, and settled.")).to_be_visible()


def read_and_report(desk: Any, opened: str) -> None:
    desk.goto(f"/desk{opened}coding/")
    expect(desk.get_by_role("heading", name="What was said, by how many")).to_be_visible()
    desk.locator(".reading a").first.click()
    place = desk.locator(".marks li", has_text="不存在的线")
    place.get_by_text("Put it under a ticket").click()
    place.get_by_label("In our own words").fill("迎着太阳出隧道时，画面里多了一条线")
    place.get_by_role("button", name="Quote it").click()
    desk.wait_for_url(re.compile(r"/desk/promote/"))
    desk.get_by_role("button", name=re.compile("ticket", re.IGNORECASE)).first.click()
    desk.wait_for_url(re.compile(r"/desk/tickets/\d+/$"))
    desk.goto(f"/desk{opened}")
    desk.get_by_role("link", name="The results are read").click()
    desk.get_by_role("button", name="Analysed").click()
    desk.get_by_role("link", name="Say what came of it").click()
    desk.locator("[name=changed]").fill("出口逆光时先减速，再提示。")
    desk.locator("main form button").first.click()
    desk.wait_for_url(re.compile(r"/desk/tasks/\d+/$"))


def hear_of_it(page: Any, entry: str) -> None:
    expect_soon = expect(page.locator("main"))
    page.goto("/me/notifications/")
    expect_soon.to_contain_text("Read what came of it")
    expect_soon.to_contain_text("A sentence of yours")
    page.goto(re.search(r"/tasks/\d+/", entry).group())
    expect(page.get_by_text("出口逆光时先减速，再提示。")).to_be_visible()
