"""Build a survey of several questions: write, move, preview, import; export what was built."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Invalid, Refused
from kocforum.ui.doors import staff_page
from kocforum.ui.refusals import refuse_into

from ..actions.bank import keep_in_bank
from ..actions.surveys import draft_survey, edit_survey
from ..enums import Privacy, ResultsPromise, TaskState
from ..forms.answering import PageForm
from ..forms.builder import CELLS, BuilderForm
from ..forms.question_rows import QuestionRow, new_row, rows_from
from ..forms.tasks import AudienceForm
from ..models import QuotaCell, Task
from ..queries.bank import bank
from ..queries.drafts import stamp_of_draft
from ..queries.instruments import pictures_by_key, questionnaire_of
from ..queries.usual_next import carried_from_thread, evidence_of
from ..rules.notation import to_data
from ..rules.questionnaire import Questionnaire
from ..rules.tasks import can_ask
from .doors import number_in, sources, task_or_404

NAMES = {"audience": "models", "quotas": "cell-1-limit", "questions": None, "guess": None, "bank": None}


def _in_a_week() -> datetime:
    evening = timezone.localtime() + timedelta(days=7)
    return evening.replace(hour=22, minute=0, second=0, microsecond=0)


@staff_page
def new(request: HttpRequest) -> HttpResponse:
    """A new survey: from nothing, from an advice, as the next wave of a task, or from a thread."""
    if not can_ask(request.user):
        raise Http404
    advice, parent, thread = sources(request)
    rows, initial = _begin(advice, parent, thread)
    form = _form(request, rows, {"op_id": uuid.uuid4(), **initial})
    if request.method == "POST" and _wants_saving(request, form):
        try:
            made = draft_survey(
                by=request.user,
                brief=form.brief(),
                items=form.look(),
                terms=form.terms(),
                parent=parent,
                advice=advice,
                op_id=form.cleaned_data["op_id"],
            )
        except Refused as refused:
            refuse_into(form, refused, NAMES)
        else:
            return _kept(request, made)
    return _page(request, form, advice=advice, parent=parent, thread=thread)


@staff_page
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft. What a colleague changed meanwhile is not overwritten unseen."""
    found = task_or_404(request.user, pk)
    if not can_ask(request.user) or found.state != TaskState.DRAFT or not hasattr(found, "survey"):
        raise Http404
    form = _form(request, *_of_draft(found))
    if request.method == "POST" and _wants_saving(request, form):
        try:
            edit_survey(
                by=request.user,
                task=found,
                brief=form.brief(),
                items=form.look(),
                terms=form.terms(),
                seen=form.cleaned_data["stamp"],
            )
        except Refused as refused:
            refuse_into(form, refused, NAMES)
            form.data = form.data.copy()
            form.data["stamp"] = stamp_of_draft(task_or_404(request.user, pk))
        else:
            return _kept(request, found)
    return _page(request, form, task=found, thread=found.thread)


def _kept(request: HttpRequest, task: Task) -> HttpResponse:
    messages.success(request, _("The draft is kept. Look at it as owners will, then open it."))
    return redirect("desk_task", pk=task.pk)


def _form(request: HttpRequest, rows: list[QuestionRow], initial: dict[str, Any]) -> BuilderForm:
    pictures = [option.picture for row in rows for option in row.options if option.picture]
    return BuilderForm(
        request.POST or None,
        request.FILES or None,
        by=request.user,
        rows=rows,
        pictures={one.pk: one for one in pictures},
        initial=initial,
    )


def _wants_saving(request: HttpRequest, form: BuilderForm) -> bool:
    """Whether this was the last button and everything can be read. Any other button is done here, and redraws."""
    what = request.POST.get("do", "save")
    if what == "save":
        form.look()
        return form.is_valid() and not any(row.wrong for row in form.rows)
    form.is_valid()
    form.errors.clear()  # nobody asked yet whether it is complete
    try:
        if what.startswith("bank:"):
            _keep(request, form, what.removeprefix("bank:"))
        else:
            form.do(what)
    except Invalid as invalid:
        refuse_into(form, invalid, NAMES)
    return False


def _keep(request: HttpRequest, form: BuilderForm, number: str) -> None:
    row = next((row for row in form.rows if row.id == number), None)
    form.look()
    item = next((item for item in form.read if row is not None and item.key == row.key), None)
    if item is not None:
        keep_in_bank(by=request.user, item=item)
        messages.success(request, _("“%(question)s” is in the bank.") % {"question": item.text})


