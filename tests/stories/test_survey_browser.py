"""A survey from the advisor to the reported page: a laptop for the researcher, phones for those who answer."""

from __future__ import annotations

import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.browsing import LAPTOP, PHONE, chromium, served
from tests.stories.desk import ask_the_advisor, end_it, open_it
from tests.stories.site import CROWD
from tests.stories.windows import Site, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TITLE = "雨天的自动泊车"


@pytest.fixture
def site(tmp_path: Path, transactional_db, playwright):
    with served(tmp_path, "people", "crowd") as address, chromium(playwright) as browser:
        yield Site(browser, address)


def test_from_the_advisor_to_what_came_of_it(site):
    desk = site.signed_in("researcher", LAPTOP)
    begin_from_the_advice(desk)
    build(desk)
    arrange_by_keyboard_and_by_hand(desk)
    try_it_out(desk)
    opened = open_it(desk)

    he = site.signed_in("he", PHONE)
    begin_to_answer(he, opened)
    go_on_elsewhere(site, opened)
    live = site.signed_in("researcher", LAPTOP)
    live.goto(f"/desk{opened}results/")
    expect(live.locator("#results")).to_contain_text("Shares appear from five answers on")
    live.evaluate("window.neverReloaded = true")
    answer_at_once(site, opened)
    follow_the_results(live)
    take_away(live)

    end_and_report(desk, opened)
    hear_of_it(he, opened)
    assert not site.complaints


def begin_from_the_advice(desk: Any) -> None:
    ask_the_advisor(desk, "先修被点得最多的那一步。")
    desk.get_by_role("link", name=re.compile("several questions")).click()
    expect(desk.locator("[name=decision]")).to_have_value("先修被点得最多的那一步。")


def build(desk: Any) -> None:
    desk.locator("[name=title]").fill(TITLE)
    write(desk, 0, "最近一个月，雨天用过自动泊车吗？", "用过", "没用过")
    desk.locator("article.builder-question").nth(0).get_by_label("must be answered").check()
    add(desk, "multiple", "是哪一步让你犹豫？", "认不出标线", "停到一半退出")
    add(desk, "long_text", "还有什么想当面告诉工程师？")
    add(desk, "rating", "停进去的时候，放心吗？")
    second = desk.locator("article.builder-question").nth(1)
    second.get_by_text("Only after certain answers, and more").click()
    second.locator("[name$='-on']").select_option(index=1)
    second.locator("label.small", has_text="用过").first.locator("input").check()
    preview = desk.locator("#builder-preview")
    expect(preview).to_contain_text("停到一半退出")


def add(desk: Any, kind: str, text: str, *options: str) -> None:
    before = desk.locator("article.builder-question").count()
    desk.locator("[name=new_type]").select_option(kind)
    desk.get_by_role("button", name="Add a question").click()
    expect(desk.locator("article.builder-question")).to_have_count(before + 1)
    write(desk, before, text, *options)


def write(desk: Any, place: int, text: str, *options: str) -> None:
    row = desk.locator("article.builder-question").nth(place)
    row.locator("[name$='-text']").fill(text)
    for each, label in enumerate(options):
        row.locator("[name$='-label']").nth(each).fill(label)


def arrange_by_keyboard_and_by_hand(desk: Any) -> None:
    """The rating moves up with a key and becomes a page of its own with what follows; a drag swaps it and swaps back."""
    desk.get_by_role("button", name="Question 4: up").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("article.builder-question").nth(2).locator("[name$='-text']")).to_have_value(
        "停进去的时候，放心吗？"
    )
    drag(desk, 2, 3)
    drag(desk, 2, 3)
    desk.locator("article.builder-question").nth(2).get_by_label("Begins a new page").check()
    desk.get_by_role("button", name="Keep the draft").click()
    desk.wait_for_url(re.compile(r"/desk/tasks/\d+/$"))
    expect(desk.locator(".asked-list li").nth(2)).to_contain_text("停进去的时候，放心吗？")


