"""How templates say what the forum's queries answer: `{% load reports %}`."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..enums import Outcome, Precision, Severity, Signal, Venue

register = template.Library()

CHOICES = {"outcome": Outcome, "precision": Precision, "severity": Severity, "signals": Signal, "venue": Venue}


@register.filter
def spoken(said: dict[str, str] | None) -> str:
    """The reader's language of a pair {zh, en}."""
    if not said:
        return ""
    return said["en"] if (get_language() or "").startswith("en") else said["zh"]


@register.filter
def listed(words: list[str]) -> str:
    """Words in a row, as the reader's language separates them."""
    return _(", ").join(words)


@register.filter
def whole(arm: dict[str, Any]) -> int:
    """How many cars stand in an arm of the lens."""
    return arm["failing"] + arm["fine"]


@register.filter
def estimate(numbers: list[float | None]) -> str:
    """An estimate with its interval: 4.1 (2.2 to 7.6); a dash where there is nothing to estimate."""
    value, low, high = numbers
    if value is None:
        return "—"
    if low is None or high is None:
        return f"{value:.2f}"
    return _("%(value)s (%(low)s to %(high)s)") % {"value": f"{value:.2f}", "low": f"{low:.2f}", "high": f"{high:.2f}"}


@register.filter
def field_name(field: str) -> str:
    """A report's field in words."""
    return {
        "title": _("Title"),
        "narrative": _("Words"),
        "function": _("Function"),
        "failure_mode": _("In which way"),
        "severity": _("How serious"),
        "place": _("Place"),
        "signals": _("Odd signs"),
        "tried": _("Tried"),
        "conditions": _("Conditions"),
        "counts": _("Attempts and outcome"),
        "attempts": _("Attempts"),
        "failures": _("Failures"),
        "outcome": _("Outcome"),
        "vehicle": _("Car"),
        "software_version": _("Software version"),
        "occurred_at": _("Time"),
        "precision": _("Precision"),
        "venue": _("Place"),
        "district": _("District or town"),
        "uploads": _("Photos and video"),
    }.get(field, field)


@register.filter
def field_value(value: Any, field: str = "") -> str:
    """A stored value of a field in words: choices by their labels, lists and groups joined, nothing as a dash."""
    if value in (None, "", [], {}):
        return "—"
    if isinstance(value, dict):
        return "，".join(
            f"{field_name(name)} {field_value(inner, name)}"
            for name, inner in value.items()
            if inner not in (None, "", [])
        )
    if isinstance(value, list):
        return "、".join(field_value(inner, field) for inner in value)
    choices = CHOICES.get(field)
    return str(choices(value).label) if choices and value in choices.values else str(value)
