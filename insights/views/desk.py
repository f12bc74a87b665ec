"""`/desk/`: what is ripe, and where the tickets stand."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..enums import TicketKind, TicketState
from ..queries.desk import count_by_state, tickets_list
from ..queries.ripe import ripe
from ..rules.tickets import can_promote
from .doors import staff_page

TICKETS_PER_PAGE = 20


@staff_page
def desk(request: HttpRequest) -> HttpResponse:
    """The ripest first; harm before everything."""
    context = {
        "section": "desk",
        "tab": "ripe",
        "lines": ripe(request.user),
        "states": count_by_state(request.user),
        "may_promote": can_promote(request.user),
    }
    return render(request, "insights/desk/ripe.html", context)


@staff_page
def tickets(request: HttpRequest) -> HttpResponse:
    """Tickets by state, the last moved first."""
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    state = state if state in TicketState.values else ""
    kind = kind if kind in TicketKind.values else ""
    page = Paginator(tickets_list(request.user, state=state, kind=kind), TICKETS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "section": "desk",
        "tab": "tickets",
        "page": page,
        "states": count_by_state(request.user),
        "state": state,
        "kind": kind,
        "kinds": TicketKind,
    }
    return render(request, "insights/desk/tickets.html", context)