def drag(desk: Any, place: int, to: int) -> None:
    rows = desk.locator("article.builder-question")
    text = rows.nth(place).locator("[name$='-text']").input_value()
    handle, other = rows.nth(place).locator(".builder-handle"), rows.nth(to)
    handle.evaluate("one => scrollBy(0, one.getBoundingClientRect().top - 120)")
    start, end = handle.bounding_box(), other.bounding_box()
    desk.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    desk.mouse.down()
    desk.mouse.move(start["x"] + 4, start["y"] + 20, steps=4)
    for nudge in (0, 2, 4):  # the list makes room while one holds still
        desk.mouse.move(end["x"] + 40, end["y"] + min(end["height"] - 8, 160) + nudge, steps=12)
        desk.wait_for_timeout(120)
    desk.mouse.up()
    expect(rows.nth(to).locator("[name$='-text']")).to_have_value(text)


def try_it_out(desk: Any) -> None:
    desk.get_by_role("link", name="Try it out").click()
    expect(desk.locator("main")).to_contain_text("Nothing is stored")
    desk.get_by_text("没用过", exact=True).click()
    expect(desk.locator("[data-question]", has_text="是哪一步让你犹豫？")).to_be_hidden()
    desk.get_by_role("button", name="Go on").click()
    desk.get_by_role("button", name="See what would be stored").click()
    expect(desk.locator("main")).to_contain_text("This would be stored")
    expect(desk.locator("main")).not_to_contain_text('"q2"')
    desk.get_by_role("link", name="Back to the desk").click()
    desk.wait_for_url(re.compile(r"/desk/tasks/\d+/$"))


def begin_to_answer(page: Any, opened: str) -> None:
    """From the inbox; the first page is kept, and what follows from an answer is asked at once."""
    page.goto("/tasks/")
    page.get_by_role("link", name=re.compile(TITLE)).first.click()
    page.get_by_role("link", name="Begin").click()
    expect(page.locator("main")).to_contain_text("Staff see answers, never names.")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("One question is still open")
    page.get_by_text("用过", exact=True).click()
    page.get_by_text("认不出标线", exact=True).click()
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("main")).to_contain_text("停进去的时候，放心吗？")


def go_on_elsewhere(site: Site, opened: str) -> None:
    """A second device goes on where the first stopped, and sends."""
    tablet = site.signed_in("he", {"width": 820, "height": 1180})
    tablet.goto(opened)
    tablet.get_by_role("link", name="Go on answering").click()
    expect(tablet.locator("main")).to_contain_text("Page 2 of 2")
    tablet.get_by_role("button", name="Back").click()
    expect(tablet.get_by_label("认不出标线")).to_be_checked()
    tablet.get_by_role("button", name="Go on").click()
    tablet.locator("[data-type=rating] label", has_text="4").first.click()
    tablet.locator("textarea").fill("标线反光的时候认不出来。")
    tablet.get_by_role("button", name="Send").click()
    expect(tablet.locator(".poll-thanks")).to_contain_text("your answers have arrived")


def answer_at_once(site: Site, opened: str) -> None:
    """Twelve members send within the same moment, each twice."""
    number = re.search(r"\d+", opened).group()

    def press(place: int) -> list[int]:
        with httpx.Client(base_url=site.address, follow_redirects=True, timeout=60) as client:
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/accounts/login/").text).group(1)
            client.post(
                "/accounts/login/",
                data={"login": CROWD[place], "password": f"demo-{CROWD[place]}", "csrfmiddlewaretoken": token},
                headers={"Referer": site.address},
            )
            questions = client.get(f"/api/v1/surveys/{number}/").json()["questions"]
            kinds = {one["type"]: one for one in questions}
            yes, no = (one["key"] for one in kinds["single"]["options"])
            step = [one["key"] for one in kinds["multiple"]["options"]][place % 2]
            answers = {
                kinds["single"]["key"]: yes if place < 7 else no,
                kinds["rating"]["key"]: 1 + place % 5,
                kinds["long_text"]["key"]: "标线反光，认不出来",
                **({kinds["multiple"]["key"]: [step]} if place < 7 else {}),
            }
            headers = {"Referer": site.address, "X-CSRFToken": client.cookies["csrftoken"]}
            sent = [
                client.post(f"/api/v1/surveys/{number}/responses/", json={"answers": answers}, headers=headers)
                for _each in "12"
            ]
            return [answer.status_code for answer in sent]

    with ThreadPoolExecutor(12) as rush:
        said = list(rush.map(press, range(12)))
    assert said == [[201, 200]] * 12


