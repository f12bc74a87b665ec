"""`/desk/money/`: which expenses wait for an answer or a payment; release parts, settle. Colleagues change no receipt and no event."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Refused
from kocforum.ui.doors import staff_page

from ..actions import money as acts
from ..actions.money_exports import export_expenses
from ..actions.payments import decide_expense, unpay_expense
from ..forms.money import PartFormSet, parts_from
from ..models import Envelope, Expense, Initiative, Tranche
from ..queries.money import (
    desk_of_money,
    envelopes_seen_by,
    expenses_of,
    inside_of_money,
    page_of_money,
    queues,
    tranches_of,
    with_amounts,
    with_paper,
    with_sums,
)
from ..rules.money import can_approve, can_pay, can_return, can_unpay, is_money_staff
from .doors import number_in
from .money import expense_or_404, inside_or_404

PER_PAGE = 50
DONE = {
    "approved": gettext_lazy("Approved."),
    "returned": gettext_lazy("Returned. Who handed it in reads what is missing."),
    "refused": gettext_lazy("Refused. Who handed it in reads why."),
    "paid": gettext_lazy("Noted as paid."),
    "unpaid": gettext_lazy("Noted: it waits for its payment again."),
}


def _door(request: HttpRequest) -> None:
    """To other colleagues these pages do not exist."""
    if not is_money_staff(request.user):
        raise Http404


@require_safe
@staff_page
def queue(request: HttpRequest) -> HttpResponse:
    """Whose turn it is, over all initiatives."""
    _door(request)
    to_approve, to_pay = queues(request.user)
    page = Paginator(envelopes_seen_by(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "desk",
        "tab": "money",
        "to_approve": with_amounts(to_approve[:PER_PAGE]),
        "to_pay": with_amounts(to_pay[:PER_PAGE]),
        "page": page,
        "envelopes": with_sums(page.object_list),
    }
    return render(request, "tasks/money/queue.html", context)


@require_safe
@staff_page
def money(request: HttpRequest, pk: int) -> HttpResponse:
    """The money of one initiative."""
    _door(request)
    return _page(request, *inside_or_404(request, pk))


def _page(request: HttpRequest, initiative: Initiative, envelope: Envelope, **forms: Any) -> HttpResponse:
    page = Paginator(expenses_of(envelope, request.user), PER_PAGE).get_page(request.GET.get("page"))
    inside = inside_of_money(envelope, request.user)
    context = {
        "section": "desk",
        "tab": "money",
        "initiative": initiative,
        "page": page,
        "expenses": with_amounts(page.object_list),
        **page_of_money(envelope),
        **inside,
        **desk_of_money(envelope, request.user),
        "parts": PartFormSet(prefix="parts", initial=parts_from(inside["tranches"], envelope.currency)),
        **forms,
    }
    return render(request, "tasks/money/desk.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@staff_page
def do(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Release a part, settle, open again."""
    _door(request)
    _found, envelope = inside_or_404(request, pk)
    reason = request.POST.get("reason", "")
    try:
        if what == "release":
            number = number_in(request.POST.get("number"))
            part = get_object_or_404(Tranche, envelope=envelope, number=number)
            acts.release_tranche(by=request.user, tranche=part)
            messages.success(request, _("Released. They are told."))
        elif what == "settle":
            acts.settle(by=request.user, envelope=envelope, reason=reason)
            messages.success(request, _("Settled. What was granted and spent can be read by everybody now."))
        elif what == "reopen":
            acts.reopen(by=request.user, envelope=envelope, reason=reason)
            messages.success(request, _("Open again."))
        else:
            raise Http404
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("desk_money", pk=pk)


@require_POST
@staff_page
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Say anew when what is not released yet will be."""
    _door(request)
    found, envelope = inside_or_404(request, pk)
    parts = PartFormSet(request.POST, prefix="parts", initial=parts_from(tranches_of(envelope), envelope.currency))
    if parts.is_valid():
        try:
            acts.plan_tranches(by=request.user, envelope=envelope, parts=parts.plans(envelope.currency))
        except Refused as refused:
            return _page(request, found, envelope, parts=parts, refused=str(refused))
        messages.success(request, _("Saved."))
        return redirect("desk_money", pk=pk)
    return _page(request, found, envelope, parts=parts)


@staff_page
def expense(request: HttpRequest, pk: int, expense: int) -> HttpResponse:
    """One expense with its receipt; answer it, pay it."""
    _door(request)
    found = expense_or_404(request, pk, expense)
    said, refused = request.POST, ""
    if request.method == "POST":
        try:
            _answer(request, found)
        except Refused as why:
            refused = str(why)
            found = expense_or_404(request, pk, expense)
        else:
            found.refresh_from_db()
            sentence = _("Noted. Another approver looks at it, too.") if found.waits_for_a_second else DONE[said["to"]]
            messages.success(request, sentence)
            return redirect("desk_expense", pk=pk, expense=expense)
    user = request.user
    context = {
        "section": "desk",
        "tab": "money",
        "initiative": found.envelope.initiative,
        "expense": with_paper(with_amounts([found])[0]),
        "moves": list(found.moves.select_related("by")),
        "may_approve": can_approve(user, found) is True and found.approver_id != user.pk,
        "may_refuse": can_approve(user, found) is True,
        "may_return": can_return(user, found) is True,
        "may_pay": can_pay(user, found),
        "may_unpay": can_unpay(user, found) is True and not found.envelope.is_settled,
        "refused": refused,
        "typed": said,
    }
    return render(request, "tasks/money/desk_expense.html", context, status=422 if refused else 200)


def _answer(request: HttpRequest, expense: Expense) -> None:
    said = request.POST
    if said.get("to") == "unpaid":
        unpay_expense(by=request.user, expense=expense, reason=said.get("reason", ""))
        return
    decide_expense(
        by=request.user,
        expense=expense,
        to=said.get("to", ""),
        reason=said.get("reason", ""),
        payment=said.get("payment", ""),
        revision=number_in(said.get("revision")) or None,
    )


@require_POST
@staff_page
def export(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Expenses of one initiative or of all, as a file for the books."""
    _door(request)
    initiative = inside_or_404(request, pk)[0] if pk else None
    try:
        file = export_expenses(by=request.user, initiative=initiative, kind=request.POST.get("as", "csv"))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("desk_money_queue")
    answer = HttpResponse(file.content, content_type=file.content_type)
    answer.headers["Content-Disposition"] = content_disposition_header(True, file.name)
    return answer
