"""What may be said of a ticket outside the desk: the public thing it is about, its status, who else speaks for it."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from kocforum.forum.enums import OfficialStatus
from tasks.models import Outcome

from ..enums import TicketState
from ..models import Ticket
from ..rules.states import PUBLIC_STATUS
from .subjects import threads_of, topics_of


def public_place(ticket: Ticket) -> tuple[str, str] | None:
    """Title and address of what everybody can read of the matter: a topic before a thread. None: there is no such thing.

    The ticket's own title is for colleagues and comes nowhere near this.
    """
    anybody = AnonymousUser()
    found = topics_of(ticket).visible_to(anybody).first() or threads_of(ticket).visible_to(anybody).listed().first()
    return (found.title, found.get_absolute_url()) if found else None


def public_labels(ticket: Ticket) -> list[str]:
    """What owners read now on the threads, topics and surveys that a ticket rests on: each status once."""
    seen = {*threads_of(ticket).order_by().values_list("official_status", flat=True)}
    seen |= {*topics_of(ticket).order_by().values_list("official_status", flat=True)}
    seen |= {*outcomes_of(head_of(ticket)).values_list("state", flat=True)}
    return [str(status.label) for status in OfficialStatus if status.value and status.value in seen]


def public_status_of(ticket: Ticket) -> str:
    """What owners read of its state; where a state says nothing of its own, what was said before it."""
    before = ticket.transitions.order_by("-pk").values_list("to_state", flat=True)
    said = (PUBLIC_STATUS[TicketState(state)] for state in [ticket.state, *before])
    return next((status for status in said if status is not None), "")


def key_of(ticket_id: int) -> str:
    """The name under which tasks keep what came of a survey by this ticket."""
    return f"ticket:{ticket_id}"


def outcomes_of(head: Ticket) -> QuerySet[Outcome]:
    """What was said of surveys by a ticket, and by those that were merged into it."""
    return Outcome.objects.filter(key__in=[key_of(pk) for pk in family_of(head)])


def head_of(ticket: Ticket) -> Ticket:
    """The ticket in which this one continues: itself, unless it was merged."""
    while ticket.merged_into is not None:
        ticket = ticket.merged_into
    return ticket


def family_of(head: Ticket) -> list[int]:
    """A ticket and all that were merged into it, on whatever way. Who is merged moves no more, so there is no circle."""
    family, last = [head.pk], [head.pk]
    while last:
        last = list(Ticket.objects.filter(merged_into__in=last).values_list("pk", flat=True))
        family += last
    return family