def _page(request: HttpRequest, form: BuilderForm, **more: Any) -> HttpResponse:
    form.look()
    asked = request.GET.get("bank", "") or request.POST.get("bank_words", "")
    context = {
        "section": "desk",
        "tab": "tasks",
        "form": form,
        "bank": bank(asked)[:30],
        "bank_words": asked,
        "preview": previewed(form),
        "promises": Privacy,
        **more,
    }
    refused = bool(form.errors) or any(row.wrong for row in form.rows)
    wrong = request.method == "POST" and refused and request.POST.get("do", "save") == "save"
    return render(request, "tasks/surveys/builder/form.html", context, status=422 if wrong else 200)


def previewed(form: BuilderForm) -> list[PageForm]:
    """Every page as owners will see it, with all that may follow."""
    questionnaire = Questionnaire(tuple(form.read))
    pictures = {(row.key, option.key): option.picture for row in form.rows for option in row.options if option.picture}
    pages = [PageForm(questionnaire, page=page, pictures=pictures) for page in questionnaire.pages]
    for page in pages:
        page.show_all()
    return pages


@require_POST
@staff_page
def preview(request: HttpRequest) -> HttpResponse:
    """The phone beside the builder, redrawn while one types. Nothing is stored."""
    if not can_ask(request.user):
        raise Http404
    seen = Task.objects.visible_to(request.user).filter(survey__isnull=False)
    kept = seen.select_related("survey").filter(pk=number_in(request.GET.get("of"))).first()
    pictures = pictures_by_key(kept.survey).values() if kept else ()
    form = BuilderForm(request.POST, by=request.user, pictures={one.pk: one for one in pictures})
    form.look()
    return render(request, "tasks/surveys/builder/_preview.html", {"form": form, "preview": previewed(form)})


@require_safe
@staff_page
def as_json(request: HttpRequest, pk: int) -> HttpResponse:
    """The questions as a file, to be read by the builder of another survey, or by a program."""
    found = task_or_404(request.user, pk)
    if not can_ask(request.user) or not hasattr(found, "survey"):
        raise Http404
    questions = [to_data(item) for item in questionnaire_of(found.survey).items]
    answer = JsonResponse(
        {"title": found.title, "questions": questions}, json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    name = slugify(found.title, allow_unicode=True)[:40] or "survey"
    answer.headers["Content-Disposition"] = content_disposition_header(True, f"{name}-{found.pk}.json")
    return answer


def _of_draft(found: Task) -> tuple[list[QuestionRow], dict[str, Any]]:
    survey = found.survey
    rows = rows_from(questionnaire_of(survey, pictures=True).items, survey.guess, pictures_by_key(survey))
    cells = QuotaCell.objects.filter(survey=survey, option__isnull=True).order_by("pk")[:CELLS]
    initial = {
        **BuilderForm.initial_from(found),
        **{name: getattr(survey, name) for name in ("privacy", "results", "amendable")},
        **{
            f"cell-{number}-{name}": getattr(cell, name)
            for number, cell in enumerate(cells, 1)
            for name in ("limit", "model", "version", "koc_level")
        },
        "stamp": stamp_of_draft(found),
    }
    return rows, initial


def _begin(advice: Any, parent: Task | None, thread: Any) -> tuple[list[QuestionRow], dict[str, Any]]:
    """What a new survey begins with: one empty question, or those of the wave before."""
    initial: dict[str, Any] = {"results": ResultsPromise.AFTER_ANSWER, "minutes": "1", "closes_at": _in_a_week()}
    rows = [new_row([], "single")]
    if parent is not None and hasattr(parent, "survey"):
        survey = parent.survey
        rows = rows_from(questionnaire_of(survey, pictures=True).items, {}, pictures_by_key(survey))
        words = {name: getattr(parent, name) for name in ("title", "why", "decision", "goal", "minutes")}
        promises = {name: getattr(survey, name) for name in ("privacy", "results", "amendable")}
        initial |= {
            **words,
            **promises,
            "basis": evidence_of(parent)[:300],
            **AudienceForm.initial_of(parent.audience.criteria),
        }
    if thread is not None:
        initial |= {"thread": thread.pk, **carried_from_thread(thread)}
    if advice is not None:
        initial |= {"goal": advice.goal, "decision": advice.decision, **AudienceForm.initial_of(advice.criteria)}
    return rows, initial
