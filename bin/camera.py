"""Walks a running demo community in a browser and takes the pictures. Runs in `.venv`; started by `bin/pictures`."""

from __future__ import annotations

import argparse
import html
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import services
import sights
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDTHS = {390: 844, 1440: 900}
THEMES = ("light", "dark")
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
TALLEST = 6000
# On a picture of the whole page, what sticks to the lower edge of the screen would lie across its middle.
WHOLE_PAGE = """.tabbar, .capture-foot { position: static !important }
*, *::before, *::after { transition: none !important; animation: none !important }"""
# README's: (file, sign-in, page, language, theme, width, height)
README = [
    ("report-zh-light-1440", "visitor", "report-closed-loop", "zh", "light", 1440, 1100),
    ("front-zh-light-1440", "visitor", "front", "zh", "light", 1440, 1000),
    ("capture-zh-dark-390", "owner", "capture", "zh", "dark", 390, 844),
    ("desk-ticket-zh-light-1440", "researcher", "desk-ticket", "zh", "light", 1440, 1000),
]


class Walk:
    """One walk through the site."""

    def __init__(self, browser: Browser, url: str, out: Path) -> None:
        self.browser = browser
        self.url = url.rstrip("/")
        self.out = out
        self.complaints: dict[str, None] = {}
        self.taken: list[str] = []
        self.done: set[str] = set()

    def person(self, name: str) -> Any:
        """The cookies of somebody who signed in."""
        context = self._context("zh")
        if name != "visitor":
            page = context.new_page()
            page.goto(f"{self.url}/accounts/login/")
            page.fill("[name=login]", name)
            page.fill("[name=password]", f"demo-{name}")
            page.press("[name=password]", "Enter")
            page.wait_for_url(lambda address: "/login/" not in address)
        state = context.storage_state()
        context.close()
        return state

    def sights(self, name: str, state: Any) -> sights.Sights:
        """What this person is to see, each page once over all people."""
        context = self._context("zh", state)
        community = sights.Community(
            lambda path: context.request.get(self.url + path).json(),
            lambda path: context.request.get(self.url + path).text(),
        )
        found = [sight for finder in sights.PEOPLE[name] for sight in finder(community)]
        context.close()
        return found

    def unseen(self, found: sights.Sights) -> sights.Sights:
        left = [sight for sight in found if sight[0] in sights.FOR_EACH or sight[0] not in self.done]
        self.done.update(name for name, _address in found)
        return left

    def take(self, who: str, state: Any, found: sights.Sights) -> None:
        """Each page in both languages; one load serves both widths and both themes."""
        for language in LANGUAGES:
            context = self._context(language, state)
            page = context.new_page()
            for name, address in found:
                for theme, width in self._ready(page, who, name, address):
                    path = f"{name}/{who}-{language}-{theme}-{width}.jpg"
                    (self.out / name).mkdir(parents=True, exist_ok=True)
                    page.screenshot(path=self.out / path, type="jpeg", quality=80, full_page=True)
                    self.taken.append(path)
            context.close()

    def _ready(self, page: Page, who: str, name: str, address: str) -> Iterator[tuple[str, int]]:
        page.on("pageerror", lambda error: self._complain(address, who, f"script: {error}"))
        page.set_viewport_size({"width": 390, "height": WIDTHS[390]})
        answer = page.goto(self.url + address, wait_until="load")
        if answer is None or (answer.status >= 400 and name != "not-found"):
            self._complain(address, who, f"answers {answer and answer.status}")
            return
        page.add_style_tag(content=WHOLE_PAGE)
        for width, height in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            for theme in THEMES:
                page.emulate_media(color_scheme=theme, reduced_motion="reduce")
                if theme == THEMES[0]:
                    self._look_at(page, who, address, width)
                yield theme, width

    def _look_at(self, page: Page, who: str, address: str, width: int) -> None:
        # Pictures that wait to be scrolled to would stay empty on a picture of the whole page.
        broken = page.evaluate(
            """async () => { const images = [...document.images]; images.forEach(image => image.loading = 'eager');
            await Promise.race([Promise.allSettled(images.map(image => image.decode())), new Promise(go => setTimeout(go, 3000))]);
            return images.filter(image => image.complete && !image.naturalWidth).map(image => image.src) }"""
        )
        if broken:
            self._complain(address, who, f"pictures missing: {', '.join(broken[:3])}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            self._complain(address, who, f"scrolls sideways at {width}: {wide}")
        if page.evaluate("document.documentElement.scrollHeight") > TALLEST * (2 if width == 390 else 1):
            self._complain(address, who, f"very tall at {width}")

    def _complain(self, address: str, who: str, what: str) -> None:
        self.complaints[f"{address} ({who}): {what}"] = None

    def _context(self, language: str, state: Any = None) -> BrowserContext:
        return self.browser.new_context(
            locale=LANGUAGES[language],
            timezone_id="Asia/Shanghai",
            storage_state=state,
            reduced_motion="reduce",
            bypass_csp=True,
        )

    def for_readme(self) -> None:
        """The few that README shows: one screen each, as WebP."""
        self.out.mkdir(parents=True, exist_ok=True)
        for file, who, name, language, theme, width, height in README:
            state = self.person(who)
            address = dict(self.sights(who, state))[name]
            context = self._context(language, state)
            page = context.new_page()
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.goto(self.url + address, wait_until="networkidle")
            shot = self.out / f"{file}.png"
            page.screenshot(path=shot)
            Image.open(shot).save(self.out / f"{file}.webp", quality=86, method=6)
            shot.unlink()
            context.close()
            print(f"  {file}.webp  {(self.out / f'{file}.webp').stat().st_size // 1024} KB")

    def index(self) -> None:
        """All pictures on one page."""
        rows = "\n".join(
            f'<figure><a href="{html.escape(path)}"><img loading="lazy" width="280" src="{html.escape(path)}"></a>'
            f"<figcaption>{html.escape(path)}</figcaption></figure>"
            for path in self.taken
        )
        style = "body{display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start;font:12px system-ui}figure{margin:0}"
        page = f'<!doctype html><meta charset="utf-8"><title>Pictures</title><style>{style}</style>{rows}'
        (self.out / "index.html").write_text(page, encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--readme", action="store_true")
    options = parser.parse_args()
    chromium = services.chromium()
    if "missing" in chromium:
        raise SystemExit(f"No pictures: {chromium['missing']}.")
    begun = time.monotonic()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium["use"], args=QUIET)
        walk = Walk(browser, options.url, options.out)
        try:
            walk.for_readme() if options.readme else _walk(walk, options.only)
        except Error as error:
            raise SystemExit(f"The walk ended: {error}")
        browser.close()
    for complaint in walk.complaints:
        print(f"  ! {complaint}")
    if not options.readme:
        print(
            f"{len(walk.taken)} pictures in {options.out} ({time.monotonic() - begun:.0f} s); look at index.html there."
        )
    return 0


def _walk(walk: Walk, only: str) -> None:
    for who in sights.PEOPLE:
        state = walk.person(who)
        found = [sight for sight in walk.unseen(walk.sights(who, state)) if only in sight[0]]
        print(f"  {who}: {len(found)} pages", flush=True)
        walk.take(who, state, found)
    walk.index()


if __name__ == "__main__":
    sys.exit(main())
