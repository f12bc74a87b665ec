"""Record, amend, read the history of a report."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kocforum.errors import Invalid, Refused
from kocforum.garage.models import Function
from kocforum.garage.queries import in_garage
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import keeps_unsent_text, unsent_text

from ..actions.amendments import amend_report
from ..actions.reports import tell_report
from ..enums import PostState
from ..forms.amendments import GROUPS, AmendForm
from ..forms.reports import ReportForm, modes_for
from ..models import Report
from ..queries.completeness import missing_of
from ..rules.reports import can_amend_report, can_tell_report
from .doors import report_or_404

# Fields of the action that the form shows under another name.
SHOWN_AS = {"attempts": "failures", "place": "district"}
# Twelve taps are as dear as words: a sign-in that ran out loses none of them.
CAPTURED = (
    *("function", "function_other", "failure_mode", "vehicle", "software_version", "occurred_at", "precision"),
    *("failures", "successes", "outcome", "signals", "signals_other", "severity", "district", "venue", "tried"),
    *("narrative", "title", "cond_*"),
)


@keeps_unsent_text("report", fields=CAPTURED)
@login_required
def new_report(request: HttpRequest) -> HttpResponse:
    """The capture form: one screen of chips, words last."""
    unsent = unsent_text(request, "report")
    named = request.GET.get("function") or unsent.get("function_other") or unsent.get("function") or ""
    chosen = Function.objects.filter(slug=str(named)).first()
    cars = list(in_garage(request.user))
    initial = {
        "vehicle": cars[0].pk if cars else None,
        "function": chosen.slug if chosen else None,
        "op_id": uuid.uuid4(),
        **unsent,
    }
    form = ReportForm(request.POST or None, request.FILES or None, by=request.user, chosen=chosen, initial=initial)
    may = can_tell_report(request.user)
    if request.method == "POST" and form.is_valid():
        try:
            report = tell_report(by=request.user, **form.values())
        except Refused as refused:
            refuse_into(form, renamed(refused))
        else:
            _thank(request, report)
            return redirect(report)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "cars": cars, "may": may, "chosen": chosen, "section": "record"}
    return render(request, "forum/reports/new.html", context, status=status)


def renamed(refused: Refused) -> Refused:
    """The refusal with the names that the form uses."""
    if isinstance(refused, Invalid):
        return Invalid({SHOWN_AS.get(name, name): said for name, said in refused.fields.items()})
    return refused


def _thank(request: HttpRequest, report: Report) -> None:
    if report.thread.state == PostState.PENDING:
        messages.warning(request, _("Thank you. Staff were told at once and read this first; then others can see it."))
    else:
        messages.success(request, _("Recorded. Owners of the same car can answer now."))


@login_required
def failure_modes(request: HttpRequest) -> HttpResponse:
    """The chips of a function's failure modes, for the form that is open."""
    slug = request.GET.get("function_other") or request.GET.get("function", "")
    function = Function.objects.select_related("parent").filter(slug=slug).first()
    options = [{"value": slug, "label": label} for slug, label in modes_for(function)] if function else []
    return render(request, "forum/reports/_modes.html", {"options": options})


def to_thread(request: HttpRequest, pk: int) -> HttpResponse:
    """A report's own address leads to its thread."""
    return redirect(report_or_404(request.user, pk))


@keeps_unsent_text("amend", fields=CAPTURED)
@login_required
def amend(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """Edit one field alone."""
    report = report_or_404(request.user, pk)
    may = can_amend_report(request.user, report)
    if may is False or (field != "conditions" and field not in GROUPS):
        raise Http404
    unsent = unsent_text(request, "amend", pk=pk, field=field)
    form = AmendForm(
        request.POST or None, request.FILES or None, by=request.user, report=report, field=field, initial=unsent
    )
    if request.method == "POST" and form.is_valid():
        try:
            amend_report(by=request.user, report=report, field=field, value=form.value())
        except Refused as refused:
            refuse_into(form, renamed(refused))
        else:
            return redirect(report)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "report": report, "field": field, "may": may}
    return render(request, "forum/reports/amend.html", context, status=status)


@login_required
def improve(request: HttpRequest, pk: int) -> HttpResponse:
    """What would make one's own report more useful, each a step away."""
    report = report_or_404(request.user, pk)
    if can_amend_report(request.user, report) is False:
        raise Http404
    fields = [*GROUPS, "conditions"]
    return render(
        request, "forum/reports/improve.html", {"report": report, "missing": missing_of(report), "fields": fields}
    )


def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Which fields changed, from what to what, when."""
    report = report_or_404(request.user, pk)
    if report.thread.state not in {PostState.VISIBLE, PostState.PENDING}:
        raise Http404
    return render(
        request, "forum/reports/history.html", {"report": report, "revisions": report.revisions.select_related("by")}
    )
