"""Text without its markup: for previews, mails and the search index."""

from __future__ import annotations

import html
import re

from .clean import clean_text
from .markup import render

_OURS = re.compile(r"\s*<(?:p|h[1-6]|ul|ol|pre|blockquote|table|hr)\b[^<>]*>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>|</(?:p|h[1-6]|li|pre|blockquote|tr)>|<hr\s*/?>", re.IGNORECASE)
_CELL = re.compile(r"</t[dh]>", re.IGNORECASE)
_PICTURE = re.compile(r"""<img\b[^<>]*?\balt="([^"]*)"[^<>]*>""", re.IGNORECASE)
# Without any of these, or a list's number, a text has no markup to lose.
_MARKED = re.compile(r"[*_~`\[\]#<>|&\\!=+:-]|^\s*\d+[.)]", re.MULTILINE)
_TAG = re.compile(r"<[^<>]*>")


def plain(html_or_markdown: str) -> str:
    """The bare text, one line for each paragraph, of what `render` gave or of Markdown; escape it before a page."""
    text = clean_text(html_or_markdown)
    if not _MARKED.search(text):
        return "\n".join(line for line in (" ".join(line.split()) for line in text.split("\n")) if line)
    if not (_OURS.match(text) and text.rstrip().endswith(">")):
        text = render(text)
    text = _BREAK.sub("\n", text.replace("\n", " "))
    text = _TAG.sub("", _PICTURE.sub(r" \1 ", _CELL.sub(" ", text)))
    lines = (" ".join(line.split()) for line in html.unescape(text).split("\n"))
    return clean_text("\n".join(line for line in lines if line))


def excerpt(html_or_markdown: str, length: int = 120) -> str:
    """The beginning in one line, at most `length` characters, with an ellipsis where it was cut."""
    text = " ".join(plain(html_or_markdown).split())
    if len(text) <= length:
        return text
    return text[: max(length - 1, 0)].rstrip(" ，。、；：,.;:\u200d\ufe0f") + "…"
