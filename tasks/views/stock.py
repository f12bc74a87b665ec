"""`/desk/stock/`: what the brand has to lend, and what is with owners."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Refused
from kocforum.ui.doors import staff_page
from kocforum.ui.refusals import refuse_into

from ..actions.stock import count_stock, keep_item
from ..forms.material import CountForm, ItemForm
from ..queries.material import loans_out, stock_seen_by
from ..rules.material import can_keep_stock
from ..rules.money import is_money_staff

PER_PAGE = 50


def _door(request: HttpRequest) -> None:
    """To other colleagues this page does not exist."""
    if not is_money_staff(request.user):
        raise Http404


@require_safe
@staff_page
def stock(request: HttpRequest) -> HttpResponse:
    """How many there are, how many are promised, how many are out."""
    _door(request)
    return _page(request)


def _page(request: HttpRequest, *, counted: tuple[int, CountForm] | None = None, **forms: Any) -> HttpResponse:
    user = request.user
    page = Paginator(stock_seen_by(user), PER_PAGE).get_page(request.GET.get("page"))
    items = list(page.object_list)
    for item in items:
        item.form = CountForm(auto_id=f"item-{item.pk}-%s")
        if counted and counted[0] == item.pk:
            item.form = counted[1]
    context = {
        "section": "desk",
        "tab": "stock",
        "page": page,
        "items": items,
        "out": loans_out(user),
        "may_keep": can_keep_stock(user) is True,
        "form": ItemForm(initial={"op_id": uuid.uuid4(), "returnable": True}),
        **forms,
    }
    return render(request, "tasks/lending/stock.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@staff_page
def new(request: HttpRequest) -> HttpResponse:
    """A thing that was not there before."""
    _door(request)
    form = ItemForm(request.POST)
    if form.is_valid():
        try:
            keep_item(by=request.user, **form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("desk_stock")
    return _page(request, form=form)


@require_POST
@staff_page
def count(request: HttpRequest, item: int) -> HttpResponse:
    """More came, or fewer are there."""
    _door(request)
    found = get_object_or_404(stock_seen_by(request.user), pk=item)
    form = CountForm(request.POST, auto_id=f"item-{found.pk}-%s")
    if form.is_valid():
        try:
            count_stock(by=request.user, item=found, **form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(request, _("Counted."))
            return redirect("desk_stock")
    return _page(request, counted=(found.pk, form))
