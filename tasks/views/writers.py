"""Who writes an entry, and what may be done with it: ask somebody along, join, leave; the rights; take it back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from kocforum.errors import Refused
from kocforum.ui.refusals import refuse_into

from ..actions.coauthors import invite_writer, join, part_with
from ..actions.entries import set_rights, withdraw_entry
from ..actions.rights import decline_rights
from ..forms.entries import RightsForm, WriterForm
from ..models import Entry, Writer
from .doors import do_and_say, number_in, sent_only, written_or_404
from .writing import writing_page


@sent_only
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
            do_and_say(request, lambda: part_with(by=by, writer=row), _("Done."))
        return (
            redirect("task", pk=pk) if row and row.member_id == by.pk else redirect("entry_write", pk=pk, entry=entry)
        )
    return _invite(request, found)


def _invite(request: HttpRequest, found: Entry) -> HttpResponse:
    form = WriterForm(request.POST)
    if form.is_valid():
        try:
            invite_writer(by=request.user, entry=found, **form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(request, _("They are asked, and told."))
            return redirect("entry_write", pk=found.call.task_id, entry=found.pk)
    return writing_page(request, found, along=form, status=422)


def _answer_invitation(request: HttpRequest, pk: int, entry: int, do: str) -> HttpResponse:
    row = (
        Writer.objects.filter(entry=entry, entry__call__task=pk, member=request.user.pk, accepted_at__isnull=True)
        .select_related("entry__call__task")
        .first()
    )
    if row is None:
        raise Http404
    if do == "join":
        do_and_say(
            request, lambda: join(by=request.user, writer=row), _("You write along. The text is yours as well now.")
        )
        return redirect("entry_write", pk=pk, entry=entry)
    do_and_say(request, lambda: part_with(by=request.user, writer=row), _("Turned down."))
    return redirect("task", pk=pk)


@sent_only
@login_required
def rights(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """What may be done with the words, from now on."""
    found = written_or_404(request.user, pk, entry)
    if request.POST.get("do") == "decline":
        do_and_say(request, lambda: decline_rights(by=request.user, entry=found), _("Fine. Nothing changes."))
        return redirect(found)
    form = RightsForm(request.POST)
    if form.is_valid():
        do_and_say(request, lambda: set_rights(by=request.user, entry=found, rights=form.rights()), _("Saved."))
    return redirect("entry_write", pk=pk, entry=entry)


@sent_only
@login_required
def withdraw(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
    """Take the entry back, with every word."""
    found = written_or_404(request.user, pk, entry)
    do_and_say(
        request,
        lambda: withdraw_entry(by=request.user, entry=found),
        _("Your entry is withdrawn, and its words are gone."),
    )
    return redirect("task", pk=pk)
