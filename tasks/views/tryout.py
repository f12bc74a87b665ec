"""Answer a survey as a test: the same pages, nothing is stored, and what would be stored is shown at the end."""

from __future__ import annotations

import json
import secrets
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from kocforum.ui.doors import staff_page

from ..forms.answering import PageForm
from ..models import Task
from ..queries.instruments import pictures_by_key, questionnaire_of
from ..rules.answers import take_all
from ..rules.questionnaire import Questionnaire
from ..rules.tasks import can_ask
from .doors import task_or_404

SALT = "tasks.try"


@staff_page
def try_out(request: HttpRequest, pk: int) -> HttpResponse:
    """What was answered so far travels in the page, signed; photos are not asked for."""
    found = task_or_404(request.user, pk)
    if not can_ask(request.user) or not hasattr(found, "survey"):
        raise Http404
    questionnaire = questionnaire_of(found.survey)
    if not questionnaire.items:
        raise Http404
    state = _carried(request.POST)
    if request.method != "POST":
        return _page(request, found, questionnaire, state, min(questionnaire.pages))
    asked = request.POST.get("page", "")
    number = next((page for page in questionnaire.pages if str(page) == asked), min(questionnaire.pages))
    form = _form(found, questionnaire, state, number, data=request.POST)
    state["answers"] = {**state["answers"], **form.answers}
    if request.POST.get("go") == "back":
        return _page(request, found, questionnaire, state, max(form.previous, default=number))
    if form.problems or form.unseen:
        return _page(request, found, questionnaire, state, number, form=form)
    if form.following:
        return _page(request, found, questionnaire, state, form.following[0])
    kept, _problems = take_all(questionnaire, state["answers"])
    said = json.dumps(kept, ensure_ascii=False, indent=2)
    return render(request, "tasks/surveys/tried.html", {"section": "desk", "task": found, "answers": said})


def _carried(data: QueryDict) -> dict[str, Any]:
    try:
        return signing.loads(data.get("carried", ""), salt=SALT)
    except signing.BadSignature:
        return {"answers": {}, "seed": secrets.randbelow(2**31)}


def _form(task: Task, questionnaire: Questionnaire, state: dict[str, Any], number: int, **typed: Any) -> PageForm:
    pictures = pictures_by_key(task.survey)
    return PageForm(
        questionnaire, page=number, answers=state["answers"], seed=state["seed"], pictures=pictures, **typed
    )


def _page(
    request: HttpRequest,
    task: Task,
    questionnaire: Questionnaire,
    state: dict[str, Any],
    number: int,
    form: PageForm | None = None,
) -> HttpResponse:
    context = {
        "section": "desk",
        "task": task,
        "survey": task.survey,
        "trying": True,
        "carried": signing.dumps(state, salt=SALT, compress=True),
        "form": form or _form(task, questionnaire, state, number),
        "follows": form is not None and not form.wrong and bool(form.unseen),
    }
    return render(request, "tasks/surveys/answer.html", context, status=422 if form else 200)
