"""From the advisor's six questions to a poll that is opened, answered by many at once, ended, analysed and reported: with clicks."""

from __future__ import annotations

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

QUESTION = "三款新轮毂，你会装哪一款？"


@pytest.fixture
def site(tmp_path: Path, transactional_db, playwright):
    with served(tmp_path, "people", "crowd") as address, chromium(playwright) as browser:
        yield Site(browser, address)


def test_six_questions_become_a_poll_that_many_answer_and_all_hear_of(site):
    desk = site.signed_in("researcher", LAPTOP)
    advised(desk)
    draft(desk)
    opened = open_it(desk)
    he = site.signed_in("he", PHONE)
    invited(he)
    answer_by_tap(he)
    live = site.signed_in("researcher", LAPTOP)
    live.goto(f"/desk{opened}")
    live.evaluate("window.neverReloaded = true")
    answer_at_once(site, opened)
    expect(live.locator(".shares")).to_contain_text("people")
    expect(live.locator(".poll-results")).to_contain_text("13 people answered")
    assert live.evaluate("window.neverReloaded")
    su = site.signed_in("su", PHONE)
    answer_by_keyboard(su, opened)
    end_and_report(desk)
    hear_of_it(he)
    assert not site.complaints


def advised(desk: Any) -> None:
    ask_the_advisor(desk, "得票最多的一款进入量产。")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Structured questions")
    expect(desk.locator("main")).to_contain_text("The answer is a number.")


def draft(desk: Any) -> None:
    desk.get_by_role("link", name=re.compile("Draft it as: Structured questions, one question")).click()
    expect(desk.locator("[name=decision]")).to_have_value("得票最多的一款进入量产。")
    desk.locator("[name=title]").fill(QUESTION)
    for place, (label, guess) in enumerate((("星轨", "30"), ("飞羽", "50"), ("磐石", "20")), start=1):
        desk.locator(f"[name=label-{place}]").fill(label)
        desk.locator(f"[name=guess-{place}]").fill(guess)
    desk.locator("[name=on_front]").check()
    desk.get_by_role("button", name="Keep the draft").click()
    expect(desk.locator(".phone-frame")).to_contain_text("磐石")


def invited(page: Any) -> None:
    """Background jobs froze the audience and invited."""
    bell = page.locator("[data-live^='member:']").first
    expect(bell).to_contain_text("1")
    page.goto("/me/notifications/")
    expect(page.locator("main")).to_contain_text(QUESTION)


def answer_by_tap(page: Any) -> None:
    """On the phone's front page, without leaving it."""
    page.goto("/")
    page.locator(".poll-option", has_text="星轨").click()
    expect(page.locator(".poll-thanks")).to_be_visible()
    assert page.url.rstrip("/").endswith(page.url.rstrip("/").split("/")[2])


def answer_at_once(site: Site, opened: str) -> None:
    """Twelve members press within the same moment, each twice."""

    def press(place: int) -> list[int]:
        with httpx.Client(base_url=site.address, follow_redirects=True, timeout=60) as client:
            page = client.get("/accounts/login/")
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text).group(1)
            client.post(
                "/accounts/login/",
                data={"login": CROWD[place], "password": f"demo-{CROWD[place]}", "csrfmiddlewaretoken": token},
                headers={"Referer": site.address},
            )
            page = client.get(opened).text
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.split("poll-form")[1]).group(1)
            options = re.findall(r'name="option" value="(\d+)"', page)
            sent = {"option": options[place % 2], "csrfmiddlewaretoken": token}
            answers = [client.post(f"{opened}answer/", data=sent, headers={"Referer": site.address}) for _each in "12"]
            return [answer.status_code for answer in answers]

    with ThreadPoolExecutor(12) as rush:
        said = list(rush.map(press, range(12)))
    assert said == [[200, 200]] * 12


def answer_by_keyboard(page: Any, opened: str) -> None:
    page.goto(opened)
    expect(page.locator("main")).to_contain_text("Whoever answers sees at once how others answered.")
    option = page.locator(".poll-option", has_text="飞羽")
    option.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".share-row.mine")).to_contain_text("飞羽")
    expect(page.locator("main")).to_contain_text("14 people answered")


def end_and_report(desk: Any) -> None:
    end_it(desk)
    desk.get_by_role("link", name="Say what came of it").click()
    desk.get_by_role("button", name="Tell everybody who took part").click()
    expect(desk.locator(".notice.bad, .errors").first).to_be_visible()
    desk.locator("[name=changed]").fill("飞羽进入量产。")
    desk.locator("[name=unchanged]").fill("磐石不做：太重。")
    desk.locator("[name=staff_hours]").fill("2.5")
    desk.get_by_role("button", name="Tell everybody who took part").click()
    expect(desk.locator(".head .pill")).to_contain_text("Reported")
    desk.goto("/desk/tasks/advisor/record/")
    expect(desk.locator("main")).to_contain_text(QUESTION)


def hear_of_it(page: Any) -> None:
    page.goto("/me/notifications/")
    expect(page.locator("main")).to_contain_text("Read what came of it")
    page.goto("/tasks/?tab=done")
    expect(page.locator("main")).to_contain_text("飞羽进入量产。")
