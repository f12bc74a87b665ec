"""What people type becomes HTML that is safe, complete and quick, and Chinese emphasis works."""

from __future__ import annotations

import itertools
import json
import re
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kocforum.text import render
from kocforum.text.markup import sanitise

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
VECTORS = DATA / "xss_markdown_vectors"
NAUGHTY = DATA / "naughty_strings" / "blns.json"
TAGS = {
    "p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "s", "table",
    "thead", "tbody", "tr", "th", "td", "a", "img",
}  # fmt: skip
ATTRIBUTES = {"href", "rel", "title", "src", "alt", "loading", "decoding", "start", "class"}


class Reader(HTMLParser):
    """Fails on anything that our pages must not contain."""

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS
        for name, value in attrs:
            assert name in ATTRIBUTES, (tag, name)
            if name == "href":
                scheme = re.match(r"[\x00-\x20]*([a-z][a-z0-9+.\-]*):", value, re.IGNORECASE)
                assert scheme is None or scheme[1].lower() in {"http", "https", "mailto"}, value
            if name == "src":
                assert value.startswith("/uploads/") and ".." not in value

    def handle_comment(self, data):
        raise AssertionError(data)

    handle_decl = handle_pi = handle_comment


def assert_safe(html: str) -> None:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert sanitise(html) == html


def fixture_inputs(path: Path) -> list[str]:
    """The inputs of a markdown-it fixture: name, a dot, input, a dot, output, a dot."""
    parts = re.split(r"^\.$\n?", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return parts[1::3]


def vectors() -> list[str]:
    found: list[str] = []
    if (VECTORS / "commonmark_0.31.2.json").exists():
        found += [
            case["markdown"] for case in json.loads((VECTORS / "commonmark_0.31.2.json").read_text(encoding="utf-8"))
        ]
    for path in sorted(VECTORS.glob("markdown_it/*.md")):
        found += fixture_inputs(path)
    for path in sorted(VECTORS.glob("bleach_tests/*.test")):
        found += path.read_text(encoding="utf-8").split("\n--\n")
    for path in sorted(VECTORS.glob("*.txt")):
        found += path.read_text(encoding="utf-8", errors="replace").splitlines()
    return found


@pytest.mark.real_data
@pytest.mark.skipif(not VECTORS.exists(), reason="../shared/data/xss_markdown_vectors is not here")
def test_every_known_attack_comes_out_harmless():
    attacks = vectors()
    assert len(attacks) > 800
    for attack in attacks:
        for text in (
            attack,
            f"[{attack}]({attack})",
            f"![{attack}]({attack})",
            f"<{attack}>",
            f"`{attack}` **{attack}**",
        ):
            assert_safe(render(text))


@pytest.mark.real_data
@pytest.mark.skipif(not NAUGHTY.exists(), reason="../shared/data/naughty_strings is not here")
def test_naughty_strings_come_out_harmless():
    for text in json.loads(NAUGHTY.read_text(encoding="utf-8")):
        assert_safe(render(text))


@pytest.mark.real_data
@pytest.mark.skipif(not VECTORS.exists(), reason="../shared/data/xss_markdown_vectors is not here")
def test_latin_emphasis_is_read_exactly_as_the_standard_says():
    cases = json.loads((VECTORS / "commonmark_0.31.2.json").read_text(encoding="utf-8"))
    read = [
        case for case in cases if "emphasis" in case["section"] and not re.search(r"[<!`\[]|\n.*\n", case["markdown"])
    ]
    assert len(read) > 90
    for case in read:
        expected = case["html"].replace("&quot;", '"').replace("\n", "<br>\n").removesuffix("<br>\n") + "\n"
        assert render(case["markdown"]).replace("\xa0", "&nbsp;") == expected.replace("\xa0", "&nbsp;"), case["example"]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.text(alphabet="*_~`[]()<>!\\|#-+=:\"'&\n \t1aé。“”，中/.x", max_size=80)))
def test_render_never_raises_and_a_second_sanitising_changes_nothing(text):
    assert_safe(render(text))


@pytest.mark.parametrize(
    ("typed", "html"),
    [
        ("**“引号”**后面", "<p><strong>“引号”</strong>后面</p>\n"),
        ("前面**“引号”**后面", "<p>前面<strong>“引号”</strong>后面</p>\n"),
        ("这是**重点。**然后", "<p>这是<strong>重点。</strong>然后</p>\n"),
        ("**（注意）**：先关", "<p><strong>（注意）</strong>：先关</p>\n"),
        ("说了*《手册》*里的", "<p>说了<em>《手册》</em>里的</p>\n"),
        ("**升级到 4.2.1！**之后", "<p><strong>升级到 4.2.1！</strong>之后</p>\n"),
        ("~~“旧”~~新", "<p><s>“旧”</s>新</p>\n"),
        ("版本_号_不变", "<p>版本_号_不变</p>\n"),
        ("2 * 3 * 4 = 24", "<p>2 * 3 * 4 = 24</p>\n"),
    ],
)
def test_emphasis_stands_right_beside_chinese(typed, html):
    assert render(typed) == html