def follow_the_results(live: Any) -> None:
    expect(live.locator("#results")).to_contain_text("13")
    expect(live.locator("#q1")).to_contain_text("8 people")
    expect(live.locator("#q2")).to_contain_text("8 people saw it")
    expect(live.locator("#q3 canvas").first).to_be_visible()
    expect(live.locator("#q4")).to_contain_text("标线")
    assert live.evaluate("window.neverReloaded")
    live.get_by_role("link", name="By car").click()
    expect(live.locator("#results")).to_contain_text("A group is shown whole or not at all")


def take_away(live: Any) -> None:
    with live.expect_download() as download:
        live.get_by_role("button", name="CSV, one row per person").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
    assert len(rows) == 13


def end_and_report(desk: Any, opened: str) -> None:
    desk.goto(f"/desk{opened}")
    end_it(desk)
    desk.get_by_role("link", name="Say what came of it").click()
    desk.locator("[name=changed]").fill("4.3 版先修反光标线的识别。")
    desk.locator("[name=unchanged]").fill("泊入速度不变：快了不稳。")
    desk.locator("[name=staff_hours]").fill("6")
    desk.get_by_role("button", name="Tell everybody who took part").click()
    expect(desk.locator(".head .pill")).to_contain_text("Reported")


def hear_of_it(page: Any, opened: str) -> None:
    page.goto("/me/notifications/")
    expect(page.locator("main")).to_contain_text("Read what came of it")
    page.goto(opened)
    expect(page.locator("main")).to_contain_text("4.3 版先修反光标线的识别。")
    expect(page.locator(".share-row.mine").first).to_contain_text("用过")


def test_an_anonymous_answer_is_kept_by_the_browser_alone_and_only_by_choice(site):
    opened = anonymous_survey(site)
    he = site.signed_in("he", PHONE)
    he.goto(opened)
    he.get_by_role("link", name="Begin").click()
    expect(he.locator("main")).to_contain_text("Nobody can tell which answer is yours")
    he.locator("textarea").fill("提示音太轻")
    he.get_by_role("button", name="Send").click()
    expect(he.locator("main")).to_contain_text("for the last time")
    he.get_by_role("button", name="Keep a copy in this browser").click()
    he.get_by_role("link", name="On to the task").click()
    he.get_by_text("The copy that this browser kept").click()
    expect(he.locator(".own-answers")).to_contain_text("提示音太轻")
    elsewhere = site.signed_in("he", LAPTOP)
    elsewhere.goto(opened)
    expect(elsewhere.locator(".own-answers")).to_be_hidden()
    he.get_by_role("button", name="Forget it").click()
    he.reload()
    expect(he.locator(".own-answers")).to_be_hidden()
    assert not site.complaints


def anonymous_survey(site: Site) -> str:
    """Made and opened through the API. The address for owners."""
    desk = site.signed_in("researcher", LAPTOP)
    token = next(one["value"] for one in desk.context.cookies() if one["name"] == "csrftoken")
    headers = {"Referer": site.address, "X-CSRFToken": token}
    wanted = {
        "title": "匿名问问",
        "goal": "distribution",
        "decision": "定下先改哪一样",
        "privacy": "anonymous",
        "results": "after_close",
        "closes_at": "2099-01-01T00:00:00Z",
        "audience": {},
        "questions": [{"key": "words", "type": "long_text", "text": "你其实关掉了什么？"}],
    }
    made = desk.request.post("/api/v1/surveys/", data=wanted, headers=headers)
    assert made.status == 201, made.text()
    number = made.json()["id"]
    assert desk.request.post(f"/api/v1/surveys/{number}/open/", data={}, headers=headers).ok
    return f"/tasks/{number}/"
