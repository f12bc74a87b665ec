"""`/tasks/workshops/…/voices/`: leave the own voice, listen to those that were left, take the own one back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kocforum.errors import Refused

from ..actions.recordings import leave_voice, withdraw_voice
from ..forms.recordings import VoiceForm
from ..models import RecordedVoice
from .workshops import workshop_or_404


@require_POST
@login_required
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """From the page's script: one stretch of the own sound."""
    workshop = workshop_or_404(request, pk)
    form = VoiceForm(request.POST, request.FILES)
    if not form.is_valid():
        return JsonResponse({"detail": str(next(iter(form.errors.values()))[0])}, status=400)
    try:
        voice = leave_voice(by=request.user, workshop=workshop, **form.cleaned_data)
    except Refused as refused:
        return JsonResponse({"detail": str(refused)}, status=refused.status)
    return JsonResponse({"id": voice.pk}, status=201)


@require_safe
@login_required
def voice(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One voice, to those who sit in the room."""
    found = get_object_or_404(RecordedVoice.objects.visible_to(request.user), pk=pk)
    try:
        file = found.file.open("rb")
    except FileNotFoundError:
        raise Http404
    response = FileResponse(file, content_type=found.content_type)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_POST
@login_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the own voice back."""
    found = get_object_or_404(RecordedVoice.objects.visible_to(request.user).select_related("workshop"), pk=pk)
    try:
        withdraw_voice(by=request.user, voice=found)
        messages.success(request, _("Your voice is taken out; the file is deleted."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("after_room", pk=found.workshop.task_id)
