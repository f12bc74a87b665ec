"""`/stories/`: entries that stay."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..queries.entries import PER_PAGE, stories_for


@require_safe
def stories(request: HttpRequest) -> HttpResponse:
    """The stories, the one kept last first."""
    page = Paginator(stories_for(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "tasks/calls/stories.html", {"section": "tasks", "page": page})
