"""Headings that a call wants answered: cleaned, written out as a text to begin with, and looked for in what was given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from kocforum.text import clean_line, clean_text

MOST = 12
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$")
_RULED = re.compile(r"^[\W_]*$")

Scaffold = list[dict[str, Any]]


def field_report() -> Scaffold:
    """The headings of a report from the road: when, where, in which weather, what was done, what happened, what it showed."""
    rows = (
        ("time", _("When it was"), _("The day and the time, and how long it went on."), True),
        ("place", _("Where"), _("City, road, kind of place; as exact as you like to be."), True),
        ("weather", _("Weather and light"), _("Rain, sun from the front, night without lamps…"), False),
        ("action", _("What you did"), _("Step by step, also what you touched and said."), True),
        ("tries", _("How often"), _("So many tries, so many that went wrong."), False),
        ("signal", _("What the car did and showed"), _("Words on the screen, sounds, movements."), True),
        ("media", _("Photos and films"), _("Put them where they belong in the text."), False),
    )
    return [{"key": key, "heading": heading, "hint": hint, "required": must} for key, heading, hint, must in rows]


def clean_scaffold(said: Iterable[Any]) -> Scaffold:
    """Headings as they are kept. A heading may come as a word alone. Raises ValueError for what cannot be one."""
    rows: Scaffold = []
    for number, row in enumerate(said, 1):
        given: Mapping[str, Any] = {"heading": row} if isinstance(row, str) else row
        if not isinstance(given, Mapping):
            raise ValueError(str(row)[:40])
        heading = clean_line(str(given.get("heading") or ""))[:60]
        if not heading:
            continue
        rows.append(
            {
                "key": clean_line(str(given.get("key") or f"h{number}"))[:24],
                "heading": heading,
                "hint": clean_line(str(given.get("hint") or ""))[:200],
                "required": bool(given.get("required", True)),
            }
        )
    headings = [row["heading"].casefold() for row in rows]
    if len(rows) > MOST or len(set(headings)) < len(headings) or len({row["key"] for row in rows}) < len(rows):
        raise ValueError(_("Up to %(most)s headings, each once.") % {"most": MOST})
    return rows


def skeleton(scaffold: Sequence[Mapping[str, Any]]) -> str:
    """The text that an entry begins with: the headings, with room under each."""
    return "\n\n".join(f"## {row['heading']}\n" for row in scaffold)


def sections_of(markdown: str) -> dict[str, str]:
    """What stands under each heading of a text, by the heading's words in lower case; lower headings belong to their upper one."""
    found: dict[str, list[str]] = {}
    fenced, open_ones = False, ()
    for line in clean_text(markdown).split("\n"):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        heading = None if fenced else _HEADING.match(line)
        if heading:
            level = len(line.strip()) - len(line.strip().lstrip("#"))
            open_ones = (*((name, at) for name, at in open_ones if at < level), (heading[1].strip().casefold(), level))
            found.setdefault(open_ones[-1][0], [])
        else:
            for name, _level in open_ones:
                found[name].append(line)
    return {name: "\n".join(lines) for name, lines in found.items()}


def missing(scaffold: Sequence[Mapping[str, Any]], markdown: str) -> list[str]:
    """Required headings under which nothing was said: neither a letter nor a picture (L6). How much was said does not matter."""
    said = sections_of(markdown)
    return [
        row["heading"]
        for row in scaffold
        if row.get("required") and _RULED.match(said.get(row["heading"].casefold(), ""))
    ]
