"""Reading by a codebook with hands, with keys and without a script: what is marked stays in place, and nothing typed is lost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import LAPTOP, PATIENCE, PHONE, chromium, served
from tests.stories.windows import Site, expect, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(tmp_path: Path, transactional_db, playwright):
    with served(tmp_path, "people", "colleagues", "coded") as address, chromium(playwright) as browser:
        yield Site(browser, address)


def test_passages_are_coded_by_touch_by_keys_and_without_a_script(site):
    desk = site.signed_in("researcher", LAPTOP)
    entry = entry_to_read(desk)
    desk.evaluate("window.neverReloaded = true")
    dragging_low_in_the_window_chooses_only_those_words(desk)
    what_was_typed_for_one_place_is_not_there_at_the_next(desk)
    triple_click_marks_the_paragraph(desk)
    keys_alone_mark_a_passage(desk)
    what_is_refused_stays(desk)
    assert desk.evaluate("window.neverReloaded")
    phone = site.signed_in("second", PHONE)
    a_tap_opens_the_same_picker(phone, entry)
    the_codes_stand_above_the_bar_at_the_thumb(phone)
    without_a_script(site, entry)
    assert not site.complaints


def entry_to_read(page: Any) -> str:
    page.goto("/desk/tasks/")
    page.locator("main a", has_text="读一读").first.click()
    page.get_by_role("link", name="Code the entries").click()
    page.get_by_role("button", name="Read in this round").click()
    page.locator(".reading a").first.click()
    page.wait_for_url(re.compile(r"/coding/\d+/$"))
    page.wait_for_load_state()
    return re.search(r"/desk/.*", page.url).group()


def words_at(page: Any, number: int, first: int, last: int) -> tuple[dict[str, float], dict[str, float]]:
    """Where two characters of a passage stand in the window."""
    return page.evaluate(
        """([number, first, last]) => {
          const node = document.querySelectorAll(".passage p")[number].querySelector("span").firstChild;
          const at = (place) => { const range = document.createRange(); range.setStart(node, place); range.setEnd(node, place + 1);
            const box = range.getBoundingClientRect(); return { x: box.left + 1, y: box.top + box.height / 2 }; };
          return [at(first), at(last)];
        }""",
        [number, first, last],
    )


def dragging_low_in_the_window_chooses_only_those_words(page: Any) -> None:
    """Where the picker opens; slowly, as a hand does; and the words are not left behind it."""
    page.locator(".passage p").nth(20).evaluate(
        "one => scrollBy(0, one.getBoundingClientRect().top - innerHeight + 60)"
    )
    for _twice in range(2):  # the second time while the picker is open
        one, two = words_at(page, 20, 0, 6)
        page.mouse.move(one["x"], one["y"])
        page.mouse.down()
        for step in range(1, 7):
            page.mouse.move(one["x"] + (two["x"] - one["x"]) * step / 6, two["y"])
            page.wait_for_timeout(60)
        page.mouse.up()
        expect(page.locator("[data-picker]")).to_be_visible()
        expect(page.locator(".picked")).to_have_text(re.compile(r"[:：] ?第 20 段$"))
        form = page.locator("[data-picker]")
        chosen = form.evaluate("form => form.elements.end.value - form.elements.start.value")
        assert chosen == 6
        assert words_at(page, 20, 0, 5)[1]["y"] < form.evaluate("form => form.getBoundingClientRect().top")


def what_was_typed_for_one_place_is_not_there_at_the_next(page: Any) -> None:
    picker = page.locator("[data-picker]")
    page.locator(".passage").nth(10).locator("summary").click()
    for leave in (
        lambda: page.keyboard.press("Escape"),
        lambda: page.locator(".passage").nth(4).locator("summary").click(),
    ):
        picker.get_by_label("Memo").fill("只属于这一段")
        picker.get_by_role("combobox").fill("147")
        expect(picker.locator("[aria-selected=true]")).to_have_count(1)
        leave()
        page.locator(".passage").nth(12).locator("summary").click()
        expect(picker.get_by_label("Memo")).to_have_value("")
        expect(picker.get_by_role("combobox")).to_have_value("")
        expect(picker.locator("[aria-selected=true]")).to_have_count(0)
    page.keyboard.press("Escape")


def triple_click_marks_the_paragraph(page: Any) -> None:
    """Far down, where a jump to the top would be seen; the range ends in the button below the paragraph."""
    paragraph = page.locator(".passage p").nth(30)
    paragraph.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    paragraph.click(click_count=3)
    picker = page.locator("[data-picker]")
    expect(picker).to_be_visible()
    expect(picker.locator(".picked")).to_contain_text("第 30 段")
    picker.get_by_label("Memo").fill("整段")
    picker.get_by_role("combobox").fill("147")
    picker.get_by_role("option", name="码 147").click()
    expect(page.locator(".passage").nth(30).locator(".marked")).to_have_text("第 30 段 🌧️ 停在半路。")
    expect(picker).to_be_hidden()
    assert abs(page.evaluate("scrollY") - before) < 400
    expect(page.locator(".marks li").first).to_contain_text("整段")


def keys_alone_mark_a_passage(page: Any) -> None:
    summary = page.locator(".passage").nth(5).locator("summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("码 15")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".passage").nth(5).locator(".marked")).to_have_attribute("title", "码 115")
    expect(page.locator(".passage").nth(5).locator("summary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-picker]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-picker]")).to_be_hidden()
    expect(page.locator(".passage").nth(5).locator("summary")).to_be_focused()


def what_is_refused_stays(page: Any) -> None:
    """Another text came in between: the memo is still there, the words are chosen anew."""
    page.locator(".passage").nth(3).locator("summary").click()
    picker = page.locator("[data-picker]")
    picker.get_by_label("Memo").fill("写了一半的想法")
    picker.evaluate("form => { form.elements.version.value = 7 }")
    picker.get_by_role("option", name="码 9", exact=True).click()
    expect(page.locator("#work [role=alert]")).to_be_visible()
    expect(picker).to_be_visible()
    expect(picker.get_by_label("Memo")).to_have_value("写了一半的想法")
    page.keyboard.press("Escape")


def a_tap_opens_the_same_picker(page: Any, entry: str) -> None:
    page.goto(re.sub(r"\d+/$", "", entry))
    page.get_by_role("button", name="Read in this round").click()
    page.goto(entry)
    expect(page.locator(".marked")).to_have_count(0)
    page.locator(".passage").nth(2).locator("summary").click()
    page.get_by_role("combobox").fill("码 3")
    page.locator("[data-picker]").get_by_role("option", name="码 3", exact=True).click()
    expect(page.locator(".passage").nth(2).locator(".marked")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def the_codes_stand_above_the_bar_at_the_thumb(page: Any) -> None:
    page.locator(".passage").nth(4).locator("summary").click()
    picker = page.locator("[data-picker]")
    expect(picker).to_be_visible()
    bottom = picker.evaluate("form => form.getBoundingClientRect().bottom")
    assert bottom <= page.locator(".tabbar .main i").evaluate("sign => sign.getBoundingClientRect().top")
    assert picker.evaluate("form => form.getBoundingClientRect().height <= innerHeight / 2 + 1")
    picker.get_by_role("option", name="码 1", exact=True).click(trial=True)


def without_a_script(site: Site, entry: str) -> None:
    context = site.browser.new_context(
        viewport=LAPTOP, locale="en-GB", base_url=site.address, java_script_enabled=False
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/accounts/login/")
    sign_in(page, "researcher")
    page.goto(entry)
    passage = page.locator(".passage").nth(8)
    passage.locator("summary").click()
    passage.locator("select").select_option(label="码 1")
    passage.get_by_label("Memo").fill("没有脚本")
    passage.get_by_role("button", name="Mark it").click()
    expect(page.locator(".passage").nth(8).locator(".marked")).to_have_count(1)
