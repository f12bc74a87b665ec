"""`/tasks/workshops/…/replay/`: the board at any minute, for those who sat in the room."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ..queries.replays import replay_of
from ..rules.workshops import can_replay, seat_of
from .doors import number_in, unindexed
from .workshops import workshop_or_404


@require_safe
@login_required
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """`?at=` an event, or `?minute=` from the beginning; without both, the end."""
    workshop = workshop_or_404(request, pk)
    may = can_replay(request.user, workshop)
    if may is not True:
        messages.info(request, str(may))
        return redirect("task", pk=pk)
    at, minute = number_in(request.GET.get("at")) or None, request.GET.get("minute")
    context = {
        "section": "tasks",
        "task": workshop.task,
        "workshop": workshop,
        "replay": replay_of(
            workshop,
            seat_of(request.user, workshop),
            at=at,
            minute=number_in(minute) if minute is not None else None,
        ),
    }
    return unindexed(render(request, "tasks/workshops/replay.html", context), workshop.task)
