"""The question bank: find, take out. Questions are kept and taken in the builder."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kocforum.ui.doors import staff_page

from ..actions.bank import take_out_of_bank
from ..queries.bank import bank
from ..rules.tasks import can_ask

PER_PAGE = 30


@staff_page
def questions(request: HttpRequest) -> HttpResponse:
    """What is kept. POST takes one out."""
    if not can_ask(request.user):
        raise Http404
    number = request.POST.get("out", "")
    if request.method == "POST" and number.isdecimal():
        take_out_of_bank(by=request.user, number=int(number[:18]))
        messages.success(request, _("It is out of the bank. Surveys that took it keep it."))
        return redirect("question_bank")
    words = request.GET.get("q", "")
    page = Paginator(bank(words), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "tasks/surveys/builder/bank.html", {"section": "desk", "tab": "tasks", "page": page, "q": words}
    )
