"""What the writer of an entry does with the talk under it; what moderators and researchers do with an entry and its replies."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kocforum.errors import Refused
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import keeps_unsent_text

from ..actions.entries import moderate_entry, return_entry
from ..actions.leading import ask_question, close_question, pin_reply, say_what_changed, sum_up, take_down
from ..actions.replies import moderate_reply
from ..actions.rights import ask_for_right
from ..actions.stories import keep_entry, let_go_of_entry
from ..forms.leading import AskForm, ChangeOfMindForm, CloseForm, SumUpForm
from ..models import Entry, Reply, SubQuestion
from .doors import entry_or_404, number_in, reply_or_404
from .entries import entry_page

FORMS: dict[str, type[Form]] = {"ask": AskForm, "close": CloseForm, "sum_up": SumUpForm, "changed": ChangeOfMindForm}


@require_POST
@keeps_unsent_text("entry_lead", fields=("question", "answer", "sub_question", "summary", "change_of_mind"))
@login_required
def lead(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """Pin an answer, ask, close a question, sum up, say what changed."""
    found, do = entry_or_404(request.user, pk, entry), request.POST.get("do", "")
    if do in {"pin", "unpin"}:
        return _pinned(request, found, do)
    if do not in FORMS:
        raise Http404
    place = {"close": f"close-{number_in(request.POST.get('sub_question'))}-%s", "ask": "ask-%s"}
    form = FORMS[do](request.POST, auto_id=place.get(do, "id_%s"))
    if form.is_valid():
        try:
            _led(request.user, found, do, form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(request, _("Done."))
            return redirect(found)
    return entry_page(request, found, leading=form, status=422)


def _pinned(request: HttpRequest, found: Entry, do: str) -> HttpResponse:
    number = number_in(request.POST.get("reply"))
    chosen = Reply.objects.visible_to(request.user).filter(entry=found, pk=number).first()
    try:
        pin_reply(by=request.user, entry=found, reply=chosen if do == "pin" else None)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Done."))
    return redirect(found)


def _led(by: Any, found: Entry, do: str, said: dict[str, Any]) -> None:
    if do == "ask":
        ask_question(by=by, entry=found, text=said["question"], op_id=said["op_id"])
    elif do == "close":
        question = _question_or_404(found, said["sub_question"])
        close_question(by=by, question=question, answer=said["answer"])
    elif do == "sum_up":
        sum_up(by=by, entry=found, text=said["summary"])
    else:
        say_what_changed(by=by, entry=found, text=said["change_of_mind"])


def _question_or_404(found: Entry, number: int) -> SubQuestion:
    question = found.sub_questions.filter(pk=number).first()
    if question is None:
        raise Http404
    question.entry = found
    return question


@require_POST
@login_required
def judge(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """Hide and show, return, keep as a story, ask for a right, take down what stands above the talk."""
    found, by = entry_or_404(request.user, pk, entry), request.user
    do = request.POST.get("do", "")
    try:
        _judged(request, found, do)
    except Refused as refused:
        reason = "" if request.POST.get("reply") or request.POST.get("what") else request.POST.get("reason", "")
        return entry_page(request, found, judged={"reason": reason, "sentence": str(refused)}, status=422)
    messages.success(request, _("Done.") if do == "let_go" else _("Done, and the writer is told."))
    still = Entry.objects.visible_to(by).filter(pk=found.pk).exists()
    return redirect(found) if still else redirect("task", pk=pk)


def _judged(request: HttpRequest, found: Entry, do: str) -> None:
    by, reason = request.user, request.POST.get("reason", "")
    if number := number_in(request.POST.get("reply")):
        moderate_reply(by=by, reply=reply_or_404(by, found, number), hide=do == "hide", reason=reason)
    elif do == "return":
        return_entry(by=by, entry=found, reason=reason)
    elif do in {"keep", "let_go"}:
        (keep_entry if do == "keep" else let_go_of_entry)(by=by, entry=found)
    elif do in {"hide", "show"}:
        moderate_entry(by=by, entry=found, hide=do == "hide", reason=reason)
    elif do == "ask_right":
        ask_for_right(by=by, entry=found, right=request.POST.get("right", ""))
    elif do == "take_down":
        number = number_in(request.POST.get("sub_question"))
        question = _question_or_404(found, number) if number else None
        take_down(by=by, entry=found, what=request.POST.get("what", ""), question=question, reason=reason)
    else:
        raise Http404
