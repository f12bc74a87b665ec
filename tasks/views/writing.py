"""Where an entry is written: begin, write, save, look back, give; with whom, and what may be done with it."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Conflict, Invalid, Refused
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import keeps_unsent_text, unsent_text

from ..actions.coauthors import invite_writer, join, part_with
from ..actions.entries import give_entry, set_rights, withdraw_entry
from ..actions.manuscripts import Rights, Saved, begin_entry, drop_aside, save_manuscript
from ..forms.entries import RightsForm, WriterForm, WritingForm
from ..models import Entry, Writer
from ..models.entries import ENTRIES_KIND
from ..queries.entries import own_entry
from ..queries.manuscripts import aside_of, history_of, now_of
from ..rules.calls import can_begin, can_share_entry, can_write_entry, is_author
from ..rules.scaffolds import missing
from .doors import call_or_404, number_in, written_or_404


@login_required
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Before the first word: what may be done with the text. Who began before goes on."""
    found = call_or_404(request.user, pk)
    if own := own_entry(found.call, request.user):
        return redirect("entry_write", pk=pk, entry=own.pk)
    may = can_begin(request.user, found.call)
    form = RightsForm(request.POST or None, initial=vars(Rights()))
    if request.method == "POST" and form.is_valid():
        try:
            entry = begin_entry(by=request.user, call=found.call, rights=form.rights())
        except Refused as refused:
            refuse_into(form, refused)
        else:
            return redirect("entry_write", pk=pk, entry=entry.pk)
    context = {"section": "tasks", "task": found, "call": found.call, "form": form, "may": may}
    return render(request, "tasks/calls/begin.html", context, status=422 if request.method == "POST" else 200)


