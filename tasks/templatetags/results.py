"""`{% load results %}`: numbers of surveys in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django import template
from django.utils.translation import gettext as _

from ..enums import QuestionType

register = template.Library()


@register.filter
def signed(number: float) -> str:
    """0.42 → +0.4, with a real minus."""
    return f"{number:+.1f}".replace("-", "−")


@register.filter
def signed_points(part: float) -> str:
    """0.123 → +12, percentage points."""
    return f"{100 * part:+.0f}".replace("-", "−")


@register.filter
def kind_of_question(kind: str) -> str:
    return str(QuestionType(kind).label)


@register.filter
def named(names: Iterable[str], labels: Mapping[str, str]) -> str:
    """The criteria in words, one after the other."""
    return _(", ").join(labels[name] for name in names)
