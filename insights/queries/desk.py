"""Lists of the desk."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from ..enums import TicketState
from ..models import Release, Ticket


def tickets_list(user, *, state: str = "", kind: str = "") -> QuerySet[Ticket]:
    """Tickets that this person sees, the last moved first."""
    tickets = Ticket.objects.visible_to(user).select_related("function", "failure_mode", "department", "assignee")
    if state:
        tickets = tickets.filter(state=state)
    if kind:
        tickets = tickets.filter(kind=kind)
    return tickets.order_by("-moved_at", "-pk")


def count_by_state(user) -> list[tuple[TicketState, int]]:
    """How many tickets stand where, in the order of the states; empty states are left out."""
    seen = Ticket.objects.visible_to(user).order_by().values("pk")
    counted = dict(
        Ticket.objects.filter(pk__in=seen)
        .order_by()
        .values_list("state")
        .annotate(n=Count("pk"))
        .values_list("state", "n")
    )
    return [(state, counted[state]) for state in TicketState if state in counted]


def releases_list(user) -> QuerySet[Release]:
    """Releases that this person sees, the newest first, with what a line shows."""
    return (
        Release.objects.visible_to(user)
        .select_related("version")
        .annotate(tickets=Count("answers", distinct=True), offered=Count("offers", distinct=True))
        .order_by("-pk")
    )
