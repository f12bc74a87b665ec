"""`/initiatives/…/money/`: what was granted and where it stands; hand in receipts; tell in the end what was done with it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Refused
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import keeps_unsent_text, unsent_text

from ..actions.expenses import edit_expense, submit_expense, withdraw_expense
from ..actions.money import account_for
from ..forms.money import AccountForm, ExpenseForm
from ..models import Envelope, Expense, Initiative
from ..queries.money import (
    envelope_of,
    expenses_of,
    inside_of_money,
    lines_to_choose,
    page_of_money,
    paid_of,
    told,
    with_amounts,
    with_paper,
)
from ..rules.initiatives import knows_inside
from ..rules.money import can_edit_expense, is_money_staff
from .doors import initiative_or_404

PER_PAGE = 50
READ = "read"  # the button that looks into the PDF and hands nothing in
TYPED = ("amount", "currency", "what", "payee", "issued_on", "fapiao", "note", "rate", "rate_on")
NAMES = {"amount_minor": "amount", "receipt": "new_uploads", "uploads": "new_uploads"}


def money_address(pk: int, **_rest: Any) -> str:
    return reverse("initiative_money", args=[pk])


@require_safe
def money(request: HttpRequest, pk: int) -> HttpResponse:
    """Its people see all of it; everybody else what was granted and spent, after the settlement."""
    found = initiative_or_404(request.user, pk)
    envelope = envelope_of(found, request.user)
    if envelope is None:
        if not knows_inside(request.user, found):
            raise Http404
        return render(request, "tasks/money/none.html", {"section": "events", "initiative": found})
    if not Envelope.objects.of_people(request.user).filter(pk=envelope.pk).exists():
        context = {"section": "events", "initiative": found, "paid": with_amounts(paid_of(envelope))}
        return render(request, "tasks/money/ledger.html", {**context, **page_of_money(envelope)})
    return _page(request, found, envelope)


def _page(request: HttpRequest, initiative: Initiative, envelope: Envelope, **forms: Any) -> HttpResponse:
    user = request.user
    page = Paginator(expenses_of(envelope, user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "events",
        "initiative": initiative,
        "page": page,
        "expenses": with_amounts(page.object_list),
        "is_colleague": is_money_staff(user),
        **page_of_money(envelope),
        **inside_of_money(envelope, user),
    }
    if context["may_hand_in"] is True and "form" not in forms:
        forms["form"] = _form(request, envelope, initial=_initial(request, envelope))
    if context["may_account"] and "account_form" not in forms:
        forms["account_form"] = AccountForm(by=user, initial={"words": envelope.account})
    status = 422 if request.method == "POST" and not getattr(forms.get("form"), "read", "") else 200
    return render(request, "tasks/money/money.html", {**context, **forms}, status=status)


def _initial(request: HttpRequest, envelope: Envelope) -> dict[str, Any]:
    usual = {"op_id": uuid.uuid4(), "currency": envelope.currency, "issued_on": timezone.localdate()}
    return usual | unsent_text(request, "expense_new", pk=envelope.initiative_id)


def _form(request: HttpRequest, envelope: Envelope, **values: Any) -> ExpenseForm:
    posted = (request.POST, request.FILES) if values.pop("posted", False) else ()
    return ExpenseForm(*posted, by=request.user, envelope=envelope, lines=lines_to_choose(envelope), **values)


def inside_or_404(request: HttpRequest, pk: int) -> tuple[Initiative, Envelope]:
    """The envelope of an initiative for those who see every row of it."""
    found = initiative_or_404(request.user, pk)
    envelope = envelope_of(found, request.user)
    if envelope is None or not Envelope.objects.of_people(request.user).filter(pk=envelope.pk).exists():
        raise Http404
    return found, envelope


def expense_or_404(request: HttpRequest, pk: int, expense: int) -> Expense:
    """An expense of this initiative, for its people."""
    seen = told(Expense.objects.visible_to(request.user)).select_related("looks_like__envelope")
    return get_object_or_404(seen, pk=expense, envelope__initiative=pk)


@keeps_unsent_text("expense_new", fields=TYPED, back=money_address)
@login_required
@require_POST
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """A receipt, from the phone at the counter."""
    found, envelope = inside_or_404(request, pk)
    form = _form(request, envelope, posted=True)
    if READ in request.POST:
        form.read_from_paper()
    elif form.is_valid():
        try:
            op_id = form.cleaned_data["op_id"]
            made = submit_expense(by=request.user, initiative=found, draft=form.draft(), op_id=op_id)
        except Refused as refused:
            refuse_into(form, refused, NAMES)
        else:
            messages.success(request, _("Handed in. You hear as soon as somebody looked at it."))
            _say_what_was_taken(request, form, made)
            return redirect("initiative_money", pk=pk)
    return _page(request, found, envelope, form=form)


@keeps_unsent_text("expense", fields=TYPED)
@login_required
def expense(request: HttpRequest, pk: int, expense: int) -> HttpResponse:
    """One expense with its way; change it while it can be changed."""
    found = expense_or_404(request, pk, expense)
    may = can_edit_expense(request.user, found) is True
    form = None
    if may:
        kept = ExpenseForm.initial_from(found) | unsent_text(request, "expense", pk=pk, expense=expense)
        posted = request.method == "POST"
        form = _form(request, found.envelope, posted=posted, receipt=found.receipt, initial=kept)
        if READ in request.POST:
            form.read_from_paper()
        elif posted and form.is_valid():
            try:
                made = edit_expense(by=request.user, expense=found, draft=form.draft())
            except Refused as refused:
                refuse_into(form, refused, NAMES)
            else:
                messages.success(request, _("Saved."))
                _say_what_was_taken(request, form, made)
                return redirect(found)
    elif request.method == "POST":
        messages.error(request, str(can_edit_expense(request.user, found)))
        return redirect(found)
    context = {
        "section": "events",
        "initiative": found.envelope.initiative,
        "expense": with_paper(with_amounts([found])[0]),
        "moves": list(found.moves.select_related("by")),
        "form": form,
    }
    status = 422 if request.method == "POST" and not form.read else 200
    return render(request, "tasks/money/expense.html", context, status=status)


def _say_what_was_taken(request: HttpRequest, form: ExpenseForm, made: Expense) -> None:
    """Who left the number empty, or emptied it, hears that the one on the PDF counts (I14)."""
    if made.fapiao and not form.cleaned_data["fapiao"]:
        said = _("The fapiao number was taken from the PDF: %(number)s. If it is another one, type that.")
        messages.info(request, said % {"number": made.fapiao})


@require_POST
@login_required
def withdraw(request: HttpRequest, pk: int, expense: int) -> HttpResponse:
    """Take it back before it is paid."""
    found = expense_or_404(request, pk, expense)
    try:
        withdraw_expense(by=request.user, expense=found)
        messages.info(request, _("You took it back."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("initiative_money", pk=pk)


@keeps_unsent_text("money_account", fields=("words",), back=money_address)
@login_required
@require_POST
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell what was done with the money."""
    found, envelope = inside_or_404(request, pk)
    form = AccountForm(request.POST, request.FILES, by=request.user)
    if form.is_valid():
        try:
            said = form.cleaned_data
            account_for(by=request.user, envelope=envelope, words=said["words"], uploads=said["uploads"])
        except Refused as refused:
            refuse_into(form, refused, NAMES)
        else:
            messages.success(request, _("Thank you. Finance settles it as soon as every receipt has its answer."))
            return redirect("initiative_money", pk=pk)
    return _page(request, found, envelope, account_form=form)
