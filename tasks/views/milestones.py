"""`/initiatives/<id>/milestones/`: the steps of a project; who leads it sets them here."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kocforum.errors import Refused
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import keeps_unsent_text, unsent_text

from ..actions.milestones import drop_milestone, plan_milestone, reach_milestone
from ..forms.milestones import MilestoneForm, ReachedForm
from ..models import Initiative, Milestone
from ..rules.milestones import can_set_milestones
from .doors import initiative_or_404, number_in


@keeps_unsent_text("milestones", fields=("what", "words", "milestone"))
@require_http_methods(["GET", "HEAD", "POST"])
def milestones(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody who may know the initiative reads them."""
    found = initiative_or_404(request.user, pk)
    if request.method != "POST":
        return _page(request, found)
    if "drop" in request.POST:
        return _drop(request, found)
    if "words" in request.POST:
        return _reach(request, found)
    form = MilestoneForm(request.POST)
    if form.is_valid():
        try:
            plan_milestone(by=request.user, initiative=found, **form.cleaned_data)
            return redirect("initiative_milestones", pk=pk)
        except Refused as refused:
            refuse_into(form, refused)
    return _page(request, found, form=form)


def _reach(request: HttpRequest, found: Initiative) -> HttpResponse:
    form = ReachedForm(request.POST)
    if form.is_valid():
        reached = get_object_or_404(found.milestones, pk=form.cleaned_data["milestone"])
        try:
            reach_milestone(by=request.user, milestone=reached, words=form.cleaned_data["words"])
            messages.success(request, _("Told to everybody who stands behind it."))
            return redirect("initiative_milestones", pk=found.pk)
        except Refused as refused:
            refuse_into(form, refused)
    return _page(request, found, reached=form)


def _drop(request: HttpRequest, found: Initiative) -> HttpResponse:
    gone = get_object_or_404(found.milestones, pk=number_in(request.POST["drop"]))
    try:
        drop_milestone(by=request.user, milestone=gone)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("initiative_milestones", pk=found.pk)


def _page(
    request: HttpRequest, found: Initiative, form: MilestoneForm | None = None, reached: ReachedForm | None = None
) -> HttpResponse:
    sets = request.user.is_authenticated and can_set_milestones(request.user, found) is True
    rows: list[Milestone] = list(Milestone.objects.visible_to(request.user).filter(initiative=found))
    unsent = unsent_text(request, "milestones", pk=found.pk)
    context: dict[str, Any] = {
        "section": "events",
        "initiative": found,
        "rows": rows,
        "sets": sets,
        "form": form or MilestoneForm(initial={"op_id": uuid.uuid4()} | unsent),
        "open": [(row, _reached_form(row, reached, unsent)) for row in rows if row.reached_at is None] if sets else [],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "tasks/initiatives/milestones.html", context, status=status)


def _reached_form(row: Milestone, sent: ReachedForm | None, unsent: dict[str, Any]) -> ReachedForm:
    """What was refused, or typed before the sign-in ended, stands at its own step."""
    if sent is not None and str(sent.data.get("milestone")) == str(row.pk):
        return sent
    words = unsent.get("words", "") if str(unsent.get("milestone")) == str(row.pk) else ""
    return ReachedForm(initial={"milestone": row.pk, "words": words}, auto_id=f"id_%s_{row.pk}")
