"""The demo community in a browser, loaded once for all tests of pages."""

from __future__ import annotations

import pytest

from tests.browsing import chromium, served


@pytest.fixture(scope="package")
def browser(playwright):
    with chromium(playwright) as opened:
        yield opened


@pytest.fixture(scope="package")
def demo(tmp_path_factory, browser, django_db_setup, django_db_blocker):
    """The address of a site with the demo community, in a database file of its own."""
    with django_db_blocker.unblock(), served(tmp_path_factory.mktemp("demo"), "demo", on_sqlite=True) as address:
        yield address


@pytest.fixture(scope="package")
def states(demo, browser):
    """`states("owner")`: the cookies of a demo sign-in; of a visitor none."""
    kept = {"visitor": None}

    def of(name: str):
        if name not in kept:
            context = browser.new_context(base_url=demo, locale="zh-CN")
            page = context.new_page()
            page.goto("/accounts/login/")
            page.fill("[name=login]", name)
            page.fill("[name=password]", f"demo-{name}")
            page.press("[name=password]", "Enter")
            page.wait_for_url(lambda address: "/login/" not in address)
            kept[name] = context.storage_state()
            context.close()
        return kept[name]

    return of


@pytest.fixture
def window(demo, browser, states):
    """`window("owner", width=390, dark=True)`: a page of that person."""
    opened = []

    def of(name: str = "visitor", *, width: int = 1440, dark: bool = False, javascript: bool = True):
        context = browser.new_context(
            base_url=demo,
            storage_state=states(name),
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            locale="zh-CN",
            reduced_motion="reduce",
            java_script_enabled=javascript,
        )
        context.set_default_timeout(20_000)
        opened.append(context)
        return context.new_page()

    yield of
    for context in opened:
        context.close()
