"""States of an event and of a place at it (research: §1D)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EventState(models.TextChoices):
    """PLANNED: only its organisers know of it. OPEN: places are taken. CLOSED: none is taken any more. POSTPONED: places are kept, the day
    is not known. RUNNING: it has begun."""

    PLANNED = "planned", pgettext_lazy("event", "Planned")
    OPEN = "open", pgettext_lazy("event", "Places are taken")
    CLOSED = "closed", pgettext_lazy("event", "Closed")
    POSTPONED = "postponed", pgettext_lazy("event", "Postponed")
    RUNNING = "running", pgettext_lazy("event", "On now")
    HELD = "held", pgettext_lazy("event", "Over")
    CANCELLED = "cancelled", pgettext_lazy("event", "Cancelled")


class RsvpState(models.TextChoices):
    """OFFERED: a place is kept for a while. LAPSED: it was not taken in time."""

    GOING = "going", _("Going")
    WAITLISTED = "waitlisted", _("On the waiting list")
    OFFERED = "offered", _("A place is offered")
    LAPSED = "lapsed", _("Let the offer pass")
    CANCELLED = "cancelled", _("Does not come")


class CrewRole(models.TextChoices):
    """What somebody does for an event. ORGANISER: whatever its leader does, but choosing the crew. GATE: lets people in."""

    ORGANISER = "organiser", pgettext_lazy("crew", "Runs it with me")
    GATE = "gate", pgettext_lazy("crew", "At the gate")


class ScanResult(models.TextChoices):
    """What a scan at the gate came to. Each is kept; IN, MORE and WALK_IN are people who came. FROZEN: it would have changed who was
    there when an incident was reported."""

    IN = "in", pgettext_lazy("scan", "Welcome")
    MORE = "more", pgettext_lazy("scan", "More of the party")
    WALK_IN = "walk_in", pgettext_lazy("scan", "Let in without a place")
    AGAIN = "again", pgettext_lazy("scan", "In already")
    NOT_GOING = "not_going", pgettext_lazy("scan", "Has no place any more")
    ELSEWHERE = "elsewhere", pgettext_lazy("scan", "A ticket of another event")
    UNKNOWN = "unknown", pgettext_lazy("scan", "Unknown ticket")
    FROZEN = "frozen", pgettext_lazy("scan", "An incident is on record: who was there stays as it stands")
    UNDO = "undo", pgettext_lazy("scan", "Takes one back")
    UNDONE = "undone", pgettext_lazy("scan", "Taken back")
