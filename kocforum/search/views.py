"""The search page."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kocforum.text import clean_line

from .kinds import kinds
from .queries import MOST, find, narrower, proposed_words
from .queries.parsing import LONGEST_QUERY


def _tabs(query: str, kind: str) -> list[dict[str, object]]:
    """Everything, then each kind."""
    named = [("", _("Everything")), *((known.kind, known.label) for known in kinds().values())]
    return [
        {
            "url": "?" + urlencode({"q": query, "type": name} if name else {"q": query}),
            "label": label,
            "on": name == kind,
        }
        for name, label in named
    ]


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What answers `q`, for everything or one `type`, in numbered pages; a thread stands once among everything."""
    query = clean_line(request.GET.get("q", ""))[:LONGEST_QUERY]
    kind = request.GET.get("type", "")
    if kind not in kinds():
        kind = ""
    pages = Paginator(find(request.user, query, kind, together=not kind), 20)
    page = pages.get_page(request.GET.get("page"))
    nothing = bool(query) and not pages.count
    context = {
        "query": query,
        "search_words": query,
        "section": "search",
        "kind": kind,
        "tabs": _tabs(query, kind),
        "page": page,
        "most": MOST,
        "parts": narrower(request.user, query, kind) if nothing else [],
        "words": [] if pages.count else proposed_words(),
        "elsewhere": bool(nothing and kind and find(request.user, query, most=1)),
    }
    refreshed = request.headers.get("HX-Target") == "search-results"
    return render(request, "search/page.html#results" if refreshed else "search/page.html", context)
