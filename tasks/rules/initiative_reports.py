"""Who tells how it was, and who tells everybody what came of it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden
from kocforum.members.rules import can_write

from ..enums import EventState, ProposalState, RsvpState
from ..models import Event, Initiative, Scan
from ..models.events import STANDS
from ..models.scans import CAME
from .initiatives import knows_inside, leads


def came_to(member: Any, event: Event) -> bool:
    """Seen at the gate; where nobody kept one, whoever had a place."""
    seen = Scan.objects.filter(event=event, result__in=CAME)
    if seen.filter(rsvp__member=member.pk).exists():
        return True
    return not seen.exists() and event.rsvps.filter(member=member.pk, state=RsvpState.GOING).exists()


def can_tell_how_it_was(member: Any, event: Event) -> Any:
    """Who came, once it is over. Its leaders have the report for that."""
    if event.state != EventState.HELD:
        return Conflict(_("It is not over yet."))
    if knows_inside(member, event.initiative):
        return Forbidden(_("Whoever came says how it was. You tell it in the report."))
    if not member.is_authenticated or not came_to(member, event):
        return Forbidden(_("Whoever came says how it was."))
    return can_write(member)


def can_report(member: Any, initiative: Initiative) -> Any:
    """Its leaders, once one of its events is over and none is still to come; a project without an event once it is endorsed."""
    if not leads(member, initiative):
        return Forbidden(_("Who leads it tells what came of it."))
    states = set(initiative.events.values_list("state", flat=True))
    if states & {*STANDS}:
        return Conflict(_("One of its events is still to come."))
    if EventState.HELD not in states and initiative.state != ProposalState.ENDORSED:
        return Conflict(_("There is nothing to tell yet."))
    return can_write(member)