@pytest.mark.parametrize(
    "mark", ["*", "[", "![", "_", "`", "> ", "- ", "&", "<", "\u00a0", "a|b\n-|-\n", "[a](", "**“"]
)
def test_a_hundred_thousand_marks_do_not_stop_the_parser(mark):
    for text in (mark * 100_000, (mark * 1_000_000)[:1_000_000], ((mark * 500)[:1000] + "\n\n") * 90):
        assert render(text)
    line = (mark * 500)[:1000] + "\n\n"
    assert calls_of(render, mark * 2000) < 2.2 * calls_of(render, mark * 1000)
    assert calls_of(render, line * 20) < 2.2 * calls_of(render, line * 10)


def calls_of(work: Callable[[str], object], text: str) -> int:
    """How many functions are entered and left on the way: the same on every machine, however busy."""
    seen = itertools.count()
    sys.setprofile(lambda frame, event, argument: next(seen))
    try:
        work(text)
    finally:
        sys.setprofile(None)
    return next(seen)


def test_a_megabyte_of_ordinary_text_is_shown_as_it_was_typed():
    html = render("第一段，**重点**\n第二行 <b>x</b>\n\n" * 30_000)
    assert html.startswith("<p>第一段，**重点**<br>\n第二行 &lt;b&gt;x&lt;/b&gt;</p>\n<p>")


def test_deep_nesting_ends_somewhere():
    assert_safe(render("> " * 500 + "x"))
    assert_safe(render("".join("  " * depth + "- x\n" for depth in range(300))))


def test_a_link_that_leads_outside_says_so_and_one_inside_does_not(settings):
    settings.SITE_URL = "https://echo.example"
    rel = ' rel="nofollow ugc noopener"'
    assert render("[a](https://b.example/x)") == f'<p><a href="https://b.example/x"{rel}>a</a></p>\n'
    assert render("[a](//b.example)") == f'<p><a href="//b.example"{rel}>a</a></p>\n'
    assert render("[a](https://echo.example.evil.example/)").count(rel) == 1
    assert render("[a](https://echo.example/t/5/)") == '<p><a href="https://echo.example/t/5/">a</a></p>\n'
    assert render("[a](/t/5/)") == '<p><a href="/t/5/">a</a></p>\n'


def test_a_bare_address_becomes_a_link_and_ends_where_chinese_begins():
    link = (
        '<a href="https://a.example/x_y?q=1&amp;r=2" rel="nofollow ugc noopener">https://a.example/x_y?q=1&amp;r=2</a>'
    )
    assert render("看https://a.example/x_y?q=1&r=2，就是它") == f"<p>看{link}，就是它</p>\n"
    assert render("(https://a.example/x_y?q=1&r=2).") == f"<p>({link}).</p>\n"
    assert "<a" not in render("`https://a.example/`")
    assert render("[https://a.example/](/t/1/)").count("<a") == 1


def test_only_pictures_of_our_own_are_shown_and_others_become_links():
    own = '<img src="/uploads/2026/rain.jpg" alt="雨" loading="lazy" decoding="async">'
    assert render("![雨](/uploads/2026/rain.jpg)") == f"<p>{own}</p>\n"
    assert render("![雨](https://b.example/a.png)") == (
        '<p><a href="https://b.example/a.png" rel="nofollow ugc noopener">雨</a></p>\n'
    )
    for foreign in ("//b.example/uploads/a.png", "/uploads/../media/a.png", "/uploads//b.example", "/other/a.png",
                    "data:image/png;base64,AAAA"):  # fmt: skip
        assert "<img" not in render(f"![x]({foreign})")
    assert render("[![x](https://b.example/a.png)](/t/1/)") == '<p><a href="/t/1/">x</a></p>\n'


def test_a_post_has_lines_tables_tasks_and_headings_below_those_of_the_page():
    assert render("一\n二") == "<p>一<br>\n二</p>\n"
    assert render("# 标题").startswith("<h3>") and render("##### 小").startswith("<h6>")
    assert '<td class="align-right">3</td>' in render("|次数|\n|--:|\n|3|")
    assert '<li class="task done">☑ 重启</li>' in render("- [x] 重启\n- [ ] 复位")
    assert "style=" not in render("|a|\n|:-:|\n|b|")


def test_html_is_shown_and_never_obeyed():
    assert render("<script>alert(1)</script>") == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"
    assert render("[a](javascript:alert(1))") == "<p>[a](javascript:alert(1))</p>\n"
    assert render("") == ""
