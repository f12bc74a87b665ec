"""`/tasks/`: what waits for me, what I did, what came of it; and how much I may be asked for."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kocforum.errors import Refused

from ..actions.participations import set_budget
from ..forms.tasks import BudgetForm
from ..queries.inbox import budget_of, done, waiting, with_instruments
from ..queries.leading import waits_of

PER_PAGE = 50


@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """One list over all forms. What waits can be answered right here."""
    user = request.user
    tab = "done" if request.GET.get("tab") == "done" else "waiting"
    listed = done(user) if tab == "done" else waiting(user)
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    budget = budget_of(user)
    context = {
        "section": "tasks",
        "tab": tab,
        "page": page,
        "tasks": with_instruments(page.object_list, user),
        "waits": waits_of(user) if tab == "waiting" and page.number == 1 else (),
        "budget": budget,
        "budget_form": BudgetForm(initial={"minutes": budget["minutes"]}),
    }
    return render(request, "tasks/inbox.html", context)


@require_POST
@login_required
def budget(request: HttpRequest) -> HttpResponse:
    """How many minutes a month I give."""
    form = BudgetForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.errors["minutes"]))
        return redirect("tasks")
    try:
        set_budget(by=request.user, minutes=form.cleaned_data["minutes"])
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Saved. Invitations keep to it from now on."))
    return redirect("tasks")
