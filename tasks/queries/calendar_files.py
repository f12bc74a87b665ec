"""A workshop as a file for a calendar (RFC 5545): the moment with its time zone by name, so that a clock change moves nothing (W17)."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import Workshop

BEFORE = timedelta(minutes=30)


def as_calendar(workshop: Workshop) -> bytes:
    """One event, with an alarm half an hour before. The room's address, the place and the way there are in it, and no word of what is
    confidential but the title, since the file goes to who was asked alone."""
    from icalendar import Alarm, Calendar, Event

    task = workshop.task
    begins = workshop.starts_at.astimezone(ZoneInfo(workshop.zone))
    address = settings.SITE_URL.rstrip("/") + reverse("task", args=[task.pk])
    event = Event()
    event.add("uid", f"{workshop.token}@{settings.SITE_URL.split('//')[-1].rstrip('/')}")
    event.add("dtstamp", timezone.now())
    event.add("dtstart", begins)
    event.add("dtend", begins + timedelta(seconds=task.seconds))
    event.add("summary", task.title)
    event.add("description", "\n\n".join([*_arriving(workshop), address]))
    event.add("url", address)
    if workshop.place:
        event.add("location", workshop.place)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", task.title)
    alarm.add("trigger", -BEFORE)
    event.add_component(alarm)
    calendar = Calendar()
    calendar.add("prodid", "-//kocforum//workshops//")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _arriving(workshop: Workshop) -> list[str]:
    """When the door opens, by the clocks of the place, and how to get there."""
    if not workshop.has_a_door:
        return []
    opens = workshop.arrive_at.astimezone(ZoneInfo(workshop.zone))
    words = _("The door opens at %(time)s.") % {"time": f"{opens:%H:%M}"}
    return [words, workshop.travel] if workshop.travel else [words]
