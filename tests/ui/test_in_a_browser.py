"""The interface in Chromium: no serious finding of axe, every behaviour, and everything readable without JavaScript."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("style_pages"),
]
WIDTHS = {"phone": 390, "desk": 1440}
PIXEL = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def style(page: Page, live_server) -> Page:
    """The style page on a desk, with what the browser complained about kept for the test."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{live_server.url}/styleguide/")
    return page


@pytest.mark.parametrize(
    ("address", "theme", "width"),
    [
        *(("", theme, width) for theme in ("light", "dark") for width in WIDTHS),
        ("states/conflict/", "light", "phone"),
        ("states/nowhere/", "dark", "desk"),
        ("states/messages/", "dark", "phone"),
        ("states/csrf/", "light", "desk"),
        ("reply/5/", "dark", "desk"),
    ],
)
def test_axe_finds_nothing(page: Page, live_server, theme, width, address):
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size({"width": WIDTHS[width], "height": 900})
    page.goto(f"{live_server.url}/styleguide/{address}")
    found = Axe().run(page).response["violations"]
    assert not [(each["id"], [node["html"][:120] for node in each["nodes"]][:3]) for each in found]


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1440])
def test_no_page_scrolls_sideways(page: Page, live_server, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}/styleguide/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_breaks_the_content_security_policy(page: Page, live_server):
    said = []
    page.on(
        "console", lambda line: said.append(line.text) if line.type == "error" and "ws://" not in line.text else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{live_server.url}/styleguide/")
    page.locator(".share summary").click()
    assert not said


def test_a_target_for_a_finger_has_44_pixels(page: Page, live_server):
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(f"{live_server.url}/styleguide/")
    sizes = page.evaluate(
        """[...document.querySelectorAll('.btn:not(.small), .chip, .tabbar a, .tabs a, .step-add, .numbers a')]
        .filter(e => e.offsetParent).map(e => [e.className, e.getBoundingClientRect().height])"""
    )
    assert [size for size in sizes if size[1] < 43.9] == []


def test_the_theme_changes_at_once_and_stays(style: Page):
    before = style.evaluate("getComputedStyle(document.body).backgroundColor")
    style.locator("[data-theme-switch] button[value=dark]").click()
    expect(style.locator("html")).to_have_attribute("data-theme", "dark")
    expect(style.locator("body")).not_to_have_css("background-color", before)
    style.wait_for_function("document.cookie.includes('theme=dark')")
    style.reload()
    expect(style.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_slash_goes_to_the_search_box_unless_one_is_writing(style: Page):
    style.keyboard.press("/")
    expect(style.locator(".top [data-search-key]")).to_be_focused()
    style.locator("#id_title").click()
    style.keyboard.press("/")
    assert style.locator("#id_title").first.input_value() == "/"


def test_a_menu_walks_by_keys_and_gives_the_focus_back(style: Page):
    summary = style.locator("summary", has_text="更多").last
    summary.focus()
    style.keyboard.press("Enter")
    style.keyboard.press("ArrowDown")
    expect(style.get_by_role("link", name="一项")).to_be_focused()
    style.keyboard.press("Escape")
    expect(summary).to_be_focused()
    expect(style.get_by_role("link", name="一项")).to_be_hidden()


def test_a_draft_survives_a_reload_and_goes_when_the_server_has_it(page: Page, live_server):
    address = f"{live_server.url}/styleguide/reply/5/"
    page.goto(address)
    page.locator("textarea").fill("雨夜三次失败")
    expect(page.locator("[data-draft-state]")).to_contain_text("已存在本机")
    page.reload()
    expect(page.locator("textarea")).to_have_value("雨夜三次失败")
    expect(page.locator("[data-draft-state]")).to_contain_text("找回")
    page.goto(f"{address}?sent=1")
    page.goto(address)
    expect(page.locator("textarea")).to_have_value("")


def test_a_draft_that_came_back_can_be_dropped(page: Page, live_server):
    page.goto(f"{live_server.url}/styleguide/reply/5/")
    page.locator("textarea").fill("雨夜三次失败")
    expect(page.locator("[data-draft-state]")).to_contain_text("已存在本机")
    page.reload()
    page.get_by_role("button", name="不要了").click()
    expect(page.locator("textarea")).to_have_value("")
    page.reload()
    expect(page.locator("textarea")).to_have_value("")


def test_a_form_is_sent_once(page: Page, live_server):
    sent = []
    page.route(
        "**/reply/5/",
        lambda route: (
            (sent.append(1), route.fulfill(status=204)) if route.request.method == "POST" else route.continue_()
        ),
    )
    page.goto(f"{live_server.url}/styleguide/reply/5/")
    page.locator("textarea").fill("雨夜")
    page.get_by_role("button", name="发布").dblclick()
    page.wait_for_timeout(300)
    assert len(sent) == 1


def test_enter_that_ends_a_chinese_input_is_not_the_enter_that_sends(style: Page):
    heard = style.evaluate(
        """() => { let heard = 0; const box = document.querySelector('.top [data-search-key]');
        box.addEventListener('keydown', () => heard++);
        box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}));
        box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}));
        return heard }"""
    )
    assert heard == 1


def test_the_stepper_counts_by_large_buttons_and_back(style: Page):
    style.get_by_role("button", name=re.compile(r"成功 \+1|Worked \+1")).click(click_count=2, delay=10)
    assert style.locator("step-pair input[name=successes]").input_value() == "2"
    style.locator(".step.fail .step-less").click()
    assert style.locator("step-pair input[name=failures]").input_value() == "2"


def test_the_toolbar_marks_the_chosen_words(style: Page):
    area = style.locator("textarea[data-draft]")
    area.fill("雨夜失败")
    area.evaluate("area => area.setSelectionRange(0, 2)")
    style.locator("[data-mark=bold]").click()
    assert area.input_value() == "**雨夜**失败"
    style.locator("[data-mark=quote]").click()
    assert area.input_value() == "> **雨夜**失败"


def test_a_picture_is_stored_and_written_into_the_text(style: Page):
    style.route(
        "**/api/v1/uploads/",
        lambda route: route.fulfill(status=201, json={"id": 1, "kind": "image", "url": "/media/1.jpg"}),
    )
    style.locator(".editor input[type=file]").set_input_files(
        {"name": "中控.png", "mimeType": "image/png", "buffer": PIXEL}
    )
    expect(style.locator("textarea[data-draft]")).to_have_value("![中控](/media/1.jpg)\n")


def test_a_refused_picture_says_why_and_may_be_tried_again(style: Page):
    answers = [{"status": 400, "json": {"file": ["图片已损坏。"]}}, {"status": 201, "json": {"url": "/media/2.jpg"}}]
    style.route("**/api/v1/uploads/", lambda route: route.fulfill(**answers.pop(0)))
    style.locator(".editor input[type=file]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": PIXEL}
    )
    expect(style.locator(".editor-files")).to_contain_text("图片已损坏。")
    style.get_by_role("button", name="再试").click()
    expect(style.locator("textarea[data-draft]")).to_have_value("![a](/media/2.jpg)\n")


def test_pictures_open_large_and_walk_by_keys(style: Page):
    style.locator("a[data-large]").first.click()
    box = style.locator("dialog.lightbox")
    expect(box).to_be_visible()
    expect(box).to_contain_text("1 / 3")
    style.keyboard.press("ArrowRight")
    expect(box).to_contain_text("2 / 3 · 地面标线")
    style.keyboard.press("Escape")
    expect(box).to_be_hidden()


def test_a_dialog_opens_and_closes(style: Page):
    style.get_by_role("button", name="打开对话框").click()
    expect(style.locator("#sample")).to_be_visible()
    style.locator("#sample .icon-btn").click()
    expect(style.locator("#sample")).to_be_hidden()


def test_the_next_page_is_joined_without_a_reload(style: Page):
    posts = style.locator("#posts > .post")
    before = posts.count()
    style.get_by_role("button", name="继续看").click()
    expect(style.locator(".pages [aria-current]")).to_have_text("9")
    assert posts.count() == before + 2  # the post that was there already (same id) is not told twice
    assert style.url.endswith("page=9")


def test_a_message_leaves_by_itself_and_an_error_stays(page: Page, live_server):
    page.clock.install()
    page.goto(f"{live_server.url}/styleguide/states/messages/")
    expect(page.locator(".toast")).to_have_count(2)
    page.clock.run_for(7000)
    expect(page.locator(".toast")).to_have_count(1)
    page.locator(".toast .icon-btn").click()
    page.clock.run_for(500)
    expect(page.locator(".toast")).to_have_count(0)


def test_the_page_says_when_there_is_no_network(style: Page):
    style.context.set_offline(True)
    expect(style.locator(".offline")).to_be_visible()
    style.context.set_offline(False)
    expect(style.locator(".offline")).to_have_count(0)


def test_without_javascript_everything_is_there(browser, live_server):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{live_server.url}/styleguide/")
    expect(page.locator("step-pair input[name=failures]")).to_be_visible()
    expect(page.locator(".editor-tools").first).to_be_hidden()
    page.locator("summary", has_text="更多").last.click()
    expect(page.get_by_role("link", name="一项")).to_be_visible()
    page.locator(".chip", has_text="小雨").first.click()
    expect(page.locator("input[name=weather][value=rain]").first).to_be_checked()
    page.locator("[data-theme-switch] button[value=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    context.close()
