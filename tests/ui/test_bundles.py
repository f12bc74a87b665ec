"""Readers get one style sheet and one script, small enough for a phone in the car park."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

from kocforum.ui.storage import CSS_PART, JS_PART, join_css, join_js

STATIC = settings.BASE_DIR / "static"


def part(folder):
    return lambda path: (STATIC / folder / path).read_text()


def css() -> str:
    return join_css((STATIC / "css/site.css").read_text(), part("css"))


def js() -> str:
    return join_js((STATIC / "js/site.js").read_text(), part("js"))


def test_every_part_is_in_the_bundle_exactly_once():
    listed = CSS_PART.findall((STATIC / "css/site.css").read_text())
    there = {path.relative_to(STATIC / "css").as_posix() for path in (STATIC / "css/components").glob("*.css")}
    assert {path for path, _ in listed} == there | {"tokens.css", "reset.css", "base.css", "layout.css"}
    assert len(listed) == len({path for path, _ in listed})
    assert "@import" not in css()
    assert not re.search(r"^import ", js(), re.MULTILINE)


def test_the_parts_of_the_script_import_and_export_nothing():
    for path in JS_PART.findall((STATIC / "js/site.js").read_text()):
        assert not re.search(r"^\s*(import|export)\b", (STATIC / "js" / path).read_text(), re.MULTILINE), path


def test_only_the_tokens_name_colours():
    allowed = {
        "tokens.css",
        "avatar.css",
        "overlay.css",
        "base.css",
        "facts.css",
    }  # faces, dark veils over pictures, print
    named = re.compile(r"#[0-9a-fA-F]{3,8}\b|rgb\(")
    found = {
        path.name
        for path in (STATIC / "css").glob("**/*.css")
        if path.parent.name == "components" and named.search(path.read_text())
    }
    assert found <= allowed


def test_older_browsers_get_the_same_colours_written_out():
    text = (STATIC / "css/tokens.css").read_text()
    new, old = text.split("@supports not")
    for name, value in re.findall(r"(--[\w-]+): light-dark\((.+)\);", new):
        cut = next(
            at for at, sign in enumerate(value) if sign == "," and value[:at].count("(") == value[:at].count(")")
        )
        assert f"{name}: {value[:cut].strip()};" in old, name
        assert old.count(f"{name}: {value[cut + 1 :].strip()};") >= 2, name


def test_a_reading_page_weighs_at_most_60_kb_with_htmx():
    htmx = Path(finders.find("django_htmx/htmx-2.min.js")).read_bytes()
    live = (STATIC / "js/live.js").read_bytes()
    weights = [len(gzip.compress(content, 9)) for content in (css().encode(), js().encode(), live, htmx)]
    assert sum(weights) <= 60 * 1024, weights


def test_collecting_joins_the_parts_under_hashed_names(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [STATIC]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "kocforum.ui.storage.BundledStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    joined = list((tmp_path / "static/css").glob("site.*.css"))
    assert len(joined) == 1
    text = joined[0].read_text()
    assert "@import" not in text
    assert "@layer components{" in text
    assert list((tmp_path / "static/js").glob("site.*.js"))
    importing = next((tmp_path / "static/js/call").glob("mesh.*.js")).read_text()
    assert re.search(r'from "\./quality\.[0-9a-f]{12}\.js"', importing)  # never an older one from somebody's cache


@pytest.mark.parametrize("name", ["css/site.css", "js/site.js"])
def test_the_sources_work_as_they_lie(name):
    text = (STATIC / name).read_text()
    pattern = CSS_PART if name.endswith("css") else JS_PART
    for match in pattern.finditer(text):
        assert (STATIC / name).parent.joinpath(match["path"]).exists()
