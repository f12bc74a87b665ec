"""Write and sign the distilled report."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kocforum.errors import Refused

from ..actions import distilled
from ..actions.audit import content_of
from ..forms.distilled import DistilledForm, as_text
from ..rules.tickets import can_distil
from .doors import refuse_into, staff_page, ticket_or_404


@staff_page
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The next version, beside the reports and surveys that can be cited."""
    ticket = ticket_or_404(request.user, pk)
    if not can_distil(request.user):
        raise Http404
    newest = ticket.distilled_reports.first()
    initial = {
        "findings": as_text(newest.findings),
        "counter_examples": newest.counter_examples,
        "hypothesis": newest.hypothesis,
        "recommendation": newest.recommendation,
        "version": newest.version,
    }
    form = DistilledForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            distilled.write(by=request.user, ticket=ticket, **form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(request, _("Saved as the next version. Sign it when it may be handed over."))
            return redirect("ticket", pk=pk)
    known = content_of(ticket.snapshots.order_by("-number").first())
    context = {
        "section": "desk",
        "ticket": ticket,
        "form": form,
        "reports": known["reports"],
        "surveys": known.get("surveys", []),
        "quotes": known.get("quotes", []),
        "rooms": known.get("rooms", []),
        "newest": newest,
    }
    return render(request, "insights/tickets/distilled.html", context, status=422 if request.method == "POST" else 200)


@staff_page
@require_POST
def sign(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    """Sign the newest version."""
    ticket = ticket_or_404(request.user, pk)
    report = get_object_or_404(ticket.distilled_reports, version=version)
    distilled.sign(by=request.user, report=report)
    messages.success(request, _("Signed. It stands as it is now."))
    return redirect("ticket", pk=pk)