@keeps_unsent_text("writing", fields=("title", "body"), back=None)
@login_required
def write(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """The long-form editor. Without JavaScript a button saves; with it the page saves by itself."""
    found = written_or_404(request.user, pk, entry)
    form = _form(request, found)
    clash: Saved | None = None
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("do") == "give":
                return _give(request, found, form)
            clash = _save(request, found, form)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            if clash.aside is None:
                messages.success(request, _("Saved. Nobody reads it before you give it."))
                return redirect("entry_write", pk=pk, entry=entry)
    return _page(request, found, form, clash)


def _form(request: HttpRequest, found: Entry) -> WritingForm:
    part_of = (ENTRIES_KIND, found.pk)
    if request.method == "POST":
        return WritingForm(request.POST, request.FILES, by=request.user, part_of=part_of)
    initial = now_of(found) | {
        "op_id": uuid.uuid4(),
        **unsent_text(request, "writing", pk=found.call.task_id, entry=found.pk),
    }
    if save := found.saves.filter(pk=number_in(request.GET.get("from"))).first():
        initial |= {"title": save.title, "body": save.body}
    return WritingForm(initial=initial, by=request.user, part_of=part_of)


def _save(request: HttpRequest, found: Entry, form: WritingForm) -> Saved:
    said, (version, revision) = form.cleaned_data, form.seen
    return save_manuscript(
        by=request.user,
        entry=found,
        title=said["title"],
        body=said["body"],
        version=version,
        revision=revision,
        uploads=said["uploads"],
    )


def _give(request: HttpRequest, found: Entry, form: WritingForm) -> HttpResponse:
    said = form.cleaned_data
    try:
        entry = give_entry(
            by=request.user,
            entry=found,
            title=said["title"],
            body=said["body"],
            seen=form.seen,
            uploads=said["uploads"],
            op_id=said["op_id"],
        )
    except Conflict:
        # What was typed is kept aside before the page says that something newer is there.
        _save(request, found, form)
        raise
    messages.success(request, _given(entry))
    return redirect(entry)


def _given(entry: Entry) -> str:
    if not entry.is_given:
        return _("A moderator has a look first; you hear as soon as it can be read.")
    if entry.version > 1:
        return _("The new version stands. The earlier ones can be looked up.")
    if entry.call.is_sealed:
        return _("Thank you. It is sealed until the reveal; until then you can still change it.")
    return _("Thank you. Your entry can be read.")


def _page(request: HttpRequest, found: Entry, form: WritingForm, clash: Saved | None) -> HttpResponse:
    call = found.call
    context = {
        "section": "tasks",
        "task": call.task,
        "call": call,
        "entry": found,
        "form": form,
        "clash": clash,
        "may": can_write_entry(request.user, found),
        "mine": is_author(request.user, found),
        "may_share": can_share_entry(request.user, found) is True,
        "rights": RightsForm(initial={name: getattr(found, name) for name in vars(Rights())}),
        "along": WriterForm(),
        "writers": list(found.writers.select_related("member")),
        "asides": aside_of(found),
        "waiting": missing(call.scaffold, found.body) if found.version else [],
        "clarifications": list(call.clarifications.all()),
    }
    status = 409 if clash else 422 if request.method == "POST" else 200
    return render(request, "tasks/calls/write.html", context, status=status)


@require_POST
def save(request: HttpRequest, pk: int, entry: int) -> JsonResponse:
    """The page saves by itself: 200 with the new revision, 409 with the text that is newer, 401 where the sign-in has ended."""
    if not request.user.is_authenticated:
        detail = _("You are signed out. Your text is kept on this device; sign in in another tab and write on.")
        return JsonResponse({"detail": detail}, status=401)
    found = written_or_404(request.user, pk, entry)
    form = WritingForm(_posted(request), by=request.user, part_of=(ENTRIES_KIND, found.pk))
    if not form.is_valid():
        return JsonResponse({"detail": next(iter(form.errors.values()))[0]}, status=400)
    try:
        saved = _save(request, found, form)
    except Invalid as refused:
        return JsonResponse({"detail": str(refused)}, status=400)
    except Refused as refused:
        return JsonResponse({"detail": str(refused)}, status=refused.status)
    said: dict[str, Any] = {"version": saved.version, "revision": saved.revision, "at": timezone.now().isoformat()}
    if saved.aside is None:
        return JsonResponse(said)
    return JsonResponse({**said, "title": saved.title, "body": saved.body, "aside": saved.aside.pk}, status=409)


def _posted(request: HttpRequest) -> Any:
    """Form data; or JSON, which a browser sends as a page is left."""
    if request.content_type != "application/json":
        return request.POST
    try:
        said = json.loads(request.body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


@login_required
@require_safe
def saves(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """What was saved along the way, and what changed from one to the next."""
    found = written_or_404(request.user, pk, entry)
    chosen = number_in(request.GET.get("show"))
    context = {
        "section": "tasks",
        "task": found.call.task,
        "entry": found,
        "rows": history_of(found),
        "shown": history_of(found, chosen) if chosen else None,
        "may": can_write_entry(request.user, found),
    }
    return render(request, "tasks/calls/saves.html", context)


@require_POST
@login_required
def drop(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """The text that lies aside is not needed."""
    found = written_or_404(request.user, pk, entry)
    for row in found.saves.filter(pk=number_in(request.POST.get("save")), aside=True):
        _said(request, lambda row=row: drop_aside(by=request.user, save=row), _("It is gone."))
    return redirect("entry_write", pk=pk, entry=entry)


@require_POST
@login_required
def writers(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """Ask somebody along, join, leave."""
    do, by = request.POST.get("do"), request.user
    if do in {"join", "refuse"}:
        return _answer_invitation(request, pk, entry, do)
    found = written_or_404(by, pk, entry)
    if do == "part":
        row = found.writers.filter(pk=number_in(request.POST.get("writer"))).first()
        if row is not None:
            _said(request, lambda: part_with(by=by, writer=row), _("Done."))
        return (
            redirect("task", pk=pk) if row and row.member_id == by.pk else redirect("entry_write", pk=pk, entry=entry)
        )
    form = WriterForm(request.POST)
    if form.is_valid():
        _said(request, lambda: invite_writer(by=by, entry=found, **form.cleaned_data), _("They are asked, and told."))
    else:
        messages.error(request, next(iter(form.errors.values()))[0])
    return redirect("entry_write", pk=pk, entry=entry)


def _answer_invitation(request: HttpRequest, pk: int, entry: int, do: str) -> HttpResponse:
    row = (
        Writer.objects.filter(entry=entry, entry__call__task=pk, member=request.user.pk, accepted_at__isnull=True)
        .select_related("entry__call__task")
        .first()
    )
    if row is None:
        raise Http404
    if do == "join":
        _said(request, lambda: join(by=request.user, writer=row), _("You write along. The text is yours as well now."))
        return redirect("entry_write", pk=pk, entry=entry)
    _said(request, lambda: part_with(by=request.user, writer=row), _("Turned down."))
    return redirect("task", pk=pk)


@require_POST
@login_required
def rights(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """What may be done with the words, from now on."""
    found = written_or_404(request.user, pk, entry)
    form = RightsForm(request.POST)
    if form.is_valid():
        _said(request, lambda: set_rights(by=request.user, entry=found, rights=form.rights()), _("Saved."))
    return redirect("entry_write", pk=pk, entry=entry)


@require_POST
@login_required
def withdraw(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """Take the entry back, with every word."""
    found = written_or_404(request.user, pk, entry)
    _said(
        request,
        lambda: withdraw_entry(by=request.user, entry=found),
        _("Your entry is withdrawn, and its words are gone."),
    )
    return redirect("task", pk=pk)


def _said(request: HttpRequest, act: Any, sentence: str) -> None:
    """Do it, and say what became of it."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, sentence)
