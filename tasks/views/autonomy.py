"""`/initiatives/<id>/decisions/`: who decided what, as a picture, a table and a list."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..enums import Area, Side
from ..models import Endorsement
from ..queries.autonomy import decisions_of, meter_of
from .doors import initiative_or_404

PER_PAGE = 50


@require_safe
def decisions(request: HttpRequest, pk: int) -> HttpResponse:
    """All decisions, or those of one side (`side`) about one thing (`area`)."""
    found = initiative_or_404(request.user, pk)
    decided = decisions_of(found, request.user, Endorsement.objects.filter(initiative=found).first())
    side, area = request.GET.get("side", ""), request.GET.get("area", "")
    listed = [one for one in decided if (one.side == side or not side) and (one.area == area or not area)]
    context = {
        "section": "events",
        "initiative": found,
        "meter": meter_of(decided),
        "page": Paginator(listed, PER_PAGE).get_page(request.GET.get("page")),
        "side": Side(side) if side in Side.values else None,
        "area": Area(area) if area in Area.values else None,
        "narrowed": bool(side or area),
    }
    return render(request, "tasks/initiatives/decisions.html", context)
