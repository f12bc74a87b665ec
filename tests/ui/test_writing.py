"""The script of the page on which an entry is written: nothing that is typed is lost, whatever is pressed when."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tasks.actions.manuscripts import save_manuscript
from tasks.models import Entry, Manuscript, ManuscriptSave
from tasks.queries.manuscripts import now_of
from tests.people import make_member
from tests.tasks.calls import again, begun, given, open_call

from .conftest import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
    pytest.mark.django_db(transaction=True),
]
REPORT = [{"heading": "在哪里", "hint": "路名", "required": True}, {"heading": "照片", "required": False}]
GIVE = re.compile("^(提交|交)")


class Desk:
    """Somebody who writes an entry."""

    def __init__(self, page: Page, site: str, entry: Entry) -> None:
        self.page, self.entry, self.who = page, entry, entry.author
        self.address = f"{site}/tasks/{entry.call.task_id}/entries/{entry.pk}/"
        client = Client()
        client.force_login(self.who)
        page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
        self.title, self.body = page.locator("[name=title]"), page.locator("[name=body]")
        self.state, self.clash = page.locator("[data-saved]"), page.locator(".clash")

    def opens(self, more: str = "") -> None:
        self.page.goto(f"{self.address}write/{more}")

    def gives(self) -> None:
        self.page.locator("[name=do][value=give]").click()

    def is_saved(self) -> None:
        expect(self.state).to_contain_text("已保存", timeout=20_000)

    def kept_here(self) -> list[str]:
        return self.page.evaluate("Object.keys(localStorage).filter(key => /writing:/.test(key))")

    def elsewhere(self, body: str, title: str = "手机上的题目") -> None:
        here = now_of(again(self.entry))
        save_manuscript(
            by=self.who,
            entry=again(self.entry),
            title=title,
            body=body,
            version=here["version"],
            revision=here["revision"],
        )


@pytest.fixture
def desk(page: Page, live_server) -> Callable[..., Desk]:
    def at(entry: Entry | None = None, **call: Any) -> Desk:
        entry = entry or begun(open_call(**call), make_member("lin"))
        return Desk(page, live_server.url, entry)

    return at


def manuscript() -> tuple[str, str]:
    here = Manuscript.objects.get()
    return here.title, here.body


def until(true: Callable[[], bool]) -> None:
    for _n in range(200):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("it never came true")


def test_it_saves_itself_again_after_it_was_given(desk):
    desk = desk()
    for round_ in ("一", "二"):
        desk.opens()
        desk.title.fill("隧道里的两次")
        desk.body.fill(f"第{round_}稿，写到一半")
        desk.is_saved()
        desk.body.fill(f"第{round_}稿，写完了")
        desk.gives()
        desk.page.wait_for_url(re.compile(r"/entries/\d+/$"))
        assert not desk.kept_here()
    desk.opens()
    desk.body.fill("第三稿")
    desk.is_saved()
    assert again(desk.entry).version == 2 and manuscript()[1] == "第三稿"


def test_what_is_refused_at_once_is_there_when_its_writer_comes_back(desk):
    desk = desk(scaffold=REPORT)
    desk.opens()
    desk.body.fill("## 在哪里\n南京，写了两个小时\n")
    desk.gives()
    expect(desk.page.locator(".field.wrong, .errors").first).to_be_visible()
    desk.page.locator(".head a").first.click()
    desk.opens()
    expect(desk.body).to_have_value("## 在哪里\n南京，写了两个小时\n")


def test_what_could_not_be_saved_with_the_refusal_stays_in_this_browser(desk):
    desk = desk()
    desk.opens()
    desk.title.fill("太长的一篇")
    desk.page.evaluate("area => (area.value = '字'.repeat(100_001))", desk.body.element_handle())
    desk.body.press("End")
    desk.body.type("。")
    desk.gives()
    expect(desk.page.locator(".errors").first).to_be_visible()
    desk.page.goto(desk.address.replace(f"entries/{desk.entry.pk}/", ""))
    assert desk.kept_here()
    desk.opens()
    assert desk.body.evaluate("area => area.value.length") == 100_002


def test_mine_is_what_stands_there_when_it_is_chosen(desk):
    desk = desk()
    desk.opens()
    desk.elsewhere("手机上写的")
    desk.title.fill("电脑上的题目")
    desk.body.fill("电脑上写的")
    expect(desk.clash).to_be_visible(timeout=20_000)
    expect(desk.clash).to_contain_text("手机上的题目")
    expect(desk.clash).to_contain_text("手机上写的")
    desk.body.fill("电脑上写的，看到提示以后又写了一句")
    desk.clash.get_by_role("button", name="用我这份").click()
    expect(desk.clash).to_be_hidden()
    expect(desk.body).to_have_value("电脑上写的，看到提示以后又写了一句")
    desk.is_saved()
    assert manuscript() == ("电脑上的题目", "电脑上写的，看到提示以后又写了一句")
    assert not ManuscriptSave.objects.filter(aside=True).exists()
    assert "手机上写的" in ManuscriptSave.objects.values_list("body", flat=True)


def test_before_the_newer_one_is_taken_the_own_is_laid_aside_as_it_is_now(desk):
    desk = desk()
    desk.opens()
    desk.elsewhere("手机上写的")
    desk.body.fill("电脑上写的")
    expect(desk.clash).to_be_visible(timeout=20_000)
    desk.body.fill("电脑上写的，看到提示以后又写了一句")
    desk.clash.get_by_role("button", name="用更新的那份").click()
    expect(desk.body).to_have_value("手机上写的")
    expect(desk.title).to_have_value("手机上的题目")
    assert ManuscriptSave.objects.get(aside=True).body == "电脑上写的，看到提示以后又写了一句"
    assert manuscript()[1] == "手机上写的"


def test_without_a_network_nothing_is_taken_away(desk):
    desk = desk()
    desk.opens()
    desk.elsewhere("手机上写的")
    desk.body.fill("电脑上写的")
    expect(desk.clash).to_be_visible(timeout=20_000)
    desk.page.context.set_offline(True)
    desk.body.fill("电脑上写的，断网时又写了一句")
    desk.clash.get_by_role("button", name="用更新的那份").click()
    expect(desk.state).to_contain_text("没有网络")
    expect(desk.body).to_have_value("电脑上写的，断网时又写了一句")
    desk.clash.get_by_role("button", name="用我这份").click()
    expect(desk.clash).to_be_hidden()
    assert desk.kept_here()
    desk.page.context.set_offline(False)
    desk.is_saved()
    assert manuscript()[1] == "电脑上写的，断网时又写了一句"


def test_who_gives_while_two_texts_are_there_is_asked_which_one(desk):
    desk = desk()
    desk.opens()
    desk.elsewhere("手机上写的")
    desk.title.fill("电脑上的题目")
    desk.body.fill("电脑上写的")
    desk.gives()
    expect(desk.clash).to_be_visible(timeout=20_000)
    expect(desk.body).to_have_value("电脑上写的")
    desk.gives()
    expect(desk.clash).to_be_visible()
    assert not again(desk.entry).version
    desk.clash.get_by_role("button", name="用我这份").click()
    desk.gives()
    desk.page.wait_for_url(re.compile(r"/entries/\d+/$"))
    assert again(desk.entry).body == "电脑上写的"


def test_back_after_giving_it_goes_on_saving_from_what_was_given(desk):
    desk = desk()
    desk.opens()
    desk.title.fill("隧道里的两次")
    desk.body.fill("给大家看的")
    desk.is_saved()
    desk.gives()
    desk.page.wait_for_url(re.compile(r"/entries/\d+/$"))
    desk.page.go_back()
    desk.page.wait_for_url(re.compile(r"/write/$"))
    desk.body.fill("给大家看的，回来又写了一句")
    desk.is_saved()
    expect(desk.clash).to_be_hidden()
    assert manuscript()[1] == "给大家看的，回来又写了一句"
    desk.page.reload()
    expect(desk.body).to_have_value("给大家看的，回来又写了一句")


def test_a_page_that_comes_back_as_it_was_left_goes_on_saving(desk):
    """As the browser's own store of pages brings it back: the script goes on where it was."""
    desk = desk()
    desk.opens()
    desk.title.fill("隧道里的两次")
    desk.body.fill("给大家看的")
    desk.is_saved()
    desk.page.evaluate(
        "document.querySelector('.writing-form').addEventListener('submit', event => event.preventDefault())"
    )
    desk.gives()
    given(again(desk.entry).call, desk.who, title="隧道里的两次", body="给大家看的")
    desk.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    desk.body.fill("给大家看的，回来又写了一句")
    until(lambda: Manuscript.objects.filter(body="给大家看的，回来又写了一句").exists())
    expect(desk.clash).to_be_hidden()
    desk.page.reload()
    expect(desk.body).to_have_value("给大家看的，回来又写了一句")


