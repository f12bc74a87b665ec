"""Correct the words of a survey, and see what they were."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kocforum.errors import Refused
from kocforum.ui.doors import staff_page
from kocforum.ui.refusals import refuse_into

from ..actions.wordings import correct_wording
from ..forms.wordings import WordingForm
from ..queries.instruments import questionnaire_of
from ..queries.wordings import history_of
from ..rules.surveys import can_correct_wording
from ..rules.tasks import can_ask
from .doors import task_or_404


@staff_page
def words(request: HttpRequest, pk: int) -> HttpResponse:
    """The words as plain fields while they may be corrected, and every version with its difference."""
    found = task_or_404(request.user, pk)
    if not can_ask(request.user) or not hasattr(found, "survey"):
        raise Http404
    survey = found.survey
    items = questionnaire_of(survey).items
    may = can_correct_wording(request.user, survey)
    form = WordingForm(request.POST or None, items=items, version=survey.version) if may else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            made = correct_wording(by=request.user, task=found, items=form.corrected(), seen=form.cleaned_data["seen"])
        except Refused as refused:
            refuse_into(form, refused)
            form.data = {**form.data.dict(), "seen": str(survey.version)}
        else:
            messages.success(request, _("The words are corrected.") if made else _("Nothing was different."))
            return redirect("survey_words", pk=pk)
    context = {"section": "desk", "tab": "tasks", "task": found, "form": form, "history": history_of(survey)}
    return render(request, "tasks/surveys/words.html", context, status=422 if request.method == "POST" else 200)
