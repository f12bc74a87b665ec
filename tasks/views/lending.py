"""`/desk/initiatives/…/support/`: what the brand lends to an initiative; and what who leads it says about that."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Refused
from kocforum.ui.doors import staff_page
from kocforum.ui.refusals import refuse_into

from ..actions.material import move_loan, reserve_loan
from ..actions.promotion import move_slot, plan_slot
from ..enums import LoanState, SlotState
from ..forms.material import LoanForm, LoanMoveForm
from ..forms.promotion import SlotForm, SlotMoveForm
from ..models import Endorsement, Initiative
from ..queries.material import loans_of, loans_seen_by
from ..queries.promotion import promotion_of, slots_seen_by
from ..rules.initiatives import leads
from ..rules.material import can_lend, is_lent, lends_material
from ..rules.money import is_money_staff
from ..rules.promotion import SLOT_MOVES
from .doors import initiative_or_404

DONE = {
    LoanState.SHIPPED: gettext_lazy("Noted as sent. They are told."),
    LoanState.RELEASED: gettext_lazy("Free for others again."),
    LoanState.RETURNED: gettext_lazy("Counted in."),
    LoanState.CONSUMED: gettext_lazy("Noted as used up."),
    LoanState.LOST: gettext_lazy("Noted as lost."),
    LoanState.RECEIVED: gettext_lazy("Good that it is there."),
    LoanState.SENT_BACK: gettext_lazy("Thank you. We count it when it is here."),
    SlotState.RAN: gettext_lazy("Noted. They see that it ran."),
    SlotState.PROVED: gettext_lazy("Noted, with its proof."),
    SlotState.PULLED: gettext_lazy("Pulled. They are told why."),
}
NAMES = {"proof": "new_uploads", "uploads": "new_uploads"}


def _at_desk(request: HttpRequest, pk: int) -> Initiative:
    """To other colleagues these pages do not exist, nor for what was never endorsed."""
    found = initiative_or_404(request.user, pk)
    if not is_money_staff(request.user) or not Endorsement.objects.filter(initiative=found).exists():
        raise Http404
    return found


@require_safe
@staff_page
def lending(request: HttpRequest, pk: int) -> HttpResponse:
    """Material and places on channels of one initiative."""
    return _page(request, _at_desk(request, pk))


def _page(
    request: HttpRequest,
    initiative: Initiative,
    *,
    loan_form: tuple[int, Form] | None = None,
    slot_form: tuple[int, Form] | None = None,
    **forms: Any,
) -> HttpResponse:
    user = request.user
    endorsement = Endorsement.objects.get(initiative=initiative)
    may = can_lend(user, initiative) is True
    rows, promotion = loans_of(initiative, user), promotion_of(initiative, user)
    for row in rows:
        row.form = LoanMoveForm(loan=row.loan) if may else None
        if loan_form and loan_form[0] == row.loan.pk:
            row.form = loan_form[1]
    slots = []
    for slot in promotion["slots"]:
        form = SlotMoveForm(by=user, slot=slot)
        if slot_form and slot_form[0] == slot.pk:
            form = slot_form[1]
        slots.append({"slot": slot, "form": form, "moves": SLOT_MOVES[slot.state] if may else ()})
    context = {
        "section": "desk",
        "tab": "initiatives",
        "initiative": initiative,
        "endorsement": endorsement,
        "loans": rows,
        "slots": slots,
        "kept": promotion["kept"],
        "may_lend": may,
        "no_material": None if (lent := lends_material(endorsement)) is True else lent,
        "no_slots": None if (lent := is_lent(endorsement)) is True else lent,
        "form": LoanForm(by=user, initial={"op_id": uuid.uuid4()}),
        "new_slot": SlotForm(initiative=initiative, initial={"op_id": uuid.uuid4()}),
        **forms,
    }
    return render(request, "tasks/lending/desk.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@staff_page
def reserve(request: HttpRequest, pk: int) -> HttpResponse:
    """Some of a thing for this initiative."""
    found = _at_desk(request, pk)
    form = LoanForm(request.POST, by=request.user)
    if form.is_valid():
        try:
            reserve_loan(by=request.user, initiative=found, **form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(request, _("Reserved. Note it here when it is sent."))
            return redirect("desk_lending", pk=pk)
    return _page(request, found, form=form)


@require_POST
@staff_page
def loan_move(request: HttpRequest, pk: int, loan: int, to: str) -> HttpResponse:
    """Send it, let it go, count what came back."""
    found = _at_desk(request, pk)
    row = get_object_or_404(loans_seen_by(request.user), pk=loan, initiative=found)
    form = LoanMoveForm(request.POST, loan=row)
    if form.is_valid():
        said = form.cleaned_data
        try:
            move_loan(by=request.user, loan=row, to=to, came_back=said["came_back"], reason=said["reason"])
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(request, DONE[to])
            return redirect("desk_lending", pk=pk)
    return _page(request, found, loan_form=(row.pk, form))


@require_POST
@staff_page
def slot_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A place on a channel."""
    found = _at_desk(request, pk)
    form = SlotForm(request.POST, initiative=found)
    if form.is_valid():
        try:
            plan_slot(by=request.user, initiative=found, draft=form.draft(), op_id=form.cleaned_data["op_id"])
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(request, _("Promised. They see it on their page."))
            return redirect("desk_lending", pk=pk)
    return _page(request, found, new_slot=form)


@require_POST
@staff_page
def slot_move(request: HttpRequest, pk: int, slot: int, to: str) -> HttpResponse:
    """It ran, here is the proof, or it is pulled."""
    found = _at_desk(request, pk)
    row = get_object_or_404(slots_seen_by(request.user), pk=slot, initiative=found)
    form = SlotMoveForm(request.POST, request.FILES, by=request.user, slot=row)
    if form.is_valid():
        said = form.cleaned_data
        picture = said["uploads"][-1] if said["uploads"] and to == SlotState.PROVED else None
        words = {"reason": said["reason"], "proof_link": said["proof_link"], "proof": picture}
        try:
            move_slot(by=request.user, slot=row, to=to, **words)
        except Refused as refused:
            refuse_into(form, refused, NAMES)
        else:
            messages.success(request, DONE[to])
            return redirect("desk_lending", pk=pk)
    return _page(request, found, slot_form=(row.pk, form))


@require_POST
@login_required
def loan_say(request: HttpRequest, pk: int, loan: int, to: str) -> HttpResponse:
    """Who leads it: it is here, it is on its way back, it is used up."""
    found = initiative_or_404(request.user, pk)
    if not leads(request.user, found):
        raise Http404
    row = get_object_or_404(loans_seen_by(request.user), pk=loan, initiative=found)
    try:
        move_loan(by=request.user, loan=row, to=to)
        messages.success(request, DONE[to])
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(f"{found.get_absolute_url()}#brings")
