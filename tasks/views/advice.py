"""The advisor: six questions, an answer with its reasons, and its own record."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from kocforum.errors import Refused
from kocforum.ui.doors import staff_page
from kocforum.ui.refusals import refuse_into

from ..actions.advice import take_advice
from ..enums import TaskForm
from ..forms.advice import AdviceForm
from ..instruments import instrument_of
from ..models import Advice
from ..queries.advice import WARNINGS, sentences
from ..queries.load import finished_advice, record_of
from ..rules.tasks import can_ask

PER_PAGE = 20


@staff_page
def ask(request: HttpRequest) -> HttpResponse:
    """The six questions."""
    if not can_ask(request.user):
        raise Http404
    form = AdviceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            advice = take_advice(by=request.user, situation=form.situation(), criteria=form.criteria())
        except Refused as refused:
            refuse_into(form, refused, {"audience": "models"})
        else:
            return redirect("advice", pk=advice.pk)
    context = {"section": "desk", "tab": "tasks", "form": form}
    return render(request, "tasks/advice/ask.html", context, status=422 if request.method == "POST" else 200)


@staff_page
def advice(request: HttpRequest, pk: int) -> HttpResponse:
    """The form, the second best, what speaks for and against, the price, the precision, the warnings, and the draft."""
    found = get_object_or_404(Advice.objects.visible_to(request.user).select_related("task", "by"), pk=pk)
    best, second = TaskForm(found.form), TaskForm(found.second)
    drafts = []
    for form in (best, second):
        instrument = instrument_of(form)
        if instrument and found.task_id is None and can_ask(request.user):
            drafts += [(form, words, f"{reverse(name)}?advice={found.pk}") for words, name in instrument.new]
    context = {
        "section": "desk",
        "tab": "tasks",
        "advice": found,
        "best": best,
        "second": second,
        "for_best": sentences(found.because, best),
        "for_second": sentences(found.because, second),
        "warnings": [WARNINGS[code] for code in found.warnings if code in WARNINGS],
        "drafts": drafts,
    }
    return render(request, "tasks/advice/advice.html", context)


@staff_page
def record(request: HttpRequest) -> HttpResponse:
    """What the advisor promised and what came."""
    page = Paginator(finished_advice(), PER_PAGE).get_page(request.GET.get("page"))
    rows = record_of(page.object_list)
    kept = sum(row.kept for row in rows)
    context = {"section": "desk", "tab": "tasks", "page": page, "rows": rows, "kept": kept}
    return render(request, "tasks/advice/record.html", context)
