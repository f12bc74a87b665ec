"""Entries as they are read, and the talk under each."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Refused
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import keeps_unsent_text, unsent_text

from ..actions.entries import moderate_entry, return_entry
from ..actions.leading import ask_question, close_question, pin_reply, say_what_changed, sum_up
from ..actions.replies import edit_reply, moderate_reply, remove_reply, write_reply
from ..actions.stories import keep_entry, let_go_of_entry
from ..enums import EntryState, ReplyKind
from ..forms.replies import EditReplyForm, ReplyForm
from ..models import Entry, Reply
from ..queries.entries import PER_PAGE, cards_of, files_of, signed_by, versions_of
from ..queries.quotes import quotes_of
from ..queries.talk import PER_PAGE as REPLIES_PER_PAGE
from ..queries.talk import pinned_of, replies_of, talk_of
from ..rules.calls import (
    can_edit_reply,
    can_keep_entry,
    can_lead,
    can_moderate_entry,
    can_reply,
    can_return_entry,
    is_writer,
)
from .doors import call_or_404, entry_or_404, number_in, unindexed


@require_safe
def entries(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that this person may read of a call, twenty a page."""
    found = call_or_404(request.user, pk)
    page = Paginator(cards_of(found.call, request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"section": "tasks", "task": found, "call": found.call, "page": page}
    return unindexed(render(request, "tasks/calls/entries.html", context), found)


@require_safe
def entry(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """One entry: the text with its outline, the questions of its writer, the replies."""
    found = entry_or_404(request.user, pk, entry)
    if found.state in {EntryState.BEGUN, EntryState.RETURNED}:
        return redirect("entry_write", pk=pk, entry=entry)
    kept = unsent_text(request, "entry_reply", pk=pk, entry=entry)
    return _page(request, found, _reply_form(request, found, {"op_id": uuid.uuid4(), **kept}))


def _reply_form(request: HttpRequest, found: Entry, initial: dict[str, Any] | None = None) -> ReplyForm:
    data = None if initial is not None else request.POST
    prefetch_related_objects([found], "sub_questions")  # the form asks for them, and the page again
    writes = is_writer(request.user, found)
    if initial is not None and (to := number_in(request.GET.get("to"))):
        initial = {**initial, "to": to}
    return ReplyForm(data, by=request.user, entry=found, writes=writes, initial=initial)


def _page(request: HttpRequest, found: Entry, form: ReplyForm, *, status: int = 200) -> HttpResponse:
    user, call = request.user, found.call
    kind = request.GET.get("kind", "")
    talk = talk_of(found, user, kind=kind)
    paginator = Paginator(replies_of(found, user, kind=kind), REPLIES_PER_PAGE)
    paginator.count = talk.count
    page = paginator.get_page(request.GET.get("page"))
    writes, runs = is_writer(user, found), call.task.is_open
    leads = can_lead(user, found, runs=runs)
    context = {
        "section": "tasks",
        "task": call.task,
        "call": call,
        "entry": found,
        "signed": signed_by(found),
        "files": files_of(found),
        "form": form,
        "may_reply": user.is_authenticated and can_reply(user, found, reads=found.is_given, runs=runs),
        "page": page,
        "kind": kind,
        "kinds": [(one.value, one.label) for one in ReplyKind],
        "pinned": pinned_of(found, user) if talk.pinned and page.number == 1 and not kind else None,
        "questions": list(found.sub_questions.all()),
        "shares": talk.shares,
        "cars": talk.cars,
        "fold_staff": talk.shares.members < call.staff_wait,
        "writes": writes,
        "quotes": (quotes := quotes_of(found, user, writes=writes)),
        "outcomes": list(call.task.outcomes.all()) if quotes else [],
        "leads": leads is True and not call.is_sealed,
        "may_moderate": user.is_authenticated and can_moderate_entry(user, found),
        "may_return": user.is_authenticated and can_return_entry(user, found) is True,
        "may_keep": user.is_authenticated and can_keep_entry(user, found),
        "answering": form.initial.get("to") and Reply.objects.visible_to(user).filter(pk=form.initial["to"]).first(),
    }
    return unindexed(render(request, "tasks/calls/entry.html", context, status=status), call.task)


@require_safe
def versions(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """What readers saw at each version, and what changed."""
    found = entry_or_404(request.user, pk, entry)
    context = {"section": "tasks", "task": found.call.task, "entry": found, "rows": versions_of(found)}
    return unindexed(render(request, "tasks/calls/versions.html", context), found.call.task)


@require_POST
@keeps_unsent_text("entry_reply", fields=("body", "kind"), back=None)
@login_required
def reply(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """Answer under an entry."""
    found = entry_or_404(request.user, pk, entry)
    form = _reply_form(request, found)
    if form.is_valid():
        try:
            made = write_reply(by=request.user, entry=found, op_id=form.cleaned_data["op_id"], **form.values())
        except Refused as refused:
            refuse_into(form, refused)
        else:
            waits = made.state != "visible"
            messages.success(request, _("A moderator has a look first.") if waits else _("Your answer stands."))
            return redirect(f"{_place(found, made)}#r{made.pk}")
    return _page(request, found, form, status=422)


def _place(found: Entry, made: Reply) -> str:
    """The page of the talk on which a reply stands."""
    before = Reply.objects.filter(entry=found, pk__lt=made.pk).count()
    number = before // REPLIES_PER_PAGE + 1
    return found.get_absolute_url() + (f"?page={number}" if number > 1 else "")


@keeps_unsent_text("reply_edit", fields=("body",))
@login_required
def edit(request: HttpRequest, pk: int, entry: int, reply: int) -> HttpResponse:
    """Change one's own words, or take them back."""
    found = _reply_or_404(request, pk, entry, reply)
    may = can_edit_reply(request.user, found)
    if found.author_id != request.user.pk:
        raise Http404
    initial = {"body": found.body, "revision": found.revision}
    kept = unsent_text(request, "reply_edit", pk=pk, entry=entry, reply=reply)
    form = EditReplyForm(request.POST or None, initial={**initial, **kept})
    if request.method == "POST":
        try:
            if request.POST.get("do") == "remove":
                remove_reply(by=request.user, reply=found)
                messages.success(request, _("Your answer is gone."))
                return redirect(found.entry)
            if form.is_valid():
                said = form.cleaned_data
                edit_reply(by=request.user, reply=found, body=said["body"], revision=said["revision"])
                messages.success(request, _("Saved."))
                return redirect(found)
        except Refused as refused:
            refuse_into(form, refused)
    context = {"section": "tasks", "task": found.entry.call.task, "entry": found.entry, "reply": found, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "tasks/calls/reply.html", {**context, "may": may}, status=status)


def _reply_or_404(request: HttpRequest, pk: int, entry: int, number: int) -> Reply:
    found = entry_or_404(request.user, pk, entry)
    row = Reply.objects.visible_to(request.user).filter(entry=found, pk=number).select_related("author").first()
    if row is None:
        raise Http404
    row.entry = found
    return row


@require_POST
@login_required
def lead(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """What the writer of an entry does with the talk under it."""
    found = entry_or_404(request.user, pk, entry)
    try:
        _lead(request, found)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Done."))
    return redirect(found)


def _lead(request: HttpRequest, found: Entry) -> None:
    by, said = request.user, request.POST
    do = said.get("do")
    if do in {"pin", "unpin"}:
        chosen = Reply.objects.visible_to(by).filter(entry=found, pk=number_in(said.get("reply"))).first()
        pin_reply(by=by, entry=found, reply=chosen if do == "pin" else None)
    elif do == "ask":
        ask_question(by=by, entry=found, text=said.get("question", ""))
    elif do == "close":
        question = found.sub_questions.filter(pk=number_in(said.get("sub_question"))).first()
        if question is None:
            raise Http404
        question.entry = found
        close_question(by=by, question=question, answer=said.get("answer", ""))
    elif do == "sum_up":
        sum_up(by=by, entry=found, text=said.get("summary", ""))
    elif do == "changed":
        say_what_changed(by=by, entry=found, text=said.get("change_of_mind", ""))
    else:
        raise Http404


@require_POST
@login_required
def judge(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """What moderators and researchers do with an entry or a reply."""
    found = entry_or_404(request.user, pk, entry)
    do, reason, by = request.POST.get("do"), request.POST.get("reason", ""), request.user
    number = number_in(request.POST.get("reply"))
    try:
        if number:
            moderate_reply(by=by, reply=_reply_or_404(request, pk, entry, number), hide=do == "hide", reason=reason)
        elif do == "return":
            return_entry(by=by, entry=found, reason=reason)
        elif do in {"keep", "let_go"}:
            (keep_entry if do == "keep" else let_go_of_entry)(by=by, entry=found)
        elif do in {"hide", "show"}:
            moderate_entry(by=by, entry=found, hide=do == "hide", reason=reason)
        else:
            raise Http404
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Done.") if do == "let_go" else _("Done, and the writer is told."))
    still = Entry.objects.visible_to(by).filter(pk=found.pk).exists()
    return redirect(found) if still else redirect("task", pk=pk)
