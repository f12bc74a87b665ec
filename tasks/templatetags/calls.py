"""`{% load calls %}`: entries in a few words."""

from __future__ import annotations

import re

from django import template

from kocforum.text import excerpt

register = template.Library()
_NOT_PROSE = re.compile(r"^ {0,3}(?:#{1,6}[ \t].*|\[\^[^\]]+\]:.*|!\[[^\]]*\]\([^)]*\)\s*)$|\[\^[^\]]+\]", re.MULTILINE)


@register.filter
def opening(markdown: str) -> str:
    """How an entry begins, in one line: without headings, pictures and footnotes."""
    return excerpt(_NOT_PROSE.sub("", markdown), 140) or excerpt(markdown, 140)
