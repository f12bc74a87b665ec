"""Events as a file for a calendar (RFC 5545), with their time zones by name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from ..enums import EventState
from ..models import Event

if TYPE_CHECKING:
    from icalendar import Component

BEFORE = timedelta(hours=2)
LOOKED_AT = timedelta(hours=6)


def as_calendar(events: Iterable[Event], *, name: str = "") -> bytes:
    """One entry for each, with an alarm two hours before. The same event is the same entry when it is loaded again, also by who subscribed
    under a `name`."""
    from icalendar import Calendar  # here: a server that starts needs no calendars

    calendar = Calendar()
    calendar.add("prodid", "-//kocforum//events//")
    calendar.add("version", "2.0")
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", LOOKED_AT, parameters={"value": "DURATION"})
    for event in events:
        calendar.add_component(_entry(event))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _entry(event: Event) -> Component:
    from icalendar import Alarm
    from icalendar import Event as Entry

    address = settings.SITE_URL.rstrip("/") + event.get_absolute_url()
    entry = Entry()
    entry.add("uid", f"{event.token}@{settings.SITE_URL.split('//')[-1].rstrip('/')}")
    entry.add("dtstamp", timezone.now())
    entry.add("sequence", int((event.changed_at - event.created_at).total_seconds()))
    entry.add("dtstart", event.begins_there)
    entry.add("dtend", event.ends_there)
    entry.add("summary", event.title)
    entry.add("location", f"{event.city} {event.place}")
    entry.add("description", "\n\n".join(part for part in (event.about, event.agenda, address) if part))
    entry.add("url", address)
    if event.state == EventState.CANCELLED:
        entry.add("status", "CANCELLED")
    if event.state == EventState.POSTPONED:
        entry.add("status", "TENTATIVE")
        return entry
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", event.title)
    alarm.add("trigger", -BEFORE)
    entry.add_component(alarm)
    return entry
