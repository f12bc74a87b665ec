"""On the page of an event: who helps, and what everybody is told."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kocforum.errors import Refused
from kocforum.members.models import Member
from kocforum.ui.refusals import refuse_into
from kocforum.ui.unsent import keeps_unsent_text

from ..actions import crews
from ..forms.crews import AnnouncementForm, CrewForm
from .doors import number_in
from .events import event_or_404, event_page


@require_POST
@login_required
def crew(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a helper, or let one go; a helper stops."""
    found = event_or_404(request, pk)
    if number := number_in(request.POST.get("leaves")):
        helper = get_object_or_404(Member, pk=number, pk__in=found.crew.values("member"))
        try:
            crews.leave_crew(by=request.user, event=found, member=helper)
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect(f"{found.get_absolute_url()}#crew")
    form = CrewForm(request.POST)
    if form.is_valid():
        try:
            chosen = crews.choose_crew(by=request.user, event=found, **form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(request, _("%(name)s helps now, and hears of it.") % {"name": chosen.member.name})
            return redirect(f"{found.get_absolute_url()}#crew")
    return event_page(request, found, crew_form=form)


@keeps_unsent_text("announcement", fields=("words",), back=lambda pk: reverse("event", args=[pk]))
@require_POST
@login_required
def announce(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell everybody who has a place or waits for one."""
    found = event_or_404(request, pk)
    form = AnnouncementForm(request.POST)
    if form.is_valid():
        try:
            crews.announce(by=request.user, event=found, **form.cleaned_data)
        except Refused as refused:
            refuse_into(form, refused)
        else:
            messages.success(request, _("Everybody hears of it."))
            return redirect(found)
    return event_page(request, found, announcement_form=form)
