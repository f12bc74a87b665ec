"""Every component renders, says what it shows, and keeps to the content security policy."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.utils import timezone, translation
from django_cotton import render_component

from kocforum.ui import moments
from kocforum.ui.icons import ICONS
from kocforum.ui.people import COLOURS, colour_of, initial_of
from kocforum.ui.templatetags import ui as tags

from . import styleguide

TEMPLATES = settings.BASE_DIR / "templates"
COMPONENTS = sorted(path for path in (TEMPLATES / "components").glob("*.html"))
STATIC = settings.BASE_DIR / "static"


@pytest.fixture
def page(client, db, style_pages):
    return client.get("/styleguide/").content.decode()


def test_a_visitors_page_stores_no_cookie_and_holds_no_token(client, db, style_pages):
    answer = client.get("/styleguide/")
    assert answer.status_code == 200
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in answer.content.decode()


def test_the_style_page_shows_every_component():
    used = set(re.findall(r"<c-([a-z-]+)", (Path(__file__).parent / "pages/styleguide.html").read_text()))
    used |= {name for path in COMPONENTS for name in re.findall(r"<c-([a-z-]+)", path.read_text())}
    assert {path.stem.replace("_", "-") for path in COMPONENTS} - used == {"icon"}


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_begins_with_its_documentation_and_is_in_the_list(path):
    assert path.read_text().startswith("{% comment %}")
    assert f"**{path.stem.replace('_', '-')}" in (TEMPLATES / "components/README.md").read_text().replace(
        ", ", "**, **"
    )


def test_no_template_carries_inline_style_or_script():
    forbidden = re.compile(r"\sstyle=|\son[a-z]+=\"|hx-on|<style|<script(?![^>]*\bsrc=)|javascript:")
    ours = [TEMPLATES / "base.html", *COMPONENTS, *(TEMPLATES / "components/shell").glob("*.html")]
    found = [path.name for path in ours if forbidden.search(path.read_text())]
    assert not found


def test_a_component_does_not_see_the_variables_of_the_page(rf, style_pages):
    html = get_template("styleguide.html").render({**styleguide.context(), "title": "NOT FOR CARDS"}, rf.get("/"))
    assert "NOT FOR CARDS" not in html


def test_the_river_says_its_state_in_words_too(page):
    assert 'aria-current="step"' in page
    assert page.count('class="done is-recorded"') == 1


def test_an_interval_is_drawn_by_attributes_and_read_as_numbers(page):
    assert '<rect class="between" x="58.00%" y="7" width="30.00%"' in page
    assert '<circle class="at" cx="75.00%"' in page
    assert re.search(r'aria-label="标线模糊: [^"]*75%[^"]*58%[^"]*88%', page)


def test_a_share_without_a_whole_is_nothing_and_not_an_error():
    assert tags.share(3, 0) == 0
    assert tags.percent(None) == "—"
    assert tags.percent(float("nan")) == "—"
    assert tags.thousands(1240) == "1,240"


def test_a_name_has_one_initial_and_one_colour_for_ever():
    assert initial_of("周行") == "周"
    assert initial_of("  alice") == "A"
    assert initial_of("…") == "·"
    assert colour_of("周行") == colour_of("周行")
    assert {colour_of(str(n)) for n in range(400)} == set(range(COLOURS))


def test_each_avatar_colour_exists_in_the_style_sheet():
    css = (STATIC / "css/components/avatar.css").read_text()
    assert all(f".ava-{n} " in css for n in range(COLOURS))


@pytest.mark.parametrize(
    "name",
    sorted({n for path in TEMPLATES.rglob("*.html") for n in re.findall(r'{% icon "([^"]+)"', path.read_text())}),
)
def test_an_icon_that_a_template_names_is_drawn(name):
    assert name in ICONS


def test_a_name_with_markup_is_escaped(rf):
    assert "<b>" not in tags.avatar("<b>")
    line = render_component(rf.get("/"), "person", person=styleguide.person("<b>x"))
    assert "&lt;b&gt;x" in line
    assert "<b><b>" not in line


class TestMoments:
    now = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)

    def ago(self, **before) -> str:
        return moments.ago(self.now - timedelta(**before), self.now)

    def test_near_moments_are_relative_and_far_ones_dates(self):
        with translation.override("en"):
            assert self.ago(seconds=20) == "just now"
            assert self.ago(minutes=1) == "1 minute ago"
            assert self.ago(hours=3) == "3 hours ago"
            assert self.ago(days=6) == "6 days ago"
            assert self.ago(days=8) == "14 Nov"
            assert self.ago(days=400) == "18 Oct 2025"

    def test_chinese_dates_are_native(self):
        with translation.override("zh-hans"):
            assert self.ago(days=8) == "11月14日"
            assert moments.month_in_words(self.now.date()) == "2026年11月"

    def test_a_month_is_never_shown_as_its_first_day(self):
        with translation.override("zh-hans"):
            shown = tags.moment(self.now, "month")
        assert 'datetime="2026-11"' in shown
        assert "1日" not in shown

    def test_the_exact_moment_stands_in_the_title(self):
        assert 'title="2026-11-22 12:00"' in tags.ago_tag(self.now)
        assert tags.ago_tag(None) == ""
        assert "data-ago" in tags.ago_tag(timezone.now() - timedelta(minutes=2))
