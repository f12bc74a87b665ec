"""Where a text as it was typed has markup: the words stay what they are, and a page can mute the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MARKUP, HEADING, STRONG, PICTURE = "markup", "heading", "strong", "picture"

_TOKENS = re.compile(
    r"""
    (?P<heading_sign>^\ {0,3}\#{1,6}[ \t]+)(?P<heading>[^\n]*)
  | (?P<footnote>^\ {0,3}\[\^[^\]\n]{1,40}\]:[ \t]*)
  | (?P<quote>^\ {0,3}(?:>[ \t]?)+)
  | (?P<item>^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+)
  | (?P<rule>^\ {0,3}(?:-{3,}|\*{3,}|_{3,})[ \t]*$)
  | (?P<picture>!\[(?P<alt>[^\]\n]{0,200})\]\((?P<address>[^()\s]{1,500})(?:[ \t]+"[^"\n]{0,200}")?\))
  | (?P<reference>\[\^[^\]\n]{1,40}\])
  | (?P<before>\[)(?P<label>[^\]\[\n]{1,200})(?P<after>\]\([^()\s]{1,500}\))
  | (?P<open>\*\*|__)(?=\S)(?P<strong>[^*_\n]{1,400}?)(?P<close>(?P=open))
  | (?P<fence>^\ {0,3}(?:`{3,}|~{3,})[^\n]*$)
    """,
    re.MULTILINE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class SourceMark:
    """From `start` to before `end`, in code points. `address`: of a picture."""

    start: int
    end: int
    kind: str
    address: str = ""


def source_marks(text: str) -> list[SourceMark]:
    """Headings, emphasis and pictures of a text, and the signs that make them, in order and apart from each other."""
    return [mark for found in _TOKENS.finditer(text) for mark in _of(found) if mark.start < mark.end]


def _of(found: re.Match[str]) -> Iterator[SourceMark]:
    if found["heading_sign"]:
        yield SourceMark(*found.span("heading_sign"), MARKUP)
        yield SourceMark(*found.span("heading"), HEADING)
    elif found["picture"]:
        yield SourceMark(*found.span(), PICTURE, found["address"])
    elif found["label"]:
        yield SourceMark(*found.span("before"), MARKUP)
        yield SourceMark(*found.span("after"), MARKUP)
    elif found["strong"]:
        yield SourceMark(*found.span("open"), MARKUP)
        yield SourceMark(*found.span("strong"), STRONG)
        yield SourceMark(*found.span("close"), MARKUP)
    else:
        yield SourceMark(*found.span(), MARKUP)
