"""`/events/<id>/memories/`: what those who were there keep of the day; one of them, with all that can be done about it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kocforum.errors import Refused
from kocforum.forum.rules.posts import can_moderate
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import keeps_unsent_text, unsent_text

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
from .events import event_or_404

PER_PAGE = 12
FILES = {"uploads": "new_uploads"}
NAMES = {"edit": FILES, "ask": {"words": "wish"}, "keep": {"words": "answer"}}


@keeps_unsent_text("memory", fields=("words",))
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
                waits = told.state != "shown"
                messages.success(request, _("A moderator has a look first.") if waits else _("It is here. Thank you."))
                return redirect("event_memories", pk=pk)
    page = Paginator(memories_of(found, request.user), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = bring(page.object_list, request.user)
    context = {
        "section": "events",
        "event": found,
        "page": page,
        "form": form,
        "begun": bool(unsent),
        "may": may,
        "until": gathered_until(found),
        "looks_after": request.user.is_authenticated
        and (can_moderate(request.user) or can_run(request.user, found) is True),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "tasks/memories/day.html", context, status=status)


@keeps_unsent_text("one_memory", fields=("words", "wish", "reason", "answer"))
@require_http_methods(["GET", "HEAD", "POST"])
def memory(request: HttpRequest, pk: int, memory: int) -> HttpResponse:
    """One of them: its author changes it or takes it down, others ask for that, organisers and moderators decide."""
    found = event_or_404(request, pk)
    one = get_object_or_404(memories_of(found, request.user), pk=memory)
    one.event = found
    forms = _forms(request, found, one)
    if request.method == "POST":
        do = request.POST.get("do", "")
        form = forms.get(do)
        if form is not None and not form.is_valid():
            return _page(request, found, one, forms)
        try:
            return _done(request, found, one, do, form)
        except Refused as refused:
            if form is None:
                messages.error(request, str(refused))
            else:
                refuse_into(form, refused, NAMES.get(do))
    return _page(request, found, one, forms)


def _forms(request: HttpRequest, found: Event, one: Memory) -> dict[str, Any]:
    """Those that this person may send. The one that was sent holds what was typed, also where it may not be sent any more."""
    user, unsent = request.user, unsent_text(request, "one_memory", pk=found.pk, memory=one.pk)
    do = request.POST.get("do") if request.method == "POST" else None
    forms: dict[str, Any] = {}
    if do == "edit" or can_edit_memory(user, one) is True:
        said = {"words": one.words, "thread": one.thread_id, "revision": one.revision}
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
    by = request.user
    if do == "edit" and form:
        edit_memory(by=by, memory=one, revision=form.cleaned_data["revision"], **form.values())
        messages.success(request, _("Saved."))
    elif do == "remove":
        remove_memory(by=by, memory=one)
        messages.success(request, _("It is taken down."))
    elif do == "ask" and form:
        ask_to_take_down(by=by, memory=one, words=form.cleaned_data["wish"], op_id=form.cleaned_data["op_id"])
        messages.success(request, _("The organisers and the moderators read it. You hear of the answer."))
    elif do == "hide" and form:
        hide_memory(by=by, memory=one, reason=form.cleaned_data["reason"])
        messages.success(request, _("Hidden, and its author is told."))
    elif do == "show":
        show_memory(by=by, memory=one)
        messages.success(request, _("It can be read, and its author is told."))
    elif do == "keep" and form:
        keep_memory(by=by, memory=one, words=form.cleaned_data["answer"])
        messages.success(request, _("It stays, and who asked is told."))
    else:
        raise Http404
    return redirect("event_memories", pk=found.pk)


def _page(request: HttpRequest, found: Event, one: Memory, forms: dict[str, Any]) -> HttpResponse:
    [one] = bring([one], request.user)
    after = looks_after(request.user, one)
    wishes = wishes_about(one, request.user)
    context = {
        "section": "events",
        "event": found,
        "memory": one,
        **{f"{name}_form": form for name, form in forms.items()},
        "may_remove": can_remove_memory(request.user, one) is True,
        "may_show": can_show_again(request.user, one),
        "may_ask": can_ask_to_take_down(request.user, one),
        "mine": request.user.is_authenticated and one.author_id == request.user.pk,
        "looks_after": after,
        "wishes": wishes if after else (),
        "wished": None if after else next(iter(wishes), None),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "tasks/memories/memory.html", context, status=status)
