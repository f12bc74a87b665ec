"""Take the answers away, from the desk."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from kocforum.errors import Refused
from kocforum.ui.doors import staff_page

from ..actions.exports import export_survey
from ..rules.tasks import can_ask
from .doors import task_or_404


@require_POST
@staff_page
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """One file; a refusal is told on the page one came from."""
    found = task_or_404(request.user, pk)
    if not can_ask(request.user) or not hasattr(found, "survey"):
        raise Http404
    try:
        file = export_survey(by=request.user, task=found, kind=request.POST.get("as", ""))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("desk_task", pk=pk)
    answer = HttpResponse(file.content, content_type=file.content_type)
    answer.headers["Content-Disposition"] = content_disposition_header(True, file.name)
    return answer
