"""`/desk/tasks/…/invitees/`: owners proposed for a room by what they told; ticked ones are put on its list, with why."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kocforum.errors import Refused
from kocforum.ui.doors import staff_page

from ..actions.workshops import invite
from ..enums import TaskState
from ..forms.invitees import WantedForm
from ..models import Task
from ..queries.invitees import propose
from ..queries.subjects import subject_of
from ..rules.tasks import can_ask
from .doors import number_in, task_or_404


@staff_page
def invitees(request: HttpRequest, pk: int) -> HttpResponse:
    """Who told, the filters, and the list as it stands."""
    found = _workshop_task(request, pk)
    form = WantedForm(_asked(request, found), by=request.user)
    proposal = propose(found.workshop, request.user, form.wanted())
    status = 200
    if request.method == "POST":
        picked = {number_in(value) for value in request.POST.getlist("member")}
        chosen = [one for one in proposal.candidates if one.member.pk in picked]
        try:
            invite(
                by=request.user,
                workshop=found.workshop,
                usernames=[one.member.username for one in chosen],
                because={one.member.username: one.because for one in chosen},
            )
        except Refused as refused:
            messages.error(request, str(refused))
            status = refused.status
        else:
            words = ngettext("%(n)s person is on the list.", "%(n)s people are on the list.", len(chosen))
            if chosen:
                messages.success(request, words % {"n": len(chosen)})
            else:
                messages.info(request, _("Nobody was ticked."))
            return redirect(request.get_full_path())
    context = {
        "section": "desk",
        "tab": "tasks",
        "task": found,
        "workshop": found.workshop,
        "form": form,
        "proposal": proposal,
    }
    return render(request, "tasks/workshops/invitees.html", context, status=status)


def _workshop_task(request: HttpRequest, pk: int) -> Task:
    found = task_or_404(request.user, pk)
    ahead = found.state in {TaskState.DRAFT, TaskState.OPEN}
    if not can_ask(request.user) or not ahead or not hasattr(found, "workshop") or found.workshop.live_at:
        raise Http404
    found.workshop.task = found
    return found


def _asked(request: HttpRequest, task: Task) -> Any:
    """What the address says; at first, what the task stands beside."""
    if request.GET:
        return request.GET
    first = QueryDict(mutable=True)
    first["about"] = subject_of(task)
    return first
