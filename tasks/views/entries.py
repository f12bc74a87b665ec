"""Entries as they are read, and the talk under each."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Refused
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import keeps_unsent_text, unsent_text

from ..actions.readers import count_reader
from ..actions.replies import edit_reply, remove_reply, write_reply
from ..enums import EntryState, ReplyKind, Round
from ..forms.leading import above_the_talk
from ..forms.replies import EditReplyForm, ReplyForm
from ..models import Entry, Reply
from ..queries.entries import PER_PAGE, cards_of, files_of, signed_by, versions_of
from ..queries.quotes import quotes_of
from ..queries.rights import rights_of
from ..queries.talk import PER_PAGE as REPLIES_PER_PAGE
from ..queries.talk import pinned_of, replies_of, talk_of
from ..rules.calls import (
    can_edit_reply,
    can_keep_entry,
    can_lead,
    can_moderate_entry,
    can_reply,
    can_return_entry,
    counts_as_reader,
    is_writer,
    takes_most_room,
)
from .doors import call_or_404, entry_or_404, number_in, reply_or_404, unindexed


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
    if reply := _named_reply(request, found):
        return redirect(_place(found, reply, request.user))
    kept = unsent_text(request, "entry_reply", pk=pk, entry=entry)
    return entry_page(request, found, _reply_form(request, found, {"op_id": uuid.uuid4(), **kept}))


def _named_reply(request: HttpRequest, found: Entry) -> Reply | None:
    number = number_in(request.GET.get("reply"))
    return Reply.objects.visible_to(request.user).filter(entry=found, pk=number).first() if number else None


def _reply_form(request: HttpRequest, found: Entry, initial: dict[str, Any] | None = None) -> ReplyForm:
    data = None if initial is not None else request.POST
    prefetch_related_objects([found], "sub_questions")  # the form asks for them, and the page again
    writes = is_writer(request.user, found)
    if initial is not None and (to := number_in(request.GET.get("to"))):
        initial = {**initial, "to": to}
    return ReplyForm(data, by=request.user, entry=found, writes=writes, initial=initial)


def entry_page(
    request: HttpRequest,
    found: Entry,
    form: ReplyForm | None = None,
    *,
    leading: Form | None = None,
    judged: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of an entry. `form`, `leading`, `judged`: what was sent and refused, with what is wrong with it."""
    user, call = request.user, found.call
    form = form or _reply_form(request, found, {"op_id": uuid.uuid4()})
    kind = request.GET.get("kind", "")
    talk = talk_of(found, user, kind=kind)
    paginator = Paginator(replies_of(found, user, kind=kind), REPLIES_PER_PAGE)
    paginator.count = talk.count
    page = paginator.get_page(request.GET.get("page"))
    writes, runs = is_writer(user, found), call.task.is_open
    leads = can_lead(user, found, runs=runs) is True and not call.is_sealed
    answering = _answered(form, found, user)
    in_private = answering is not None and answering.private
    context = {
        "section": "tasks",
        "task": call.task,
        "call": call,
        "entry": found,
        "signed": signed_by(found),
        "files": files_of(found),
        "form": form,
        "may_reply": user.is_authenticated
        and can_reply(user, found, to_private=in_private, reads=found.is_given, runs=runs),
        "may_answer_staff": (writes or user.is_staff) and runs,
        "page": page,
        "on_page": {row.pk for row in page},
        "kind": kind,
        "kinds": [(one.value, one.label) for one in ReplyKind],
        "pinned": pinned_of(found, user) if talk.pinned and page.number == 1 and not kind else None,
        "shares": talk.shares,
        "cars": talk.cars,
        "fold_staff": talk.shares.members < call.staff_wait,
        "writes": writes,
        "counts": counts_as_reader(user, found),
        "quotes": (quotes := quotes_of(found, user, writes=writes)),
        "outcomes": list(call.task.outcomes.all()) if quotes else [],
        "leads": leads,
        "may_moderate": user.is_authenticated and can_moderate_entry(user, found),
        "may_return": user.is_authenticated and can_return_entry(user, found) is True,
        "may_keep": user.is_authenticated and can_keep_entry(user, found),
        "rights": rights_of(found, user),
        "answering": answering,
        "leave_room": takes_most_room(talk.shares.own, talk.shares.members) and not writes,
        "judged": judged or {},
        "leading": leading,
        **above_the_talk(
            found,
            leading,
            kept=unsent_text(request, "entry_lead", pk=call.task_id, entry=found.pk),
            leads=leads,
            converging=call.round == Round.CONVERGING,
        ),
    }
    return unindexed(render(request, "tasks/calls/entry.html", context, status=status), call.task)


def _answered(form: ReplyForm, found: Entry, user: Any) -> Reply | None:
    number = number_in(str(form["to"].value() or ""))
    return Reply.objects.visible_to(user).filter(entry=found, pk=number).first() if number else None


@require_POST
def read(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """The end of the text came into view."""
    found = entry_or_404(request.user, pk, entry)
    if request.user.is_authenticated:
        count_reader(by=request.user, entry=found)
    return HttpResponse(status=204)


@require_safe
def versions(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """What readers saw at each version, and what changed."""
    found = entry_or_404(request.user, pk, entry)
    context = {"section": "tasks", "task": found.call.task, "entry": found, "rows": versions_of(found)}
    return unindexed(render(request, "tasks/calls/versions.html", context), found.call.task)


@require_POST
@keeps_unsent_text("entry_reply", fields=("body", "kind", "to", "private", "vehicle", "sub_question"), back=None)
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
            return redirect(_place(found, made, request.user))
    return entry_page(request, found, form, status=422)


def _place(found: Entry, reply: Reply, user: Any) -> str:
    """Where in the talk a reply stands, as this person reads it."""
    before = replies_of(found, user).filter(pk__lt=reply.pk).count()
    number = before // REPLIES_PER_PAGE + 1
    return found.get_absolute_url() + (f"?page={number}" if number > 1 else "") + f"#r{reply.pk}"


@keeps_unsent_text("reply_edit", fields=("body",))
@login_required
def edit(request: HttpRequest, pk: int, entry: int, reply: int) -> HttpResponse:
    """Change one's own words, or take them back."""
    found = reply_or_404(request.user, entry_or_404(request.user, pk, entry), reply)
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
