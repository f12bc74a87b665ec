"""One task as those who are asked see it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Refused
from kocforum.forum.models import Thread

from ..actions.participations import decline
from ..enums import InvitationState
from ..instruments import instrument_of
from ..models import Task
from ..queries.inbox import with_instruments
from ..queries.placing import beside_thread
from ..rules.tasks import can_take_part
from .doors import task_or_404, unindexed


@require_safe
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked and why, until when; the own answer; the results as promised; what came of it."""
    found = task_or_404(request.user, pk, Task.objects.with_part_of(request.user))
    return unindexed(render(request, "tasks/task.html", page_of(request, found)), found)


def page_of(request: HttpRequest, found: Task) -> dict[str, Any]:
    """What the page of a task shows to this reader."""
    user = request.user
    with_instruments([found], user)
    instrument = instrument_of(found.form)
    asked = found.asked_as is not None
    may = user.is_authenticated and found.is_open
    if may:
        may = can_take_part(user, found, asked=found.audience.everyone or asked, runs=True)
    return {
        "section": "tasks",
        "task": found,
        "mine": found.took_part_on,
        "may": may,
        "why_not": "" if may is True else may or "",
        **(instrument.page(found, user) if instrument else {}),
        "partial": instrument.partials["page"] if instrument else "",
        "css": instrument.css if instrument else "",
        "outcomes": list(found.outcomes.all()),
        "report": getattr(found, "report", None),
        "can_decline": asked
        and found.asked_as != InvitationState.DECLINED
        and found.took_part_on is None
        and found.is_open,
        "cancelled_because": _reason(found),
    }


def _reason(found: Task) -> str:
    if found.state != "cancelled":
        return ""
    last = found.transitions.filter(to_state="cancelled").last()
    return last.reason if last else ""


@require_POST
def decline_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Not for me."""
    found = task_or_404(request.user, pk)
    if not request.user.is_authenticated:
        return redirect(found)
    try:
        decline(by=request.user, task=found)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.info(request, _("It is off your list, and nobody will remind you."))
    return redirect("tasks")


@require_safe
def beside(request: HttpRequest, pk: int) -> HttpResponse:
    """The tasks that stand beside a thread, for the page of the thread."""
    if not Thread.objects.visible_to(request.user).filter(pk=pk).exists():
        raise Http404
    visible = Task.objects.visible_to(request.user).filter(pk__in=beside_thread(pk)).select_related("audience")
    tasks = with_instruments(visible.order_by("-pk")[:3], request.user)
    return render(request, "tasks/_beside.html", {"tasks": tasks})
