"""Who reports an incident at an event, and who adds to a report."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden
from kocforum.members.enums import Role
from kocforum.members.rules import can_write

from ..enums import EventState
from ..models import Event
from .events import is_of_crew

MOST_WORDS = 4000
MOST_INVOLVED = 10_000
REPORTS_KEPT = timedelta(days=3 * 365)  # as long as somebody can still claim for it


def can_report_incident(member: Any, event: Event) -> Any:
    """Whoever helps at the event, from the day on which somebody else knows of it. No clock refuses anybody."""
    if not is_of_crew(member, event):
        return Forbidden(_("The crew of an event reports what happened there."))
    if event.state == EventState.PLANNED:
        return Conflict(_("Nobody knows of this event yet."))
    return can_write(member)


def stands_behind(member: Any) -> bool:
    """An approver, and nobody who only may do everything: an administrator has no part in what happened to people."""
    return bool(member.is_authenticated and member.is_active and member.is_staff and member.role == Role.APPROVER)


def can_read_incidents(member: Any, event: Event) -> bool:
    """The crew, and approvers: the brand stands behind it."""
    return stands_behind(member) or (member.is_authenticated and is_of_crew(member, event))
