"""`/tasks/workshops/…/check/`: sound and picture tried before the meeting, on this device alone."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..rules.sound import can_be_heard
from ..rules.workshops import seat_of
from .doors import unindexed
from .workshops import workshop_or_404


@require_safe
@login_required
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing of it is sent anywhere."""
    workshop = workshop_or_404(request, pk)
    seat = seat_of(request.user, workshop)
    context = {
        "section": "tasks",
        "task": workshop.task,
        "workshop": workshop,
        "speaks": seat is None or can_be_heard(seat.role),
    }
    return unindexed(render(request, "tasks/workshops/check.html", context), workshop.task)
