"""`/endorsements/<code>/`: is this true? For everybody, and for who leads it the place to answer a suspension."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kocforum.errors import Refused

from ..actions.endorsements import answer_suspension
from ..models import Endorsement
from ..queries.badges import MOST_BYTES, badge_of, checked, own_keys
from ..queries.certificates import as_pdf, as_picture
from ..queries.endorsements import certificate_of
from ..rules.reviews import can_answer_suspension


def _endorsement_or_404(request: HttpRequest, code: str) -> Endorsement:
    found = Endorsement.objects.visible_to(request.user).select_related("initiative__proposer")
    return get_object_or_404(found, code=code.upper())


@require_safe
def endorsement(request: HttpRequest, code: str) -> HttpResponse:
    """What was certified, what holds now, and everything that happened to it."""
    found = _endorsement_or_404(request, code)
    may_answer = request.user.is_authenticated and can_answer_suspension(request.user, found) is True
    context = {"section": "events", **certificate_of(found), "may_answer": may_answer}
    response = render(request, "tasks/initiatives/endorsement.html", context)
    response["Cache-Control"] = "no-store"  # what holds now, not what held a minute ago
    return response


@require_safe
def certificate(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """The certificate as a picture or a PDF: as long as it is in force."""
    found = _endorsement_or_404(request, code)
    if not found.is_in_force:
        raise Http404
    draw, kind = (as_pdf, "application/pdf") if form == "pdf" else (as_picture, "image/png")
    response = HttpResponse(draw(found), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{found.code}.{form}"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def badge(request: HttpRequest, code: str) -> HttpResponse:
    """What was certified, signed: a badge to keep, which says where to ask what holds now."""
    found = _endorsement_or_404(request, code)
    response = JsonResponse(badge_of(found), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="{found.code}.json"'
    return response


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """With which keys this site signs, and signed before."""
    return JsonResponse({"keys": own_keys()})


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Somebody brings a badge: is it ours, is it whole, does it hold now?"""
    context: dict[str, Any] = {"section": "events", "text": "", "keys": own_keys()}
    if request.method == "POST":
        file, text = request.FILES.get("file"), request.POST.get("text", "")[:MOST_BYTES]
        context |= {"text": text, "found": checked(file.read(MOST_BYTES + 1) if file else text)}
    return render(request, "tasks/initiatives/verify.html", context)


@require_POST
@login_required
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Who leads it says what approvers should know."""
    found = _endorsement_or_404(request, code)
    try:
        answer_suspension(by=request.user, endorsement=found, answer=request.POST.get("answer", ""))
        messages.success(request, _("Sent. You hear from us."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(found)
