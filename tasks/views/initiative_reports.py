"""How an event was; what came of an initiative."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kocforum.errors import Forbidden, Refused
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import keeps_unsent_text, unsent_text
from kocforum.uploads.queries import attached_to

from ..actions import initiative_reports as telling
from ..forms.initiative_reports import FeedbackForm, ReportForm
from ..models import Feedback, Initiative, InitiativeReport
from ..models.initiative_reports import REPORT_PICTURES
from ..queries.initiative_reports import feedback_of, numbers_of
from ..queries.memories import days_of, latest_pictures
from ..rules.initiative_reports import can_report, can_tell_how_it_was
from ..rules.memories import can_tell_memory
from .doors import initiative_or_404
from .events import event_or_404


@keeps_unsent_text("event_feedback", fields=("recommend", "words"))
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever came says how it was."""
    found = event_or_404(request, pk)
    if isinstance(refusal := can_tell_how_it_was(request.user, found), Refused):
        messages.info(request, str(refusal))
        return redirect(found)
    mine = Feedback.objects.filter(event=found, member=request.user.pk).first()
    said = {"recommend": mine.recommend, "words": mine.words} if mine else {}
    form = FeedbackForm(request.POST or None, initial=said | unsent_text(request, "event_feedback", pk=pk))
    if request.method == "POST" and form.is_valid():
        try:
            telling.tell_how_it_was(by=request.user, event=found, **form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(request, _("Thank you. The next one gets better."))
            return redirect(found)
    may_add = can_tell_memory(request.user, found) is True
    context = {"section": "events", "event": found, "form": form, "may_add_memory": may_add}
    return render(request, "tasks/events/feedback.html", context, status=422 if request.method == "POST" else 200)


@keeps_unsent_text("initiative_report", fields=("story", "lessons"))
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of it; its leaders tell it here."""
    seen = InitiativeReport.objects.visible_to(request.user).select_related("by", "initiative__proposer")
    told = seen.filter(initiative=pk).first()
    found = told.initiative if told else initiative_or_404(request.user, pk)
    may = can_report(request.user, found)
    if told is None and isinstance(may, Forbidden):
        raise Http404
    if request.method == "POST" and isinstance(may, Refused):
        messages.error(request, str(may))
        return redirect(found)
    form = None
    if may is True:
        said = {"story": told.story, "lessons": told.lessons} if told else {}
        form = ReportForm(
            request.POST or None,
            request.FILES or None,
            by=request.user,
            part_of=(REPORT_PICTURES, told.pk) if told else None,
            initial=said | unsent_text(request, "initiative_report", pk=pk),
        )
        if request.method == "POST" and form.is_valid():
            try:
                telling.report(by=request.user, initiative=found, **form.values())
            except Refused as refused:
                refuse_into(form, refused)
            else:
                messages.success(request, _("Told. Everybody who came hears of it."))
                return redirect("initiative_report", pk=pk)
    days = days_of(found, request.user)
    context: dict[str, Any] = {
        "section": "events",
        "initiative": found,
        "told": told,
        "known": Initiative.objects.visible_to(request.user).filter(pk=pk).exists(),
        "numbers": told.numbers if told else numbers_of(found),
        "files": attached_to(REPORT_PICTURES, [told.pk]).get(told.pk, []) if told else [],
        "form": form,
        "may": may,
        "days": days,
        "of_that_day": latest_pictures(days) if days else (),
        "feedback": feedback_of(found) if may is True else [],
        "template": f"{reverse('initiative_new')}?from={found.pk}",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "tasks/initiatives/report.html", context, status=status)
