"""`/tasks/…/map/`: vote on statements, see who thinks alike, draw a statement from an entry."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Refused
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import keeps_unsent_text, unsent_text

from ..actions.opinions import cast_vote, draw_statement, moderate_statement, remove_statement
from ..forms.opinions import StatementForm
from ..models import Entry, Statement, Task
from ..queries.entries import entries_of
from ..queries.opinion_maps import HEIGHT, WIDTH, map_of
from ..queries.opinions import ballot_of, statements_of
from ..rules.opinions import can_map, can_moderate_statement, can_read_map
from .doors import call_or_404, number_in, unindexed

VOTES = {"agree": 1, "pass": 0, "disagree": -1}


@require_safe
def opinion_map(request: HttpRequest, pk: int) -> HttpResponse:
    """The next statement, the picture, all statements."""
    return _page(request, call_or_404(request.user, pk))


def _fresh_form(request: HttpRequest, found: Task, may: object) -> StatementForm | None:
    """For who may draw, once there is an entry."""
    if may is not True:
        return None
    kept = unsent_text(request, "statement_new", pk=found.pk)
    initial = {"op_id": uuid.uuid4(), "entry": number_in(request.GET.get("entry")) or None, **kept}
    form = StatementForm(entries=_entries(request, found), initial=initial)
    return form if form.fields["entry"].choices else None


def _entries(request: HttpRequest, found: Task) -> QuerySet[Entry]:
    return entries_of(found.call, request.user).given().select_related("call__task__audience")


def _page(request: HttpRequest, found: Task, form: StatementForm | None = None) -> HttpResponse:
    user, call = request.user, found.call
    may = can_map(user, call) if user.is_authenticated else False
    statements = list(statements_of(call, user))
    ballot = ballot_of(statements, user)
    reads = can_read_map(user, call, needed=ballot.needed, statements=ballot.total)
    context = {
        "section": "tasks",
        "task": found,
        "call": call,
        "may": may,
        "votes": may is True and not user.is_staff,
        "ballot": ballot,
        "reads_map": reads,
        "map": map_of(call, user, statements) if reads else None,
        "width": WIDTH,
        "height": HEIGHT,
        "statements": statements if user.is_authenticated else [],
        "moderates": user.is_authenticated and can_moderate_statement(user),
        "form": form or _fresh_form(request, found, may),
        "opened_list": "list" in request.GET,
        "opened": form is not None or "entry" in request.GET,
    }
    status = 422 if form is not None else 200
    return unindexed(render(request, "tasks/opinions/map.html", context, status=status), found)


@require_POST
@keeps_unsent_text("statement_new", fields=("text",), back=None)
@login_required
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw a statement from an entry."""
    found = call_or_404(request.user, pk)
    form = StatementForm(request.POST, entries=_entries(request, found))
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = draw_statement(by=request.user, entry=said["entry"], text=said["text"], op_id=said["op_id"])
        except Refused as refused:
            refuse_into(form, refused)
        else:
            waits = made.state != "visible"
            messages.success(request, _("A moderator has a look first.") if waits else _("It can be voted on."))
            return redirect("opinion_map", pk=pk)
    return _page(request, found, form)


@require_POST
@login_required
def vote(request: HttpRequest, pk: int, statement: int) -> HttpResponse:
    """Agree, pass or disagree."""
    found = _statement_or_404(request, pk, statement)
    said = request.POST.get("vote", "")
    if said not in VOTES:
        raise Http404
    try:
        cast_vote(by=request.user, statement=found, vote=VOTES[said])
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(reverse("opinion_map", args=[pk]) + ("?list=1#statements" if "list" in request.POST else "#vote"))


@require_POST
@login_required
def judge(request: HttpRequest, pk: int, statement: int) -> HttpResponse:
    """Take the own statement back; hide one, or let it be voted on."""
    found = _statement_or_404(request, pk, statement)
    do, by = request.POST.get("do"), request.user
    try:
        if do == "remove":
            remove_statement(by=by, statement=found)
        elif do in {"hide", "show"}:
            moderate_statement(by=by, statement=found, hide=do == "hide", reason=request.POST.get("reason", ""))
        else:
            raise Http404
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Done."))
    return redirect(reverse("opinion_map", args=[pk]) + "?list=1#statements")


def _statement_or_404(request: HttpRequest, pk: int, number: int) -> Statement:
    call = call_or_404(request.user, pk).call
    found = statements_of(call, request.user).filter(pk=number).first()
    if found is None:
        raise Http404
    found.call = call
    return found
