"""What was sent is not brought back by the browser: a reply in the forum, under an entry, a memory of an event."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from kocforum.forum.actions.threads import open_thread
from kocforum.members.models import Member
from tasks.actions.memories import edit_memory
from tasks.models import Memory
from tests.people import make_board
from tests.tasks.calls import given, open_call
from tests.tasks.initiatives import member
from tests.tasks.test_memories import begun_event, kept

from .conftest import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
    pytest.mark.django_db(transaction=True),
]
WORDS = "雨夜里试了三次，第三次停在半路。"


class Writer:
    """Somebody at a page with one editor."""

    def __init__(self, page: Page, site: str, who: Member) -> None:
        self.page, self.site = page, site
        client = Client()
        client.force_login(who)
        page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])

    def opens(self, address: str, form: str = "form") -> None:
        self.page.goto(self.site + address)
        self.form = self.page.locator(f"{form}:has(textarea[data-draft])")
        self.area = self.form.locator("textarea[data-draft]")
        self.page.evaluate(
            "document.querySelectorAll('details:has(textarea[data-draft])').forEach(one => one.open = true)"
        )

    def writes(self, words: str) -> None:
        self.area.fill(words)
        expect(self.form.locator("[data-draft-state]")).to_contain_text("已存在本机")

    def sends(self) -> None:
        with self.page.expect_navigation():
            self.form.locator("button.main").click()

    def keeps(self) -> list[str]:
        return self.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:'))")


def test_what_was_sent_does_not_come_back(page: Page, live_server):
    lin = member("lin")
    thread = open_thread(by=lin, board=make_board(), title="皖南一日", body="走了一百公里。")
    entry = given(open_call(), "he")
    event = begun_event("lin")
    writer = Writer(page, live_server.url, lin)
    for address in (thread.get_absolute_url(), entry.get_absolute_url(), f"/events/{event.pk}/memories/"):
        writer.opens(address)
        writer.writes(WORDS)
        writer.opens(address)
        expect(writer.area).to_have_value(WORDS)
        writer.sends()
        expect(page.locator("main")).to_contain_text(WORDS)
        assert not writer.keeps()
        writer.opens(address)
        expect(writer.area).to_have_value("")


def test_what_was_refused_is_kept_and_what_was_changed_elsewhere_is_not_overwritten(page: Page, live_server):
    told = kept(begun_event("lin"))
    writer = Writer(page, live_server.url, told.author)
    writer.opens(told.get_absolute_url())
    writer.writes(WORDS)
    edit_memory(by=told.author, memory=told, words="在手机上改过了。", uploads=())
    writer.sends()
    expect(writer.area).to_have_value(WORDS)
    assert writer.keeps()
    writer.opens(told.get_absolute_url())
    expect(writer.area).to_have_value("在手机上改过了。")
    writer.writes(WORDS)
    writer.sends()
    expect(page).to_have_url(re.compile("/memories/$"))
    assert Memory.objects.get().words == WORDS
