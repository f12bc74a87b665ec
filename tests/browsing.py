"""Chromium and a running site, for tests that click."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.house import House, until

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1440, "height": 900}
PATIENCE = 20_000  # milliseconds: other tests may keep the machine busy


@contextlib.contextmanager
def chromium(playwright: Any, *more: str) -> Iterator[Any]:
    """A browser of pytest-playwright's own session (one process takes no second one), or the reason why there is none."""
    if not CHROMIUM:
        pytest.skip("needs Chromium")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright's loop runs in this thread
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *more])
    yield browser
    browser.close()


class Address(str):
    """Where a site answers, and the house in which further verbs are done while it does."""

    house: House


@contextlib.contextmanager
def served(folder: Path, *verbs: str, on_sqlite: bool = False) -> Iterator[Address]:
    """The embedded server over a database that the verbs of `tests.stories.site` filled; answers its address.

    `on_sqlite`: in a file of its own whatever the tests run on, for a community that outlives one test.
    """
    house = House("tests.stories.site", folder)
    if on_sqlite:
        house.env["DATABASE_URL"] = f"sqlite:///{house.file}"
        verbs = verbs if house.file.exists() else ("prepare", *verbs)
    house.env["REDIS_URL"] = ""
    for name in ("http_proxy", "https_proxy"):
        house.env.pop(name, None)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = Address(f"http://127.0.0.1:{port}")
    address.house = house
    house.env["SITE_URL"] = address
    try:
        for verb in verbs:
            house.run(verb)
        house.start("serve", str(port))
        until(lambda: _answers(address), "the site answers")
        yield address
    finally:
        house.close()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=10):
            return True
    except OSError:
        return False
