"""Texts that are written for hours: with footnotes, an outline, and a count of words that fits Chinese."""

from __future__ import annotations

import re
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from mdit_py_plugins.footnote import footnote_plugin

from .clean import clean_text
from .markup import ATTRIBUTES, LONGEST, SCHEMES, TAGS, as_typed, parser, permitted

# Each of these is a word by itself; of everything else a run of letters and digits is one.
_ALONE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_WORD = re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}]+(?:['’][^\W_{_ALONE}]+)*")
_NAME = re.compile(r"(?:fn|fnref)-[a-z0-9]{1,24}-[0-9]{1,4}(?::[0-9]{1,4})?\Z|part-[0-9]{1,4}\Z")
_FOOTNOTES = {"footnote-ref", "footnotes", "footnotes-sep", "footnotes-list", "footnote-item", "footnote-backref"}


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 to 4 below the title, the words, and the anchor in the HTML."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Essay:
    """Safe HTML, its outline, and how many words it has."""

    html: str
    outline: tuple[Heading, ...]
    words: int


def count_words(text: str) -> int:
    """Chinese characters and kana one by one, of other scripts each run of letters and digits; punctuation counts nothing."""
    return sum(1 for _found in _WORD.finditer(text))


def render_essay(markdown: str, name: str) -> Essay:
    """As `render`, with footnotes (`[^1]`, `^[…]`) and anchors. `name`, letters and digits, keeps anchors of several texts on one
    page apart. Never raises, whatever was typed."""
    text = clean_text(markdown)
    if len(text) > LONGEST:
        return Essay(as_typed(text), (), count_words(text))
    env: dict = {"docId": name, "outline": []}
    html = _cleaner.clean(_markdown.render(text, env))
    return Essay(html, tuple(env["outline"]), count_words(text))


def _anchor_headings(state: StateCore) -> None:
    """Number the headings, and keep them for the outline."""
    for number, token in enumerate(state.tokens):
        if token.type != "heading_open":
            continue
        inline = state.tokens[number + 1]
        words = "".join(part.content for part in inline.children or [] if part.type in {"text", "code_inline"}).strip()
        heading = Heading(int(token.tag[1]) - 2, words, f"part-{len(state.env['outline']) + 1}")
        token.attrSet("id", heading.anchor)
        if words:
            state.env["outline"].append(heading)


def _essay_parser() -> MarkdownIt:
    md = parser().use(footnote_plugin)
    md.core.ruler.push("outline", _anchor_headings)
    return md


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "class" and value in _FOOTNOTES:
        return value
    if attribute == "id":
        return value if _NAME.match(value) else None
    return permitted(tag, attribute, value)


_more: dict[str, set[str]] = {
    **{tag: {"id"} for tag in ("h3", "h4", "h5", "h6")},
    "a": {"id", "class"},
    "li": {"id"},
    "ol": {"class"},
    "hr": {"class"},
    "sup": {"class"},
    "section": {"class"},
}
_cleaner = nh3.Cleaner(
    tags={*TAGS, "sup", "section"},
    attributes={tag: ATTRIBUTES.get(tag, set()) | _more.get(tag, set()) for tag in {*ATTRIBUTES, *_more}},
    attribute_filter=_allowed,
    url_schemes=SCHEMES,
    link_rel=None,
    strip_comments=True,
)
_markdown = _essay_parser()
