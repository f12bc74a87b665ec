"""Windows of several people on one running site."""

from __future__ import annotations

from typing import Any

from tests.browsing import PATIENCE, PHONE


class Site:
    """Windows of several people."""

    def __init__(self, browser: Any, address: str) -> None:
        self.browser = browser
        self.address = address
        self.complaints: list[str] = []

    def window(self, size: dict[str, int] = PHONE) -> Any:
        """A window of its own with nobody signed in. What its console complains about fails the story."""
        context = self.browser.new_context(
            viewport=size, locale="en-GB", timezone_id="Asia/Shanghai", base_url=self.address, reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda line: (
                self.complaints.append(f"{page.url}: {line.text}")
                if line.type == "error" and "Content Security Policy" in line.text
                else None
            ),
        )
        return page

    def signed_in(self, name: str, size: dict[str, int] = PHONE) -> Any:
        page = self.window(size)
        page.goto("/accounts/login/")
        sign_in(page, name)
        return page


def sign_in(page: Any, name: str) -> None:
    page.get_by_label("User name, mobile number or e-mail").fill(name)
    page.get_by_label("Password").fill(f"demo-{name}")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda address: "/accounts/login/" not in address)


def expect(thing: Any) -> Any:
    from playwright.sync_api import expect as expected

    expected.set_options(timeout=PATIENCE)
    return expected(thing)
