"""`/events/<id>/pictures/`: its organisers show what it looks like, and the way."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kocforum.errors import Refused
from kocforum.ui.refusals import refuse_into

from ..actions.event_pictures import show_pictures
from ..forms.event_pictures import picture_forms
from ..rules.events import can_run
from .events import event_or_404


@login_required
def pictures(request: HttpRequest, pk: int) -> HttpResponse:
    """To everybody but its organisers this page is not there."""
    found = event_or_404(request, pk)
    if can_run(request.user, found) is not True:
        raise Http404
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    scenes, way = picture_forms(found, request.user, *sent)
    # Both are asked: what was received of one is kept while the other is mended.
    if all([scenes.is_valid(), way.is_valid()]) and request.method == "POST":
        try:
            show_pictures(
                by=request.user,
                event=found,
                pictures=scenes.cleaned_data["uploads"],
                way=way.cleaned_data["uploads"],
                dropped=[*scenes.dropped, *way.dropped],
            )
        except Refused as refused:
            refuse_into(way, refused, {"way": "new_uploads"})
        else:
            messages.success(request, _("Saved."))
            return redirect(found)
    context = {"section": "events", "event": found, "scenes": scenes, "way": way}
    status = 422 if request.method == "POST" else 200
    return render(request, "tasks/events/pictures.html", context, status=status)
