"""Moments in words: near ones relative, far ones as a date. The page refreshes the near ones by itself."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

MINUTE, HOUR, DAY = 60, 3600, 86400
FIRST_YEAR, LAST_YEAR = 1900, 2200


def _english() -> bool:
    return (get_language() or "").startswith("en")


def day_in_words(day: date, *, today: date | None = None) -> str:
    """3月14日, with the year only when it is not this one."""
    same_year = day.year == (today or timezone.localdate()).year
    if _english():
        return date_format(day, "j M" if same_year else "j M Y")
    return date_format(day, "n月j日" if same_year else "Y年n月j日")


def month_in_words(day: date) -> str:
    """2025年3月: for what is known to the month only."""
    return date_format(day, "F Y" if _english() else "Y年n月")


def exactly(moment: datetime) -> str:
    """2026-03-14 19:02 in the reader's time zone."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


def ago(moment: datetime, now: datetime | None = None) -> str:
    """刚刚, 5分钟前, 3小时前, 2天前; after a week the date."""
    now = now or timezone.now()
    seconds = int((now - moment).total_seconds())
    if seconds < -MINUTE or seconds >= 7 * DAY:
        return day_in_words(timezone.localtime(moment).date(), today=timezone.localtime(now).date())
    if seconds < MINUTE:
        return gettext("just now")
    if seconds < HOUR:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", seconds // MINUTE) % {"n": seconds // MINUTE}
    if seconds < DAY:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", seconds // HOUR) % {"n": seconds // HOUR}
    return ngettext("%(n)d day ago", "%(n)d days ago", seconds // DAY) % {"n": seconds // DAY}


def can_be_reckoned_with(moment: date) -> bool:
    """Far enough from the ends of the calendar for every zone and every sum. A phone that lost its clock is in 1970."""
    return FIRST_YEAR <= moment.year < LAST_YEAR
