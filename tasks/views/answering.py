"""Answer a survey page by page: every page is kept as a draft when it is left, the last one sends."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kocforum.errors import Invalid, Refused

from ..actions.responses import ANSWER_PHOTOS, answer_survey, save_draft, withdraw_response
from ..enums import QuestionType
from ..forms.answering import PageForm
from ..models import Participation, ResponseDraft, Survey, Task
from ..queries.instruments import pictures_by_key, questionnaire_of
from ..queries.respondents import is_over_quota, order_seed_of, own_draft, own_response
from ..queries.stopwatch import LONGEST
from ..queries.wordings import changed_since
from ..rules.questionnaire import Questionnaire
from ..rules.surveys import can_answer
from ..rules.wording import in_words
from .doors import task_or_404

GOES = {"next", "back", "send", "save", "later"}


@require_http_methods(["GET", "HEAD", "POST"])
def answer_pages(request: HttpRequest, pk: int) -> HttpResponse:
    """One page of the survey, with what is kept of it. POST leaves it: on, back, later, or sends."""
    found = task_or_404(request.user, pk)
    if not hasattr(found, "survey"):
        raise Http404
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?next={request.path}")
    survey, draft = found.survey, own_draft(found.survey, request.user)
    survey.task = found
    refusal = _why_not(request.user, survey, draft)
    if refusal and request.POST.get("go") == "save":
        return HttpResponse(refusal, status=409, content_type="text/plain; charset=utf-8")
    if refusal:
        messages.info(request, refusal)
        return redirect(found)
    pages = _Pages(request, found, draft)
    return pages.leave() if request.method == "POST" else pages.show()


def _why_not(user: Any, survey: Survey, draft: ResponseDraft | None) -> str:
    allowed = can_answer(user, survey=survey, draft=draft)
    if allowed is not True:
        return str(allowed or _("You cannot answer here."))
    if not survey.amendable and Participation.objects.filter(task=survey.task_id, member=user.pk).exists():
        return _("You have answered already. Thank you.")
    return ""


class _Pages:
    """One request to the pages of one survey."""

    def __init__(self, request: HttpRequest, task: Task, draft: ResponseDraft | None) -> None:
        self.request, self.task, self.survey, self.draft = request, task, task.survey, draft
        self.user = request.user
        self.questionnaire: Questionnaire = questionnaire_of(self.survey)
        response = None if draft else own_response(self.survey, self.user)
        self.kept: dict[str, Any] = draft.answers if draft else response.answers if response else {}
        seen = draft or response
        self.changed = changed_since(self.survey, seen.version) & set(self.kept) if seen else set()
        self.seed = draft.seed if draft else order_seed_of(self.survey, self.user)

    def show(self) -> HttpResponse:
        return self._page(self._form(self._number()))

    def leave(self) -> HttpResponse:
        """Keep what was typed, then go where the button says."""
        form = self._form(self._number(), data=self.request.POST, files=self.request.FILES)
        go = self.request.POST.get("go", "next")
        if go not in GOES:
            go = "next"
        target = form.page
        if go == "back" and form.previous:
            target = form.previous[-1]
        elif go == "next" and form.following and not form.problems and not form.unseen:
            target = form.following[0]
        try:
            self.draft = save_draft(by=self.user, task=self.task, answers=form.answers, page=target)
        except Refused as refused:
            return self._refused(form, refused, go)
        self.kept = self.draft.answers
        if go == "save":
            return HttpResponse(status=204)
        if self.draft.full:
            words = _(
                "Enough owners like you have answered already. You may go on: your answer is kept, and it is not counted."
            )
            messages.warning(self.request, words, extra_tags="sticky")
        if go == "later":
            messages.success(self.request, _("Kept. Go on whenever you like, on any device, until it ends."))
            return redirect(self.task)
        if go == "back":
            return self._to(target)
        if form.problems or form.unseen:
            return self._page(form, status=422)
        return self._to(target) if form.following else self._send(form)

    def _send(self, form: PageForm) -> HttpResponse:
        try:
            took = answer_survey(
                by=self.user, task=self.task, answers=self.kept, seconds=self._seconds(), op_id=_op_id(self.request)
            )
        except Invalid as invalid:
            return self._page(self._with(invalid), status=422)
        except Refused as refused:
            return self._refused(form, refused)
        if is_over_quota(self.survey, took, self.user):
            words = _(
                "Thank you. Enough owners like you had answered already: your answer is kept, and it is not counted."
            )
        else:
            words = _("Thank you. Your answers have arrived.")
        if self.survey.is_anonymous and took.fresh:
            return self._receipt(words)
        messages.success(self.request, words)
        return redirect(self.task)

    def _receipt(self, words: str) -> HttpResponse:
        """The own answers once more, in this answer of the server and nowhere else: from here on nobody knows whose they are."""
        items = [item for item in self.questionnaire.walk(self.kept) if item.key in self.kept]
        said = [{"question": item.text, "answer": in_words(item, self.kept)} for item in items]
        context = {"section": "tasks", "task": self.task, "words": words, "said": said}
        answer = render(self.request, "tasks/surveys/receipt.html", context)
        answer["Cache-Control"] = "no-store"
        return answer

    def _with(self, invalid: Invalid) -> PageForm:
        """The first page on which something is wrong, with what is wrong."""
        pages = [item.page for item in self.questionnaire.walk(self.kept) if item.key in invalid.fields]
        form = self._form(min(pages, default=self.questionnaire.pages[0]))
        form.refuse(invalid.fields)
        return form

    def _refused(self, form: PageForm, refused: Refused, go: str = "") -> HttpResponse:
        if go == "save":
            return HttpResponse(str(refused), status=409, content_type="text/plain; charset=utf-8")
        return self._page(form, status=422, refused=str(refused))

    def _form(self, number: int, **typed: Any) -> PageForm:
        pictured = any(item.type == QuestionType.IMAGE and item.page == number for item in self.questionnaire.items)
        return PageForm(
            self.questionnaire,
            page=number,
            answers=self.kept,
            seed=self.seed,
            by=self.user,
            photos_of=self._photos_of(number),
            pictures=pictures_by_key(self.survey) if pictured else {},
            changed=self.changed,
            **typed,
        )

    def _photos_of(self, number: int) -> tuple[str, int | None]:
        if not any(item.type == QuestionType.PHOTO and item.page == number for item in self.questionnaire.items):
            return ("", None)
        mine = Participation.objects.filter(task=self.task, member=self.user.pk).values_list("pk", flat=True)
        return (ANSWER_PHOTOS, mine.first())

    def _number(self) -> int:
        """The page that is asked for, as far as the answers lead there; else where one stopped."""
        pages = sorted({item.page for item in self.questionnaire.walk(self.kept)})
        wanted = self.request.GET.get("page", "")
        number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 4 else 0
        if number in pages:
            return number
        return self.draft.page if self.draft and self.draft.page in pages else pages[0]

    def _seconds(self) -> int | None:
        """Since the draft was begun; None where somebody came back to it later."""
        began = self.draft.started_at if self.draft else None
        seconds = int((timezone.now() - began).total_seconds()) if began else LONGEST
        return seconds if seconds < LONGEST else None

    def _to(self, page: int) -> HttpResponse:
        return redirect(f"{reverse('survey', args=[self.task.pk])}?page={page}")

    def _page(self, form: PageForm, status: int = 200, refused: str = "") -> HttpResponse:
        context = {
            "section": "tasks",
            "task": self.task,
            "survey": self.survey,
            "form": form,
            "draft": self.draft,
            "refused": refused,
            "follows": status == 422 and not form.wrong and not refused and bool(form.unseen),
            "op_id": _op_id(self.request) or uuid.uuid4(),
        }
        return render(self.request, "tasks/surveys/answer.html", context, status=status)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the own answer back."""
    found = task_or_404(request.user, pk)
    if not request.user.is_authenticated or not hasattr(found, "survey"):
        raise Http404
    try:
        withdraw_response(by=request.user, task=found)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Your answer is taken back; nothing of it is kept."))
    return redirect(found)


def _op_id(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("op_id", ""))
    except ValueError:
        return None
