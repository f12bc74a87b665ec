"""A poll: answer with one tap, read the results."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Refused
from kocforum.forum.models import Thread
from kocforum.ui.doors import staff_page
from kocforum.ui.refusals import refuse_into

from ..actions.polls import answer_poll, draft_poll, edit_poll
from ..enums import ResultsPromise, TaskState
from ..forms.surveys import PollForm
from ..forms.tasks import AudienceForm
from ..models import Advice, Option, Task
from ..queries.inbox import with_instruments
from ..queries.polls import OptionDraft, drafted_options
from ..queries.progress import respondents
from ..queries.results import results_of, tells
from ..queries.stopwatch import seconds_since
from ..queries.surveys import fits_the_short_page
from ..queries.usual_next import carried_from, carried_from_thread
from ..rules.tasks import can_ask
from .doors import number_in, sources, task_or_404

NAMES = {"audience": "models", "options": "label-1", "guess": "guess-1"}


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap on an option, wherever the poll stands. The script gets the card again, everybody else the page they came from."""
    found = task_or_404(request.user, pk)
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?next={found.get_absolute_url()}")
    option = get_object_or_404(
        Option.objects.select_related("question"),
        pk=number_in(request.POST.get("option")),
        question__survey__task=found,
    )
    try:
        seconds = seconds_since(request.POST.get("shown", ""))
        answer_poll(by=request.user, task=found, option=option, seconds=seconds, op_id=_op_id(request))
    except Refused as refused:
        if request.htmx:
            return card(request, found, refused=str(refused))
        messages.error(request, str(refused))
        return redirect(found)
    if request.htmx:
        return card(request, found)
    messages.success(request, _("Thank you. Your answer is counted: %(option)s.") % {"option": option.label})
    return redirect(_back(request) or found.get_absolute_url())


def card(request: HttpRequest, found: Task, refused: str = "") -> HttpResponse:
    """The poll with its own answer, and the results where they may be read."""
    with_instruments([found], request.user)
    return render(request, "tasks/surveys/_card.html", {"task": found, "refused": refused})


@require_safe
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """The results alone, for a page that is open while others answer."""
    found = task_or_404(request.user, pk)
    if not hasattr(found, "survey"):
        raise Http404
    shown = results_of(found.survey, request.user)
    context = {"task": found, "results": shown, "told": tells(shown), "asked": respondents(found)}
    return render(request, "tasks/surveys/_results.html", context)


def _op_id(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("op_id", ""))
    except ValueError:
        return None


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else ""


@staff_page
def new(request: HttpRequest) -> HttpResponse:
    """A new poll: from nothing, from an advice, as the next wave of a task, or from a thread."""
    if not can_ask(request.user):
        raise Http404
    advice, parent, thread = sources(request)
    options, initial = _begin(advice, parent, thread)
    form = PollForm(
        request.POST or None,
        request.FILES or None,
        by=request.user,
        options=options,
        initial={"op_id": uuid.uuid4(), **initial},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = draft_poll(
                by=request.user,
                brief=form.brief(),
                options=form.options(),
                results=form.cleaned_data["results"],
                parent=parent,
                advice=advice,
                op_id=form.cleaned_data["op_id"],
            )
        except Refused as refused:
            refuse_into(form, refused, NAMES)
        else:
            messages.success(request, _("The draft is kept. Look at it as owners will, then open it."))
            return redirect("desk_task", pk=made.pk)
    return _form_page(request, form, advice=advice, parent=parent, thread=thread)


@staff_page
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    found = task_or_404(request.user, pk)
    if not can_ask(request.user) or found.state != TaskState.DRAFT or not hasattr(found, "survey"):
        raise Http404
    if not fits_the_short_page(found):
        return redirect("survey_edit", pk=pk)
    form = PollForm(
        request.POST or None,
        request.FILES or None,
        by=request.user,
        options=drafted_options(found.survey),
        initial={**PollForm.initial_from(found), "results": found.survey.results},
    )
    if request.method == "POST" and form.is_valid():
        try:
            edit_poll(
                by=request.user,
                task=found,
                brief=form.brief(),
                options=form.options(),
                results=form.cleaned_data["results"],
            )
        except Refused as refused:
            refuse_into(form, refused, NAMES)
        else:
            messages.success(request, _("Saved."))
            return redirect("desk_task", pk=pk)
    return _form_page(request, form, task=found, thread=found.thread)


def _form_page(request: HttpRequest, form: PollForm, **more: Any) -> HttpResponse:
    context = {"section": "desk", "tab": "tasks", "form": form, **more}
    return render(request, "tasks/surveys/form.html", context, status=422 if request.method == "POST" else 200)


def _in_a_week() -> datetime:
    """The end that a new draft proposes: in the evening, in seven days."""
    evening = timezone.localtime() + timedelta(days=7)
    return evening.replace(hour=22, minute=0, second=0, microsecond=0)


def _begin(
    advice: Advice | None, parent: Task | None, thread: Thread | None
) -> tuple[list[OptionDraft], dict[str, Any]]:
    """Options and values that a new draft begins with; the evidence comes along as a sentence for colleagues."""
    options: list[OptionDraft] = []
    initial: dict[str, Any] = {"results": ResultsPromise.AFTER_ANSWER, "minutes": "0.5", "closes_at": _in_a_week()}
    if parent is not None and hasattr(parent, "survey"):
        options, carried = carried_from(parent)
        initial |= {**carried, **AudienceForm.initial_of(parent.audience.criteria), "results": parent.survey.results}
    if thread is not None:
        initial |= {"thread": thread.pk, **carried_from_thread(thread)}
    if advice is not None:
        initial |= {"goal": advice.goal, "decision": advice.decision, **AudienceForm.initial_of(advice.criteria)}
    return options, initial
