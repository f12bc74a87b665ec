"""`/events/<id>/incidents/`: what went wrong, for the crew and for approvers; a report, and what is known later."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kocforum.errors import Refused
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import keep_unsent_text, keeps_unsent_text, unsent_text

from ..actions.incidents import add_to_incident, report_incident
from ..forms.incidents import AdditionForm, IncidentForm
from ..models import Event, Incident
from ..queries.incidents import incidents_of, incidents_seen_by
from ..rules.incidents import can_read_incidents, can_report_incident
from .events import event_or_404


def _told_event(request: HttpRequest, pk: int) -> Event:
    """An event of whose incidents this person reads. To everybody else there are none."""
    found = event_or_404(request, pk)
    if not can_read_incidents(request.user, found):
        raise Http404
    return found


@keeps_unsent_text("incident", fields=("kind", "happened_at", "what", "done", "people", "doctor", "police"))
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def incidents(request: HttpRequest, pk: int) -> HttpResponse:
    """What was reported, and the form for the next report."""
    found = _told_event(request, pk)
    here = timezone.now().astimezone(found.zone)
    begin = {"op_id": uuid.uuid4(), "happened_at": here.replace(tzinfo=None)}
    form = IncidentForm(request.POST or None, event=found, initial=begin | unsent_text(request, "incident", pk=pk))
    if request.method == "POST" and form.is_valid():
        try:
            told = report_incident(by=request.user, event=found, **form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            if not _says_something_else(request, form, told):
                messages.success(
                    request,
                    _("Written down. The crew and the brand's approvers hear of it. Look after the people first."),
                )
            return redirect(told)
    return _page(request, found, form)


def _says_something_else(request: HttpRequest, form: IncidentForm, told: Incident) -> bool:
    """A page that was sent before and came back with other words: what is on record stays, and the new words can be added."""
    more = form.other_than(told) if getattr(told, "replayed", False) else ""
    if more:
        keep_unsent_text(request, "incident_more", {"words": more}, pk=told.event_id, incident=told.pk)
        messages.warning(
            request,
            _("This report was on record already and is not changed. What you wrote now is below: add it there."),
        )
    return bool(more)


@keeps_unsent_text("incident_more", fields=("words",), back=lambda pk, incident: reverse("incidents", args=[pk]))
@login_required
@require_POST
def add(request: HttpRequest, pk: int, incident: int) -> HttpResponse:
    """What is known later, under the report."""
    found = _told_event(request, pk)
    told = get_object_or_404(incidents_seen_by(request.user).filter(event=found), pk=incident)
    told.event = found
    form = AdditionForm(request.POST, auto_id=f"add-{told.pk}-%s")
    if form.is_valid():
        try:
            add_to_incident(by=request.user, incident=told, **form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(request, _("Added."))
            return redirect(told)
    return _page(request, found, None, {told.pk: form})


def _page(
    request: HttpRequest, found: Event, form: IncidentForm | None, refused: dict[int, AdditionForm] | None = None
) -> HttpResponse:
    may = can_report_incident(request.user, found) is True
    rows = incidents_of(found, request.user)
    for row in rows if may else ():
        said = {"op_id": uuid.uuid4()} | unsent_text(request, "incident_more", pk=found.pk, incident=row.pk)
        row.form = (refused or {}).get(row.pk) or AdditionForm(initial=said, auto_id=f"add-{row.pk}-%s")
    if form is None:
        here = timezone.now().astimezone(found.zone).replace(tzinfo=None)
        form = IncidentForm(event=found, initial={"op_id": uuid.uuid4(), "happened_at": here})
    context: dict[str, Any] = {
        "section": "events",
        "event": found,
        "incidents": rows,
        "form": form if may else None,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "tasks/incidents/list.html", context, status=status)
