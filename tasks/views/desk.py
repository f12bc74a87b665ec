"""`/desk/tasks/`: what is asked when, what is owed, and one task with its moves."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kocforum.errors import Refused
from kocforum.ui.doors import staff_page
from kocforum.ui.links import links_for
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import unsent_text

from ..actions.audiences import goes_on, remind_all, resume_inviting, stop_inviting
from ..actions.moves import move_task
from ..actions.reports import report_task
from ..enums import TaskState
from ..forms.tasks import MoveForm
from ..instruments import instrument_of
from ..models import Task
from ..queries.calendar import calendar
from ..queries.inbox import with_instruments
from ..queries.load import debt, load_by_week, record_of, share_of_the_busiest
from ..queries.progress import progress_of
from ..queries.usual_next import usual_next
from ..rules.states import moves_from
from ..rules.tasks import can_ask, can_move_task
from .doors import task_or_404

PER_PAGE = 20


@staff_page
def tasks(request: HttpRequest) -> HttpResponse:
    """The calendar, the load on people, what we owe, and every task."""
    state = request.GET.get("state", "")
    state = state if state in TaskState.values else ""
    listed = Task.objects.visible_to(request.user).select_related("audience", "created_by")
    if state:
        listed = listed.filter(state=state)
    weeks = load_by_week()
    context = {
        "section": "desk",
        "tab": "tasks",
        "calendar": calendar(request.user),
        "weeks": weeks,
        "most_minutes": max((week.minutes for week in weeks), default=0),
        "busiest": share_of_the_busiest(),
        "debt": debt(),
        "page": Paginator(listed, PER_PAGE).get_page(request.GET.get("page")),
        "state": state,
        "states": TaskState,
        "may_ask": can_ask(request.user),
    }
    return render(request, "tasks/desk/list.html", context)


@staff_page
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """One task for colleagues: progress, results, moves, log, promise and result."""
    return desk_page(request, task_or_404(request.user, pk))


def desk_page(request: HttpRequest, found: Task, *, refused: str = "", status: int = 200) -> HttpResponse:
    """The page of a task at the desk; with the sentence of a refusal, and what was `typed` in a form of it that was not taken."""
    typed = request.POST.dict() if refused else unsent_text(request, "desk_task", pk=found.pk)
    context = {**_page(request, found), "typed": typed, "refused": refused, "op_id": uuid.uuid4()}
    return render(request, "tasks/desk/task.html", context, status=status)


def _page(request: HttpRequest, found: Task) -> dict[str, Any]:
    user = request.user
    with_instruments([found], user)
    instrument = instrument_of(found.form)
    advice = getattr(found, "advice", None)
    moves = [to for to in moves_from(found.state) if can_move_task(user, found, to)]
    return {
        "section": "desk",
        "tab": "tasks",
        "task": found,
        **(instrument.page(found, user) | instrument.desk(found, user) if instrument else {}),
        "partial": instrument.partials["desk"] if instrument else "",
        "css": instrument.css if instrument else "",
        "edit": instrument.edit(found) if instrument and found.state == TaskState.DRAFT and can_ask(user) else "",
        "problems": instrument.problems(found) if instrument and found.state == TaskState.DRAFT else [],
        "moves": moves,
        "progress": progress_of(found),
        "goes_on": found.is_open and goes_on(found.audience),
        "transitions": found.transitions.select_related("by"),
        "outcomes": list(found.outcomes.all()),
        "report": getattr(found, "report", None),
        "advice": advice,
        "promise": next(iter(record_of([advice])), None) if advice and found.closed_at else None,
        "next_steps": usual_next(found) if can_ask(user) else [],
        "links": links_for("task", user, found),
        "may_ask": can_ask(user),
    }


@staff_page
def move(request: HttpRequest, pk: int, to: str) -> HttpResponse:
    """One move, with what it needs."""
    found = task_or_404(request.user, pk)
    if to not in TaskState.values or not can_ask(request.user):
        raise Http404
    form = MoveForm(request.POST or None, task=found, to=TaskState(to))
    if request.method == "POST" and form.is_valid():
        said = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
        try:
            if to == TaskState.REPORTED:
                report_task(by=request.user, task=found, **said)
            else:
                move_task(by=request.user, task=found, to=to, **said)
        except Refused as refused:
            refuse_into(form, refused)
            found = task_or_404(request.user, pk)
        else:
            words = _("“%(title)s”: %(state)s.") % {"title": found.title, "state": TaskState(to).label}
            messages.success(request, words)
            return redirect("desk_task", pk=pk)
    context = {
        "section": "desk",
        "tab": "tasks",
        "task": found,
        "to": TaskState(to),
        "form": form,
        "possible": to in moves_from(found.state),
        "progress": progress_of(found),
    }
    return render(request, "tasks/desk/move.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@staff_page
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind those who have not answered, now and once."""
    found = task_or_404(request.user, pk)
    if not can_ask(request.user):
        raise Http404
    count = remind_all(task=found)
    words = ngettext("%(n)s member was reminded.", "%(n)s members were reminded.", count) % {"n": count}
    messages.success(request, words if count else _("Nobody is left to be reminded: each is reminded once."))
    return redirect("desk_task", pk=pk)


@require_POST
@staff_page
def inviting(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the invitations of a task that goes on, or let them go on."""
    found = task_or_404(request.user, pk)
    if not can_ask(request.user):
        raise Http404
    if request.POST.get("do") == "stop":
        stop_inviting(by=request.user, task=found)
        messages.success(request, _("Nobody else is invited or reminded. It stays open for those who were asked."))
    else:
        resume_inviting(by=request.user, task=found)
        messages.success(request, _("The invitations go on within a few minutes."))
    return redirect("desk_task", pk=pk)