def test_giving_waits_for_a_save_that_is_under_way(desk):
    desk = desk()
    desk.opens()
    arrived, go = threading.Event(), []

    def slowly(route):
        arrived.set()
        answer = route.fetch()
        go.append(lambda: route.fulfill(response=answer))

    desk.page.route("**/save/", slowly)
    desk.title.fill("隧道里的两次")
    desk.body.fill("给大家看的")
    until(lambda: desk.page.wait_for_timeout(50) or bool(go))
    desk.gives()
    desk.page.wait_for_timeout(300)
    assert desk.page.url.endswith("/write/") and not again(desk.entry).version
    go[0]()
    desk.page.wait_for_url(re.compile(r"/entries/\d+/$"))
    assert again(desk.entry).version == 1 and not ManuscriptSave.objects.filter(aside=True).exists()


def test_words_that_only_this_browser_has_go_on_from_where_they_were_written(desk):
    desk = desk()
    desk.opens()
    desk.page.context.set_offline(True)
    desk.body.fill("在路上写的")
    expect(desk.state).to_contain_text("没有网络", timeout=20_000)
    desk.elsewhere("手机上写的")
    desk.page.context.set_offline(False)
    desk.page.goto(desk.address.replace(f"entries/{desk.entry.pk}/", ""))
    desk.opens()
    until(
        lambda: (
            desk.page.wait_for_timeout(50)
            or ManuscriptSave.objects.filter(aside=True).exists()
            or Manuscript.objects.filter(body="在路上写的").exists()
        )
    )
    texts = {*ManuscriptSave.objects.values_list("body", flat=True), manuscript()[1]}
    assert {"在路上写的", "手机上写的"} <= texts


