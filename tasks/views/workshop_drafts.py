"""`/desk/tasks/workshops/new/`: draw up a workshop, change the draft."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kocforum.errors import Refused
from kocforum.ui.doors import staff_page
from kocforum.ui.refusals import refuse_into

from ..actions.consents import reword_consent
from ..actions.workshop_terms import Terms
from ..actions.workshops import draft_workshop, edit_workshop
from ..enums import Meeting, TaskState
from ..forms.workshops import WorkshopForm
from ..models import Advice, Task
from ..queries.drafts import stamp_of_draft
from ..queries.usual_next import carried_from_thread
from ..rules.tasks import can_ask
from .doors import number_in, sources, task_or_404

USUAL_MINUTES, USUAL_SEATS, WEEKS_AHEAD = 90, 8, 2
NAMES = {"audience": "invitees", "closes_at": "starts_at"}


@staff_page
def new(request: HttpRequest) -> HttpResponse:
    """A new workshop: empty, from an advice, after another task, or from a thread."""
    if not can_ask(request.user):
        raise Http404
    advice, parent, thread = sources(request)
    initial = {"op_id": uuid.uuid4(), **_begin(advice, parent)}
    if thread is not None:
        initial |= {"thread": thread.pk, **carried_from_thread(thread)}
    form = WorkshopForm(request.POST or None, by=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = draft_workshop(
                by=request.user,
                brief=form.brief(),
                terms=form.terms(),
                parent=parent,
                advice=advice,
                op_id=form.cleaned_data["op_id"],
            )
        except Refused as refused:
            refuse_into(form, refused, NAMES)
        else:
            messages.success(request, _("The draft is kept. Nobody is invited before you open it."))
            return redirect("desk_task", pk=made.pk)
    return _page(request, form, advice=advice, parent=parent, thread=thread)


@staff_page
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    found = task_or_404(request.user, pk)
    if not can_ask(request.user) or found.state != TaskState.DRAFT or not hasattr(found, "workshop"):
        raise Http404
    stamp = request.POST.get("seen") or stamp_of_draft(found)
    form = WorkshopForm(request.POST or None, by=request.user, initial=WorkshopForm.initial_from(found))
    if request.method == "POST" and form.is_valid():
        try:
            edit_workshop(by=request.user, task=found, brief=form.brief(), terms=form.terms(), seen=stamp)
        except Refused as refused:
            refuse_into(form, refused, NAMES)
            stamp = stamp_of_draft(task_or_404(request.user, pk))
        else:
            messages.success(request, _("Saved."))
            return redirect("desk_task", pk=pk)
    return _page(request, form, task=found, stamp=stamp)


def _begin(advice: Advice | None, parent: Task | None) -> dict[str, Any]:
    """Values that a new draft begins with: an evening two weeks from now."""
    day = timezone.localtime() + timedelta(weeks=WEEKS_AHEAD)
    initial: dict[str, Any] = {
        "starts_at": day.replace(hour=19, minute=30, second=0, microsecond=0, tzinfo=None),
        "zone": "Asia/Shanghai",
        "meeting": Meeting.ONLINE,
        "minutes": USUAL_MINUTES,
        "seats": USUAL_SEATS,
        "arrival_minutes": Terms.arrival_minutes,
        "votes_each": 5,
        "votes_on_one": 3,
    }
    if parent is not None:
        initial |= {"title": parent.title, "why": parent.why}
    if parent is not None and hasattr(parent, "workshop"):
        carried = WorkshopForm.initial_from(parent)
        initial |= {name: carried[name] for name in carried if name not in {"starts_at", "opens_at", "closes_at"}}
    if advice is not None:
        initial |= {"goal": advice.goal, "decision": advice.decision}
    return initial


def _page(request: HttpRequest, form: WorkshopForm, **more: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    context = {"section": "desk", "tab": "tasks", "form": form, **more}
    return render(request, "tasks/workshops/form.html", context, status=status)


@require_POST
@staff_page
def reword(request: HttpRequest, pk: int) -> HttpResponse:
    """New words of what everybody accepts, while people are invited."""
    found = task_or_404(request.user, pk)
    if not can_ask(request.user) or not hasattr(found, "workshop"):
        raise Http404
    seen, text = number_in(request.POST.get("seen")), request.POST.get("consent", "")
    try:
        kept = reword_consent(by=request.user, workshop=found.workshop, text=text, seen=seen)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        words = _("This is version %(n)s. Who accepted an older one is asked anew before the room.")
        messages.success(request, words % {"n": kept.number})
    return redirect("desk_task", pk=pk)
