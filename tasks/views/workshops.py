"""A workshop before and after its room: take a seat, give it up, put it into a calendar."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Invalid, Refused

from ..actions.consents import accept_and_open, accept_text
from ..actions.workshops import give_up_seat, take_seat
from ..enums import Phase, SeatRole, SeatState
from ..models import Workshop
from ..queries.calendar_files import as_calendar


def workshop_or_404(request: HttpRequest, pk: int) -> Workshop:
    """By the number of its task; to whoever is not on its list it is not there."""
    return get_object_or_404(Workshop.objects.visible_to(request.user).select_related("task__audience"), task_id=pk)


@require_POST
@login_required
def seat(request: HttpRequest, pk: int) -> HttpResponse:
    """Come, or not."""
    workshop = workshop_or_404(request, pk)
    try:
        if request.POST.get("do") == "give_up":
            give_up_seat(by=request.user, workshop=workshop)
            messages.info(request, _("Your seat goes to the next one. Thank you for saying so."))
        elif request.POST.get("do") == "accept":
            if "consent" not in request.POST:
                raise Invalid({"consent": _("Accept first what everybody accepts who meets there.")})
            accept_text(by=request.user, workshop=workshop, read=request.POST.get("read", ""))
            messages.success(request, _("Accepted. Nothing else is needed before the room."))
        else:
            said = request.POST
            taken = take_seat(by=request.user, workshop=workshop, consent="consent" in said, read=said.get("read", ""))
            waits = taken.state == SeatState.STANDBY
            messages.success(
                request, _("All seats are taken; you move up when one is free.") if waits else _("You have a seat.")
            )
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("task", pk=pk)


@require_POST
@login_required
def open_it(request: HttpRequest, pk: int) -> HttpResponse:
    """The lobby opens, and who opens it accepts what everybody accepts. On the page a host begins with the brief."""
    workshop = workshop_or_404(request, pk)
    try:
        accept_and_open(by=request.user, workshop=workshop, phase=Phase.BRIEF)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("task", pk=pk)
    if not workshop.list.filter(role=SeatRole.COHOST).exists():
        messages.warning(request, _("This room has no co-host: if your connection drops, it waits for you."))
    return redirect("room", pk=pk)


@require_safe
@login_required
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """A file for the calendar, with the time zone by its name."""
    workshop = workshop_or_404(request, pk)
    response = HttpResponse(as_calendar(workshop), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="workshop-{pk}.ics"'
    response["Cache-Control"] = "private, no-store"
    return response
