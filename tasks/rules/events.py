"""Who plans an event, who runs it, who comes. Nobody runs another's event, whatever their role is."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden
from kocforum.members.rules import can_write

from ..enums import CrewRole, EventState, ProposalState, RsvpState
from ..models import Event, Initiative, Rsvp
from ..models.events import STANDS
from .initiatives import leads

EVENT_MOVES: dict[str, tuple[str, ...]] = {
    EventState.PLANNED: (EventState.OPEN, EventState.CANCELLED),
    EventState.OPEN: (
        EventState.CLOSED,
        EventState.POSTPONED,
        EventState.RUNNING,
        EventState.HELD,
        EventState.CANCELLED,
    ),
    EventState.CLOSED: (
        EventState.OPEN,
        EventState.POSTPONED,
        EventState.RUNNING,
        EventState.HELD,
        EventState.CANCELLED,
    ),
    EventState.POSTPONED: (EventState.OPEN, EventState.CANCELLED),
    EventState.RUNNING: (EventState.HELD, EventState.CANCELLED),
    EventState.HELD: (),
    EventState.CANCELLED: (),
}


def can_plan(member: Any, initiative: Initiative) -> Any:
    """Who leads the initiative, endorsed or not, as long as it was not taken back."""
    if not leads(member, initiative):
        return Forbidden(_("Events are planned by who leads the initiative."))
    if initiative.state == ProposalState.WITHDRAWN:
        return Conflict(_("This initiative was taken back."))
    return can_write(member)


def can_run(member: Any, event: Event) -> Any:
    """Its organisers: who leads the initiative, the deputy, and whom they chose to run it with them. The brand lends its name and manages
    nothing."""
    if not leads(member, event.initiative) and not _in_crew(member, event, CrewRole.ORGANISER):
        return Forbidden(_("The event belongs to its organisers. The brand stands behind it and changes nothing."))
    return can_write(member)


def can_choose_crew(member: Any, event: Event) -> Any:
    """Who leads the initiative, and the deputy: helpers do not choose helpers."""
    if not leads(member, event.initiative):
        return Forbidden(_("Who leads the event chooses who helps."))
    return can_write(member)


def can_help(helper: Any, event: Event) -> Any:
    """An owner who takes part in the community; colleagues never, whatever they offer."""
    if helper.is_staff:
        return Forbidden(_("Colleagues of the brand help with no event: it belongs to owners."))
    if leads(helper, event.initiative):
        return Conflict(_("They lead it already."))
    return bool(helper.is_active) or Conflict(_("This member left the community."))


def can_keep_gate(member: Any, event: Event) -> Any:
    """By the role at this event and nothing else (I6): who runs it, and the helpers at the gate. No clock refuses anybody."""
    if not is_of_crew(member, event):
        return Forbidden(_("The organisers and their helpers keep the gate."))
    if event.opened_at is None:
        return Conflict(_("The gate is there once the event is open."))
    return can_write(member)


def is_of_crew(member: Any, event: Event) -> bool:
    """Who leads it, and everybody who helps. A deputy counts from the own yes on: the crew reads whom to call for children."""
    return leads(member, event.initiative) or _in_crew(member, event, *CrewRole.values)


def _in_crew(member: Any, event: Event, *roles: str) -> bool:
    # Who works for the brand now helps no more, whatever they were chosen for before.
    return (
        bool(member.is_authenticated)
        and not member.is_staff
        and event.crew.filter(member=member.pk, role__in=roles).exists()
    )


def can_take_place(member: Any, event: Event, *, offered: bool = False) -> Any:
    """Everybody who may write, while it is open and has not begun; who is offered a place takes it after closing, too."""
    if (writes := can_write(member)) is not True:
        return writes
    if event.state != EventState.OPEN and not (offered and event.state == EventState.CLOSED):
        return Conflict(_("No place can be taken at present."))
    return event.starts_at > timezone.now() or Conflict(_("It has begun."))


def can_give_up(event: Event, mine: Rsvp) -> Any:
    """While it still comes, or goes on: afterwards who was expected and who came stay as they were. Who was let in came, unless the
    gate takes that back."""
    if event.state not in STANDS:
        return Conflict(_("It is over, or does not take place: there is no place to give up."))
    # The day of what is postponed says nothing: it is given up.
    if event.state != EventState.POSTPONED and event.ends_at <= timezone.now():
        return Conflict(_("It is over, or does not take place: there is no place to give up."))
    if mine.state == RsvpState.GOING and mine.scans.came().exists():
        return Conflict(
            _(
                "You are checked in, so your place stays. If that was a mistake, ask the crew at the gate to take it back."
            )
        )
    return True
