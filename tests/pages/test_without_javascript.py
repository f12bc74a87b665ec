"""Reading and posting without JavaScript: slower, but all there."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser


def test_a_visitor_reads_everything(window):
    page = window(javascript=False, width=390)
    page.goto("/")
    page.locator("main a[href^='/t/']").first.click()
    page.wait_for_url(re.compile(r"/t/\d+/"))
    assert page.locator("ol.river li").count() >= 5
    assert page.locator("main .ask a").count() == 3
    for path, shown in {"/topics/": "main a[href^='/topics/']", "/boards/": "main a[href^='/boards/']"}.items():
        page.goto(path)
        page.locator(shown).first.click()
        assert page.locator("h1").count() == 1
    page.goto("/search/")
    page.locator("[name=q]:visible").last.fill("自动泊车")
    page.locator("[name=q]:visible").last.press("Enter")
    assert page.locator("main a[href^='/t/']").count() > 3


def test_numbered_pages_lead_on(window):
    page = window(javascript=False)
    page.goto("/?tab=latest")
    page.locator("nav.pages a[href*='page=2']").first.click()
    assert page.locator("main a[href^='/t/']").count()


def test_an_owner_writes_reports_and_answers(window):
    page = window("owner", javascript=False, width=390)
    page.goto("/boards/")
    page.locator("main a[href^='/boards/']").last.click()
    page.locator("main a[href$='/new/'][href^='/boards/']").first.click()
    page.fill("[name=title]", "没有脚本也能写")
    page.fill("[name=body]", "**第一句**")
    page.locator("main form[method=post] button.main").click()
    page.wait_for_url(re.compile(r"/t/\d+/"))
    assert page.locator("main .prose strong").inner_text() == "第一句"
    page.locator("#reply textarea").fill("自己接一句")
    page.locator("#reply button.main").click()
    page.wait_for_url(re.compile(r"/t/\d+/.*#p2"))
    assert "自己接一句" in page.locator("#p2").inner_text()

    page.goto("/reports/new/")
    page.locator("label.chip:has(input[name=function])").first.click()
    page.locator("[name=failures]").fill("2")
    page.locator("[name=narrative]").fill("没有脚本，也记下来：两次都没停进去。")
    page.locator("main form button.main").last.click()
    page.wait_for_url(re.compile(r"/t/\d+/"))
    thread = page.url
    assert "没有脚本，也记下来" in page.locator("main").inner_text()

    other = window("koc", javascript=False, width=390)
    other.goto(thread)
    other.locator("main .ask a").first.click()
    other.locator("main form button.main").last.click()
    other.wait_for_url(re.compile(r"/t/\d+/.*#p2"))


def test_what_was_refused_is_still_in_the_form(window):
    page = window("owner", javascript=False)
    page.goto("/reports/new/")
    page.locator("[name=narrative]").fill("写了很多，但忘了选功能。")
    page.locator("main form button.main").last.click()
    assert page.locator("[name=narrative]").input_value() == "写了很多，但忘了选功能。"
    assert page.locator("ul.errors, ul.errorlist, .form-errors").count()
