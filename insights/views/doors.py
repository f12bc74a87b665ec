"""The door of a ticket, and where refusals go in a form of the desk."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.shortcuts import get_object_or_404

from kocforum.ui import refusals
from kocforum.ui.doors import staff_page

from ..models import Ticket

__all__ = ["refuse_into", "staff_page", "ticket_or_404"]

# The stepper shows attempts and failures as one control.
refuse_into = partial(refusals.refuse_into, names={"attempts": "failures"})


def ticket_or_404(user: Any, pk: int) -> Ticket:
    """A ticket that this person sees, with what its page shows."""
    tickets = Ticket.objects.visible_to(user).select_related(
        "function", "failure_mode", "department", "assignee", "merged_into", "created_by"
    )
    return get_object_or_404(tickets, pk=pk)
