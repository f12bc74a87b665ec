"""Markdown to HTML that may be put into any page: no HTML passes through, and the result is sanitised once more."""

from __future__ import annotations

import re
from typing import Any

import nh3
from django.utils.html import escape
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from .clean import clean_text
from .emphasis import InlineBesideChinese
from .links import house_links, is_our_picture

# Longer texts are shown as they were typed: nobody formats a book by hand, and parsing one takes seconds.
LONGEST = 100_000
_PIECE = 10_000
_PLAIN_RUN = re.compile(r"\n{2,}")
_CLASSES = re.compile(r"(?:language-[\w+#.-]{1,30}|align-(?:left|center|right)|tasks|task(?: done)?)\Z")
_TASK = re.compile(r"\[([ xX])\]\s+")
TAGS = {
    "p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "s",
    "table", "thead", "tbody", "tr", "th", "td", "a", "img",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "rel", "title"},
    "img": {"src", "alt", "title", "loading", "decoding"},
    "ol": {"start"},
    "ul": {"class"},
    "li": {"class"},
    "code": {"class"},
    "th": {"class"},
    "td": {"class"},
}


def permitted(tag: str, attribute: str, value: str) -> str | None:
    """The value that an attribute may have, None where it may not stand."""
    if attribute == "class":
        return value if _CLASSES.match(value) else None
    if (tag, attribute) == ("img", "src"):
        return value if is_our_picture(value) else None
    return value


SCHEMES = {"http", "https", "mailto"}
_cleaner = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    attribute_filter=permitted,
    url_schemes=SCHEMES,
    link_rel=None,
    strip_comments=True,
)


def sanitise(html: str) -> str:
    """Only the tags and attributes that `render` writes. Doing it twice changes nothing."""
    return _cleaner.clean(html)


def _house_rules(state: StateCore) -> None:
    """What our pages need of the parsed text, token by token."""
    for number, token in enumerate(state.tokens):
        if token.type in {"heading_open", "heading_close"}:
            # The page has its own first and second heading; those of a post stand below them.
            token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
        elif token.type in {"th_open", "td_open"}:
            # A style attribute would be refused by the page's content security policy.
            aligned = str(token.attrs.pop("style", ""))
            if aligned:
                token.attrSet("class", "align-" + aligned.removeprefix("text-align:"))
        elif token.type == "inline" and token.children is not None:
            if number > 1 and state.tokens[number - 2].type == "list_item_open":
                _mark_task(state.tokens, number)
            token.children = house_links(token.children, state.md)


def _mark_task(tokens: list[Token], number: int) -> None:
    """`- [x] done` is a box of text, not a form control that nobody can use."""
    children = tokens[number].children or []
    said = _TASK.match(children[0].content) if children and children[0].type == "text" else None
    if said is None:
        return
    done = said[1] != " "
    children[0].content = ("☑ " if done else "☐ ") + children[0].content[said.end() :]
    tokens[number - 2].attrSet("class", "task done" if done else "task")


def parser() -> MarkdownIt:
    """Markdown as this house reads it."""
    # A new line in the editor is a new line on the page: that is what people in a forum expect.
    options: dict[str, Any] = {"html": False, "linkify": False, "typographer": False, "breaks": True, "maxNesting": 20}
    md = MarkdownIt("commonmark", options)
    md.inline = InlineBesideChinese()
    md.configure("commonmark", options)
    md.enable(["table", "strikethrough"])
    md.core.ruler.push("house", _house_rules)
    return md


_markdown = parser()


def as_typed(text: str) -> str:
    """Paragraphs and lines, nothing else; in pieces, because the sanitiser is slow on one endless paragraph."""
    paragraphs = (part.strip("\n") for part in _PLAIN_RUN.split(text))
    pieces = (part[at : at + _PIECE] for part in paragraphs for at in range(0, len(part), _PIECE))
    return "".join(sanitise("<p>" + escape(piece).replace("\n", "<br>\n") + "</p>\n") for piece in pieces)


def render(markdown: str) -> str:
    """Safe HTML of a text in Markdown. Never raises and never takes long, whatever was typed."""
    text = clean_text(markdown)
    return as_typed(text) if len(text) > LONGEST else sanitise(_markdown.render(text))
