"""Verify a public release in the thread where it began."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from kocforum.errors import Refused
from kocforum.forum.enums import PostState
from kocforum.forum.models import Report
from kocforum.forum.rules.reports import can_verify
from kocforum.garage.queries import in_garage
from kocforum.ui.unsent import keeps_unsent_text, unsent_text

from ..actions.verifications import verify as verify_release
from ..forms.releases import VerifyForm
from ..queries.owners import public_releases_for
from ..queries.subjects import tickets_of_report
from .doors import refuse_into


@keeps_unsent_text("verify", fields=("words", "vehicle", "failures", "successes", "outcome", "cond_*"))
@login_required
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """`/reports/<id>/verify/?release=`: how it is now, with one's own car."""
    report = get_object_or_404(
        Report.objects.visible_to(request.user).select_related("thread__board", "thread__author", "observation"), pk=pk
    )
    releases = list(public_releases_for(report, tickets_of_report(report)))
    asked = request.GET.get("release") or request.POST.get("release") or ""
    release = next((row for row in releases if str(row.pk) == asked), releases[0] if releases else None)
    cars = list(in_garage(request.user))
    own = next((car for car in cars if car.pk == report.observation.vehicle_id), cars[0] if cars else None)
    initial = {
        "vehicle": own.pk if own else None,
        "op_id": uuid.uuid4(),
        **unsent_text(request, "verify", pk=pk),
    }
    form = VerifyForm(request.POST or None, request.FILES or None, by=request.user, initial=initial)
    if request.method == "POST" and release and form.is_valid():
        said = form.cleaned_data
        try:
            told = verify_release(
                by=request.user,
                report=report,
                release=release,
                vehicle=said["vehicle"],
                uploads=said["uploads"],
                op_id=said["op_id"],
                **form.observed(),
            )
        except Refused as refused:
            refuse_into(form, refused)
        else:
            if told.post.state == PostState.PENDING:
                messages.info(request, _("Thank you. This will be read by a moderator before others see it."))
            else:
                messages.success(request, _("It stands where it began. Thank you."))
            return redirect(told.post)
    context = {
        "report": report,
        "release": release,
        "releases": releases,
        "cars": cars,
        "form": form,
        "may": can_verify(request.user, report),
    }
    return render(request, "insights/verifications/form.html", context, status=422 if request.method == "POST" else 200)
