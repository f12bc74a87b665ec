"""`/desk/tasks/…/call/`: draft a call, change the draft, and steer it while it is open."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kocforum.errors import Refused
from kocforum.forum.models import Thread
from kocforum.ui.doors import staff_page
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import keeps_unsent_text

from ..actions.call_rounds import next_round, reveal
from ..actions.calls import USUAL_MINUTES, clarify, draft_call, edit_call, extend
from ..enums import CallKind, TaskState
from ..forms.calls import CallForm, ClarifyForm, ExtendForm, report_lines
from ..forms.tasks import AudienceForm
from ..models import Advice, Task
from ..queries.drafts import stamp_of_draft
from ..queries.usual_next import carried_from_thread
from ..rules.tasks import can_ask
from .desk import desk_page
from .doors import sources, task_or_404

NAMES = {"audience": "invitees", "scaffold": "headings"}
WEEKS_OPEN = 2


@staff_page
def new(request: HttpRequest) -> HttpResponse:
    """A new call: empty, from an advice, as the next wave of a task, or from a thread."""
    if not can_ask(request.user):
        raise Http404
    advice, parent, thread = sources(request)
    form = _form(request, {"op_id": uuid.uuid4(), **_begin(advice, parent, thread)})
    if request.method == "POST" and "headings" not in request.POST.getlist("do") and form.is_valid():
        try:
            made = draft_call(
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
            messages.success(request, _("The draft is kept. Look at it as owners will, then open it."))
            return redirect("desk_task", pk=made.pk)
    return _page(request, form, advice=advice, parent=parent, thread=thread)


@staff_page
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    found = task_or_404(request.user, pk)
    if not can_ask(request.user) or found.state != TaskState.DRAFT or not hasattr(found, "call"):
        raise Http404
    stamp = request.POST.get("seen") or stamp_of_draft(found)
    form = _form(request, CallForm.initial_from(found))
    if request.method == "POST" and "headings" not in request.POST.getlist("do") and form.is_valid():
        try:
            edit_call(by=request.user, task=found, brief=form.brief(), terms=form.terms(), seen=stamp)
        except Refused as refused:
            refuse_into(form, refused, NAMES)
            stamp = stamp_of_draft(task_or_404(request.user, pk))
        else:
            messages.success(request, _("Saved."))
            return redirect("desk_task", pk=pk)
    return _page(request, form, task=found, thread=found.thread, stamp=stamp)


def _form(request: HttpRequest, initial: dict[str, Any]) -> CallForm:
    """The form as it was sent; with the headings of a report where somebody asked for them."""
    if request.method != "POST":
        return CallForm(by=request.user, initial=initial)
    data = request.POST.copy()
    if data.get("do") == "headings":
        data["headings"] = report_lines()
    return CallForm(data, by=request.user, initial=initial)


def _page(request: HttpRequest, form: CallForm, **more: Any) -> HttpResponse:
    asked_for_headings = request.POST.get("do") == "headings"
    if asked_for_headings:
        form.errors.clear()
    context = {"section": "desk", "tab": "tasks", "form": form, **more}
    refused = request.method == "POST" and not asked_for_headings
    return render(request, "tasks/calls/form.html", context, status=422 if refused else 200)


def _begin(advice: Advice | None, parent: Task | None, thread: Thread | None) -> dict[str, Any]:
    """Values that a new draft begins with."""
    initial: dict[str, Any] = {
        "kind": CallKind.OPEN,
        "minutes": USUAL_MINUTES,
        "staff_wait": 3,
        "closes_at": _evening(timedelta(weeks=WEEKS_OPEN)),
    }
    if parent is not None:
        initial |= {"title": parent.title, "why": parent.why, **AudienceForm.initial_of(parent.audience.criteria)}
    if parent is not None and hasattr(parent, "call"):
        carried = CallForm.initial_from(parent)
        initial |= {
            name: carried[name]
            for name in carried
            if name not in {"opens_at", "closes_at", "reveal_at", "community_at"}
        }
    if thread is not None:
        initial |= {"thread": thread.pk, **carried_from_thread(thread)}
    if advice is not None:
        initial |= {"goal": advice.goal, "decision": advice.decision, **AudienceForm.initial_of(advice.criteria)}
    return initial


def _evening(away: timedelta) -> datetime:
    return (timezone.localtime() + away).replace(hour=22, minute=0, second=0, microsecond=0)


@require_POST
@keeps_unsent_text("desk_task", fields=("text", "closes_at", "reveal_at"))
@staff_page
def steer(request: HttpRequest, pk: int) -> HttpResponse:
    """Reveal, begin the next round, clarify, extend."""
    found = task_or_404(request.user, pk)
    if not can_ask(request.user) or not hasattr(found, "call"):
        raise Http404
    try:
        said = _steer(request, found)
    except Refused as refused:
        return desk_page(request, task_or_404(request.user, pk), refused=str(refused), status=422)
    messages.success(request, said)
    return redirect("desk_task", pk=pk)


def _steer(request: HttpRequest, found: Task) -> str:
    by, call, do = request.user, found.call, request.POST.get("do")
    if do == "reveal":
        reveal(by=by, call=call)
        return _("The entries are open.")
    if do == "round":
        next_round(by=by, call=call, expected=request.POST.get("expected", ""))
        return _("The next round has begun.")
    if do == "clarify":
        clarify(by=by, call=call, **_valid(ClarifyForm(request.POST)))
        return _("It stands under the question, with its time, and those who write were told.")
    if do == "extend":
        extend(by=by, call=call, **_valid(ExtendForm(request.POST)))
        return _("It is open longer, and those who were asked are told.")
    raise Http404


def _valid(form: Any) -> dict[str, Any]:
    if not form.is_valid():
        raise Refused(next(iter(form.errors.values()))[0])
    return form.cleaned_data
