"""`{% load calls %}`: entries in a few words."""

from __future__ import annotations

from django import template

from kocforum.text import excerpt

register = template.Library()


@register.filter
def opening(markdown: str) -> str:
    """How an entry begins, in one line."""
    return excerpt(markdown, 180)
