"""`/initiatives/`: what KOCs propose; write one, submit it, see where it stands, stand behind it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Forbidden, Refused
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import keeps_unsent_text, unsent_text

from ..actions import proposals
from ..actions.initiatives import draft_initiative, edit_initiative
from ..forms.initiatives import InitiativeForm, LineFormSet, lines_from
from ..models import Initiative
from ..queries.initiative_pages import page_of
from ..queries.initiatives import asks_of, own_initiatives, told_initiatives
from ..rules.initiatives import can_edit, can_propose
from .doors import initiative_or_404, number_in

PER_PAGE = 20
TYPED = ("title", "summary", "plan", "begins_on", "ends_on", "place", "for_whom", "heads", "deputy", "safety")


@require_safe
@login_required
def initiatives(request: HttpRequest) -> HttpResponse:
    """My own, and what I can stand behind."""
    page = Paginator(told_initiatives(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "events",
        "page": page,
        "mine": list(own_initiatives(request.user)[:PER_PAGE]),
        "may_propose": can_propose(request.user) is True,
    }
    return render(request, "tasks/initiatives/list.html", context)


@require_safe
def initiative(request: HttpRequest, pk: int) -> HttpResponse:
    """One initiative, as far as this reader may know it; for who proposes it, with what comes next and until when."""
    found = initiative_or_404(request.user, pk)
    return render(request, "tasks/initiatives/initiative.html", {"section": "events", **page_of(found, request.user)})


@keeps_unsent_text("initiative_new", fields=TYPED)
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Begin to write. Who may not reads why."""
    if isinstance(refusal := can_propose(request.user), Forbidden):
        messages.info(request, str(refusal))
        return redirect("initiatives")
    before = _before(request)
    initial = {"op_id": uuid.uuid4(), "shown_to_members": True, **unsent_text(request, "initiative_new")}
    if before is not None:
        initial = InitiativeForm.initial_after(before) | initial
    asks = lines_from(before.versions.order_by("-number").first().content["asks"]) if before else None
    form = InitiativeForm(request.POST or None, by=request.user, initial=initial)
    lines = LineFormSet(request.POST or None, prefix="asks", initial=asks)
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        try:
            made = draft_initiative(by=request.user, pitch=form.pitch(lines), op_id=form.cleaned_data["op_id"])
        except Refused as refused:
            refuse_into(form, refused)
        else:
            return _kept(request, made)
    return _form_page(request, form, lines, before=before)


def _before(request: HttpRequest) -> Initiative | None:
    """Whose words one begins with: an initiative that was submitted and that this reader may know."""
    known = Initiative.objects.visible_to(request.user).filter(versions__isnull=False).select_related("report")
    return known.filter(pk=number_in(request.GET.get("from"))).first()


@keeps_unsent_text("initiative", fields=TYPED)
@login_required
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write on, as a draft or because changes were asked."""
    found = initiative_or_404(request.user, pk)
    if isinstance(refusal := can_edit(request.user, found), Refused):
        if isinstance(refusal, Forbidden):
            raise Http404
        messages.info(request, str(refusal))
        return redirect(found)
    initial = InitiativeForm.initial_from(found) | unsent_text(request, "initiative", pk=pk)
    form = InitiativeForm(request.POST or None, by=request.user, initial=initial)
    lines = LineFormSet(request.POST or None, prefix="asks", initial=lines_from(asks_of(found)))
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        try:
            edit_initiative(by=request.user, initiative=found, pitch=form.pitch(lines))
        except Refused as refused:
            refuse_into(form, refused)
        else:
            return _kept(request, found)
    return _form_page(request, form, lines, initiative=found)


def _kept(request: HttpRequest, initiative: Initiative) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("initiative_edit" if "more" in request.POST else "initiative", pk=initiative.pk)


def _form_page(request: HttpRequest, form: Any, lines: Any, **more: Any) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    context = {"section": "events", "form": form, "lines": lines, **more}
    return render(request, "tasks/initiatives/form.html", context, status=status)


@require_POST
@login_required
def do(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """What its people and its readers do with it."""
    found = initiative_or_404(request.user, pk)
    said = request.POST
    try:
        if what == "submit":
            proposals.submit(by=request.user, initiative=found, note=said.get("note", ""))
            messages.success(request, _("Submitted. You will hear from us by the day that stands below."))
        elif what == "withdraw":
            proposals.withdraw(by=request.user, initiative=found)
            messages.info(request, _("You took it back."))
        elif what == "appeal":
            proposals.appeal(by=request.user, initiative=found, reason=said.get("reason", ""))
            messages.success(request, _("Others will look at it, who have not seen it before."))
        elif what == "deputy":
            agree = said.get("agree") == "yes"
            proposals.answer_as_deputy(by=request.user, initiative=found, agree=agree)
            messages.success(
                request, _("Thank you for standing in.") if agree else _("Your name is not on it any more.")
            )
            return redirect("initiative" if agree else "initiatives", **({"pk": pk} if agree else {}))
        elif what == "support":
            proposals.support(by=request.user, initiative=found, kind=said.get("kind", ""))
        elif what == "unsupport":
            proposals.take_support_back(by=request.user, initiative=found)
        else:
            raise Http404
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(found)
