"""Renders the scenes (SVG) beside this file to JPEG. Needs Playwright and a Chromium: `python render.py [scene …]`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
SIZE = {"width": 1600, "height": 1067}
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


def render(names: list[str]) -> None:
    """One JPEG for each scene, all of them when none is named."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport=SIZE)
        for scene in [HERE / f"{name}.svg" for name in names] or sorted(HERE.glob("*.svg")):
            page.goto(scene.as_uri())
            page.screenshot(path=scene.with_suffix(".jpg"), type="jpeg", quality=80)
        browser.close()


if __name__ == "__main__":
    render(sys.argv[1:])