def test_an_older_text_that_was_asked_for_does_not_come_back_over_a_newer_one(desk):
    desk = desk()
    for words in ("一稿写了很长很长很长", "短"):
        desk.elsewhere(words)
    older = ManuscriptSave.objects.get(body="一稿写了很长很长很长")
    desk.opens(f"?from={older.pk}")
    expect(desk.body).to_have_value("一稿写了很长很长很长")
    desk.body.fill("一稿写了很长很长很长，接着写")
    desk.is_saved()
    desk.page.reload()
    expect(desk.body).to_have_value("一稿写了很长很长很长，接着写")


def test_who_signs_out_leaves_no_word_in_this_browser(desk, live_server):
    desk = desk()
    desk.opens()
    desk.page.route("**/save/", lambda route: route.abort())
    desk.page.evaluate("localStorage.setItem('writing:7', '{}')")
    desk.body.fill("封存的话")
    expect(desk.state).to_contain_text("没有网络", timeout=20_000)
    assert len(desk.kept_here()) == 2
    with desk.page.expect_navigation():
        desk.page.evaluate("document.querySelector('form[action*=logout]').requestSubmit()")
    assert not desk.kept_here()


def test_on_a_phone_the_outline_and_the_hints_are_at_hand(desk):
    desk = desk(scaffold=REPORT)
    desk.page.set_viewport_size({"width": 390, "height": 844})
    desk.opens()
    question, outline = desk.page.locator("details.brief-on-phone").all()
    question.locator("summary").click()
    for words in ("在哪里", "路名", "可以空着"):
        expect(question).to_contain_text(words)
    desk.body.fill("## 在哪里\n南京\n\n## 路上\n很堵")
    outline.locator("summary").click()
    expect(outline.get_by_role("link", name="路上")).to_be_visible()
    expect(desk.page.locator("aside").get_by_role("link", name="路上")).to_be_hidden()
    desk.body.fill("没有小标题了")
    expect(outline.get_by_role("link")).to_have_count(0)
    expect(outline.locator("li")).to_be_visible()
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_preview_numbers_its_footnotes_and_keeps_headings_above_the_text(desk):
    desk = desk()
    desk.opens()
    desk.body.fill("# 一\n\n## 二\n\n### 三\n\n#### 四\n\n话[^1]\n\n[^1]: 注")
    desk.page.locator("[data-look]").click()
    preview = desk.page.locator(".editor-preview")
    expect(preview.locator(".footnotes-list")).to_have_css("list-style-type", "decimal")
    sizes = preview.evaluate(
        "box => ['h3', 'h4', 'h5', 'h6', 'p'].map(tag => parseFloat(getComputedStyle(box.querySelector(tag)).fontSize))"
    )
    assert sizes == sorted(sizes, reverse=True)
