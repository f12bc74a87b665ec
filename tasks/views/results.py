"""`/desk/tasks/<pk>/results/`: what owners answered, with what it is worth."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kocforum.ui.doors import staff_page

from ..queries.answers import Answers
from ..queries.groups import BY
from ..queries.panels import page_for, stamp_of_page
from ..rules.surveys import can_see_results
from ..rules.tasks import can_ask
from .doors import survey_or_404


@require_safe
@staff_page
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; to a script that heard of an answer, its changing part alone."""
    found = survey_or_404(request.user, pk)
    by = request.GET.get("by", "")
    by = by if by in BY else ""
    weighted = request.GET.get("weighted") == "1"
    if not can_see_results(request.user, found.survey):
        raise Http404
    answers = Answers(found.survey)
    context = {
        "section": "desk",
        "tab": "tasks",
        "task": found,
        # Made where what was kept of it is not enough
        "page": cache(partial(page_for, found, request.user, answers, by=by, weighted=weighted)),
        "stamp": stamp_of_page(found, answers),
        "by": by,
        "weighted": weighted,
        "here": _here(by, weighted),
        "turned": _here(by, not weighted),
        "tabs": _tabs(by, weighted),
        "may_ask": can_ask(request.user),
        "next_wave": found.children.filter(opened_at__isnull=False).order_by("opened_at").first(),
        "criteria": dict(_criteria()),
    }
    name = "tasks/surveys/results/_live.html" if request.htmx else "tasks/surveys/results/page.html"
    return render(request, name, context)


def _criteria() -> list[tuple[str, str]]:
    return [("model", _("By car")), ("version", _("By version")), ("koc_level", _("By level")), ("city", _("By city"))]


def _here(by: str, weighted: bool) -> str:
    said = [f"by={by}" if by else "", "weighted=1" if weighted else ""]
    return "?" + "&".join(part for part in said if part)


def _tabs(by: str, weighted: bool) -> list[dict[str, Any]]:
    tabs = [("", _("All answers")), *_criteria()]
    return [{"url": _here(name, weighted), "label": label, "on": name == by} for name, label in tabs]
