"""Tags and filters that every template may load: `{% load ui %}`.

What appears dozens of times on a page (faces, icons, moments) is made here in Python: a component call costs ten times as much.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.http import QueryDict
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from kocforum.ui import moments
from kocforum.ui.icons import ICONS
from kocforum.ui.people import colour_of, initial_of

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, label: str = "") -> SafeString:
    """An icon of our set, silent unless it has a label: `{% icon "bell" %}`."""
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="icon" viewBox="0 0 24 24" {}>{}</svg>', said, mark_safe(ICONS.get(name, "")))


@register.simple_tag
def avatar(person: Any, size: str = "", official: bool = False) -> SafeString:
    """The face of a member (or of a plain name): `{% avatar post.author "s" %}`; sizes s, m (as given), l."""
    return _face(getattr(person, "name", None) or str(person or ""), size, bool(official))


@lru_cache(maxsize=4096)
def _face(name: str, size: str, official: bool) -> SafeString:
    colour = "official" if official else colour_of(name)
    kind = f"ava ava-{colour}" + (f" {size}" if size else "")
    return format_html('<span class="{}" aria-hidden="true">{}</span>', kind, initial_of(name))


@register.simple_tag(name="ago")
def ago_tag(moment: datetime | None) -> SafeString:
    """A moment in relative words with the exact one in the title: `{% ago post.created_at %}`."""
    if moment is None:
        return mark_safe("")
    near = 0 <= (timezone.now() - moment).total_seconds() < 7 * moments.DAY
    return format_html(
        '<time datetime="{}" title="{}"{}>{}</time>',
        moment.isoformat(timespec="seconds"),
        moments.exactly(moment),
        mark_safe(" data-ago") if near else "",
        moments.ago(moment),
    )


@register.simple_tag
def moment(value: datetime | date | None, precision: str = "minute") -> SafeString:
    """An exact moment, said only as exactly as it is known: `{% moment obs.occurred_at obs.precision %}`."""
    if value is None:
        return mark_safe("")
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    day = local.date() if isinstance(local, datetime) else local
    if precision == "month":
        return format_html('<time datetime="{}">{}</time>', f"{day:%Y-%m}", moments.month_in_words(day))
    words = moments.day_in_words(day)
    if precision == "day" or not isinstance(local, datetime):
        return format_html('<time datetime="{}">{}</time>', day.isoformat(), words)
    words = (
        f"{words} {local:%H:%M}"
        if precision == "minute"
        else gettext("%(day)s, around %(hour)s:00")
        % {
            "day": words,
            "hour": local.hour,
        }
    )
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), words)


@register.filter
def percent(value: Any, digits: int = 0) -> str:
    """0.753 → 75%. Nothing that is not a number becomes a dash."""
    try:
        number = float(value) * 100
    except (TypeError, ValueError):
        return "—"
    return "—" if number != number else f"{number:.{int(digits)}f}%"


@register.filter
def thousands(value: Any) -> str:
    """1240 → 1,240."""
    return f"{int(value or 0):,}"


@register.filter
def span(low: Any, high: Any) -> str:
    """The width between two shares as a percentage for an SVG attribute."""
    return percent(max(0.0, float(high) - float(low)), 2)


@register.filter
def share(part: Any, whole: Any) -> float:
    """part / whole, 0 when there is nothing to divide by."""
    return float(part) / float(whole) if float(whole or 0) else 0.0


@register.filter
def dots(done: Any, of: Any) -> list[bool]:
    """`done` true values out of `of`: for rows of dots and bars."""
    return [at < int(done or 0) for at in range(int(of or 0))]


@register.filter
def upto(value: Any, limit: int) -> range:
    """A range to draw at most `limit` small things."""
    return range(min(int(value or 0), int(limit)))


@register.filter
def minus(value: Any, other: Any) -> int:
    return int(value or 0) - int(other or 0)


@register.filter
def widget_kind(field: Any) -> str:
    """Which control a bound field shows: text, textarea, select, radio, checks, check, file, hidden."""
    name = type(field.field.widget).__name__
    return {
        "Textarea": "textarea",
        "Select": "select",
        "SelectMultiple": "select",
        "NullBooleanSelect": "select",
        "RadioSelect": "radio",
        "CheckboxSelectMultiple": "checks",
        "CheckboxInput": "check",
        "FileInput": "file",
        "ClearableFileInput": "file",
        "HiddenInput": "hidden",
    }.get(name, "text")


@register.simple_tag
def page_numbers(page: Any) -> Iterable[int | str]:
    """1 2 … 7 [8] 9 … 40 41 for a page of a paginator."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.simple_tag(takes_context=True)
def page_link(context: dict[str, Any], name: str, number: int) -> str:
    """This address with another page number; everything else that was asked for stays."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query[name] = str(number)
    if number == 1:
        del query[name]
    return f"?{query.urlencode()}" if query else (request.path if request else "?")


@register.simple_tag
def site_name() -> str:
    """The name of the house, also where no request is at hand."""
    return settings.SITE_NAME_EN if (get_language() or "").startswith("en") else settings.SITE_NAME


@register.simple_tag
def absolute(path: str) -> str:
    """A path of this site as a full address, for sharing and Open Graph."""
    return path if "://" in path else settings.SITE_URL.rstrip("/") + path


@register.simple_tag
def absolute_static(path: str) -> str:
    return absolute(static(path))


@register.filter
def in_language(row: Any, field: str = "name") -> str:
    """A catalogue row's text in the reader's language: `{{ board|in_language }}` reads `name` or `name_en`."""
    other = getattr(row, f"{field}_en", "")
    return other if other and (get_language() or "").startswith("en") else getattr(row, field, "")
