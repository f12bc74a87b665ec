"""`/tasks/workshops/…/door/`: the list at the door, the code on the host's screen, and the page on which somebody says to be there."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Refused
from kocforum.members.models import Member

from ..actions.check_ins import check_in, check_in_for, explain_missing, let_in, undo_check_in
from ..forms.check_ins import drawn
from ..models import Workshop
from ..queries.check_ins import code_now, door_of
from ..rules.check_ins import can_check_in, can_keep_door
from ..rules.workshops import seat_of
from .doors import number_in, unindexed
from .workshops import workshop_or_404


def _kept_door(request: HttpRequest, pk: int) -> Workshop:
    """A door that this person keeps; to others there is none."""
    workshop = workshop_or_404(request, pk)
    if can_keep_door(request.user, workshop) is not True:
        raise Http404
    return workshop


@require_safe
@login_required
def door(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is there, one tap for each."""
    workshop = _kept_door(request, pk)
    words = request.GET.get("q", "")[:40]
    context = {
        "section": "tasks",
        "task": workshop.task,
        "workshop": workshop,
        "words": words,
        "door": door_of(workshop, words),
    }
    return unindexed(render(request, "tasks/workshops/door.html", context), workshop.task)


@require_POST
@login_required
def do(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap: here, not here after all, or the seat of somebody for who waits."""
    workshop = _kept_door(request, pk)
    member = _on_the_list(workshop, request.POST.get("member"))
    instead = request.POST.get("instead_of")
    try:
        if member is None:
            messages.error(request, _("There is no such person on the list."))
        elif request.POST.get("do") == "undo":
            undo_check_in(by=request.user, workshop=workshop, member=member)
        elif request.POST.get("do") == "let_in":
            late = _on_the_list(workshop, instead) if instead else None
            let_in(by=request.user, workshop=workshop, member=member, instead_of=late)
            messages.success(request, _("%(name)s has a seat.") % {"name": member.name})
        else:
            check_in_for(by=request.user, workshop=workshop, member=member)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("workshop_door", pk=pk)


def _on_the_list(workshop: Workshop, number: str | None) -> Member | None:
    return Member.objects.filter(pk=number_in(number), pk__in=workshop.list.values("member")).first()


@require_safe
@login_required
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """For the host's screen: a square to scan and six digits. They change every minute."""
    workshop = _kept_door(request, pk)
    now = code_now(workshop)
    context = {
        "section": "tasks",
        "task": workshop.task,
        "workshop": workshop,
        "code": now,
        "square": drawn(now.address),
    }
    response = unindexed(render(request, "tasks/workshops/door_code.html", context), workshop.task)
    response["Cache-Control"] = "no-store"
    return response


@login_required
def here(request: HttpRequest, pk: int) -> HttpResponse:
    """I am here: from the scanned square, or with the digits typed in."""
    workshop = workshop_or_404(request, pk)
    status = 200
    typed = "".join((request.POST.get("code") or request.GET.get("code") or "").split())[:12]
    if request.method == "POST":
        try:
            check_in(by=request.user, workshop=workshop, code=typed)
        except Refused as refused:
            messages.error(request, str(refused))
            status = 422
        else:
            return redirect("workshop_here", pk=pk)
    may = can_check_in(request.user, workshop)
    context = {
        "section": "tasks",
        "task": workshop.task,
        "workshop": workshop,
        "seat": seat_of(request.user, workshop),
        "may": may is True,
        "refused": "" if may is True else str(may or _("You are not invited to this room.")),
        "typed": typed,
    }
    return unindexed(render(request, "tasks/workshops/here.html", context, status=status), workshop.task)


@require_POST
@login_required
def why(request: HttpRequest, pk: int) -> HttpResponse:
    """Why I did not come."""
    workshop = workshop_or_404(request, pk)
    try:
        explain_missing(by=request.user, workshop=workshop, words=request.POST.get("why", ""))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Thank you for saying so."))
    return redirect("task", pk=pk)
