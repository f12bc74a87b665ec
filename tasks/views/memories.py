"""`/events/<id>/memories/`: what those who were there keep of the day; one of them, with all that can be done about it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kocforum.errors import Conflict, Forbidden, Refused, require
from kocforum.forum.rules.posts import can_moderate
from kocforum.text import clean_line, clean_text
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import keep_unsent_text, keeps_unsent_text, unsent_text

from ..actions.memories import edit_memory, remove_memory, tell_memory
from ..actions.taking_down import ask_to_take_down, hide_memory, keep_memory, show_memory
from ..forms.memories import HideForm, KeepForm, MemoryForm, WishForm
from ..models import Event, Memory
from ..queries.memories import bring, memories_of, wishes_about
from ..rules.events import can_run
from ..rules.memories import (
    can_ask_to_take_down,
    can_edit_memory,
    can_remove_memory,
    can_show_again,
    can_tell_memory,
    gathered_until,
    hidden_as,
    looks_after,
)
from .doors import number_in
from .events import event_or_404

PER_PAGE = 12
FILES = {"uploads": "new_uploads"}
NAMES = {"edit": FILES, "ask": {"words": "wish"}, "keep": {"words": "answer"}}


@keeps_unsent_text("memory", fields=("words", "thread"))
@require_http_methods(["GET", "HEAD", "POST"])
def memories(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody who may see the event sees it; who was there adds to it."""
    found = event_or_404(request, pk)
    may = can_tell_memory(request.user, found)
    unsent = unsent_text(request, "memory", pk=pk)
    form = None
    if may is True or request.method == "POST":  # who comes too late keeps what was typed
        sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
        form = MemoryForm(*sent, by=request.user, initial={"op_id": uuid.uuid4()} | unsent)
        if request.method == "POST" and form.is_valid():
            try:
                told = tell_memory(by=request.user, event=found, op_id=form.cleaned_data["op_id"], **form.values())
            except Refused as refused:
                refuse_into(form, refused, FILES)
            else:
                if not _was_sent_before(told, form):
                    _say_what_became_of(request, told)
                    return redirect("event_memories", pk=pk)
                form.renew(op_id=uuid.uuid4())
                form.add_error(
                    None, _("This form was sent before, so nothing was added now. Send it again to add this, too.")
                )
    page = Paginator(memories_of(found, request.user), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = bring(page.object_list, request.user)
    after = request.user.is_authenticated and (can_moderate(request.user) or can_run(request.user, found) is True)
    for row in page.object_list:
        row.looked_after = after and row.author_id != request.user.pk  # of one's own somebody else does
    context = {
        "section": "events",
        "event": found,
        "page": page,
        "form": form,
        "begun": bool(unsent),
        "may": may,
        "until": gathered_until(found),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "tasks/memories/day.html", context, status=status)


def _was_sent_before(told: Memory, form: MemoryForm) -> bool:
    """With other words, or taken down since: what was typed now stands nowhere."""
    if not getattr(told, "replayed", False):
        return False
    return told.state == "removed" or told.words != clean_text(form.cleaned_data["words"]).strip()


def _say_what_became_of(request: HttpRequest, told: Memory) -> None:
    if getattr(told, "replayed", False):
        messages.info(request, _("It was sent before, and is kept once."))
    elif told.state != "shown":
        messages.success(request, _("A moderator has a look first."))
    else:
        messages.success(request, _("It is here. Thank you."))


@keeps_unsent_text("one_memory", fields=("words", "wish", "reason", "answer", "revision", "thread"))
@require_http_methods(["GET", "HEAD", "POST"])
def memory(request: HttpRequest, pk: int, memory: int) -> HttpResponse:
    """One of them: its author changes it or takes it down, others ask for that, organisers and moderators decide."""
    found = event_or_404(request, pk)
    one = _one(request, found, memory)
    if one is None:
        return _gone(request, found)
    forms = _forms(request, found, one)
    if request.method == "POST":
        do = request.POST.get("do", "")
        form = forms.get(do)
        if form is not None and not form.is_valid():
            return _page(request, found, one, forms)
        try:
            return _done(request, found, one, do, form)
        except Refused as refused:
            one = _one(request, found, memory)
            if one is None:
                return _gone(request, found)
            if form is None:
                messages.error(request, str(refused))
            else:
                refuse_into(form, refused, NAMES.get(do))
            if (
                do == "edit"
                and form
                and isinstance(refused, Conflict)
                and form.cleaned_data["revision"] != one.revision
            ):
                form.renew(revision=one.revision)  # shown what stands there now, they can save over it
    return _page(request, found, one, forms)


def _one(request: HttpRequest, found: Event, number: int) -> Memory | None:
    """As it stands now; None for a form that comes too late."""
    one = memories_of(found, request.user).filter(pk=number).first()
    if one is None and request.method != "POST":
        raise Http404
    if one is not None:
        one.event = found
    return one


def _gone(request: HttpRequest, found: Event) -> HttpResponse:
    """Hidden or taken down while somebody wrote. The same for a number that never was one: who may not see it learns nothing."""
    if request.POST.get("do") == "edit" and (words := request.POST.get("words", "").strip()):
        keep_unsent_text(request, "memory", {"words": words}, pk=found.pk)
    messages.error(request, _("Nobody sees it any more."))
    return redirect("event_memories", pk=found.pk)


def _forms(request: HttpRequest, found: Event, one: Memory) -> dict[str, Any]:
    """Those that this person may send. The one that was sent holds what was typed, also where it may not be sent any more."""
    user, unsent = request.user, unsent_text(request, "one_memory", pk=found.pk, memory=one.pk)
    do = request.POST.get("do") if request.method == "POST" else None
    forms: dict[str, Any] = {}
    if one.author_id == user.pk and (do == "edit" or can_edit_memory(user, one) is True):
        said = {"words": one.words, "thread": one.thread_id, "revision": one.revision}
        if "revision" in unsent:  # also a thread or words that were left out
            said = {"words": "", "thread": None}
        sent = (request.POST, request.FILES) if do == "edit" else (None, None)
        forms["edit"] = MemoryForm(*sent, by=user, memory=one, initial=said | unsent)
    if do == "ask" or (can_ask_to_take_down(user, one) is True and not looks_after(user, one)):
        said = {"op_id": uuid.uuid4()} | unsent
        forms["ask"] = WishForm(request.POST if do == "ask" else None, initial=said)
    after = looks_after(user, one)
    if do == "hide" or (after and hidden_as(user, one)):
        forms["hide"] = HideForm(request.POST if do == "hide" else None, initial=unsent)
    if do == "keep" or (after and one.wishes):
        forms["keep"] = KeepForm(request.POST if do == "keep" else None, initial=unsent)
    return forms


def _done(request: HttpRequest, found: Event, one: Memory, do: str, form: Any) -> HttpResponse:
    by, seen = request.user, number_in(request.POST.get("revision"))
    if do == "edit":
        require(form is not None, _("What somebody else keeps of the day is theirs."), Forbidden)
        edit_memory(by=by, memory=one, revision=form.cleaned_data["revision"], **form.values())
        messages.success(request, _("Saved."))
    elif do == "remove":
        remove_memory(by=by, memory=one)
        messages.success(request, _("It is taken down."))
    elif do == "ask" and form:
        wish, op_id = form.cleaned_data["wish"], form.cleaned_data["op_id"]
        asked = ask_to_take_down(by=by, memory=one, words=wish, op_id=op_id)
        if asked.answered_at:
            messages.info(request, _("You asked for this before, and had an answer."))
        elif asked.words != clean_line(wish):
            messages.info(request, _("You asked before, and that still waits for an answer. Nothing was added to it."))
        else:
            messages.success(request, _("The organisers and the moderators read it. You hear of the answer."))
    elif do == "hide" and form:
        hide_memory(by=by, memory=one, reason=form.cleaned_data["reason"], revision=seen)
        messages.success(request, _("Hidden, and its author is told."))
    elif do == "show":
        if show_memory(by=by, memory=one, revision=seen).state == "shown":
            messages.success(request, _("It can be read, and its author is told."))
        else:
            messages.info(
                request,
                _("Moderation has nothing against it. The organisers had hidden it before, so it stays hidden."),
            )
    elif do == "keep" and form:
        keep_memory(by=by, memory=one, words=form.cleaned_data["answer"], revision=seen)
        messages.success(request, _("It stays, and who asked is told."))
    else:
        raise Http404
    return redirect("event_memories", pk=found.pk)


def _page(request: HttpRequest, found: Event, one: Memory, forms: dict[str, Any]) -> HttpResponse:
    [one] = bring([one], request.user)
    one.looked_after = after = looks_after(request.user, one)
    wishes = wishes_about(one, request.user)
    context = {
        "section": "events",
        "event": found,
        "memory": one,
        **{f"{name}_form": form for name, form in forms.items()},
        "edit_revision": str(forms["edit"]["revision"].value() or "") if "edit" in forms else "",
        "may_remove": can_remove_memory(request.user, one) is True,
        "may_show": can_show_again(request.user, one),
        "may_ask": can_ask_to_take_down(request.user, one),
        "mine": request.user.is_authenticated and one.author_id == request.user.pk,
        "wishes": wishes if after else (),
        "wished": None if after else next((wish for wish in wishes if wish.by_id == request.user.pk), None),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "tasks/memories/memory.html", context, status=status)
