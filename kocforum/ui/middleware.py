"""A refusal that reaches a page becomes a page of its own, or a sentence in the place that asked."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, unquote

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import is_valid_path
from django.utils.translation import gettext as _

from kocforum.errors import Refused

from .visitors import may_be_kept, place_of


class NulMiddleware:
    """No address has a NUL in it, and PostgreSQL breaks on one: answered here, once for every path and query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" not in request.path_info and "%00" not in request.META.get("QUERY_STRING", ""):
            return self.get_response(request)
        if request.path_info.startswith("/api/"):
            return JsonResponse({"detail": _("This address has characters that cannot be.")}, status=400)
        raise BadRequest


class VisitorsMiddleware:
    """Answers a visitor with the page that another one got, while its version stands; see `ui.visitors`.

    It stands before the session: what makes a page takes ten times as long as sending it, and what surrounds it five times.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        place = place_of(request)
        if place is None:
            return self.get_response(request)
        key, seconds = place
        if (kept := cache.get(key)) is not None:
            body, headers = kept
            return HttpResponse(body, headers=headers)
        response = self.get_response(request)
        if may_be_kept(request, response):
            cache.set(key, (response.content, dict(response.headers)), seconds)
        return response


class DraftMiddleware:
    """The browser's draft of a form goes when a view has taken it: a POST that ended in a redirect, as for `ui.unsent`.

    draft.js sends the names of the drafts along and finds in a cookie which are done, whatever page follows. It stands next to the view:
    a redirect that somebody else gave (for a consent, say) has taken nothing, and one with an error has not either.
    """

    COOKIE, SECONDS, LENGTH = "draft_done", 3600, 1000

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "POST" or request.path_info.startswith("/api/") or not request.user.is_authenticated:
            return response
        if not (300 <= response.status_code < 400 or "HX-Redirect" in response) or self._refused(request):
            return response
        if names := request.POST.getlist("draft_sent"):
            # Those of another window that has not read it yet stay named.
            before = unquote(request.COOKIES.get(self.COOKIE, "")).split()
            done = quote(" ".join(dict.fromkeys([*names, *before]))[: self.LENGTH], safe="")
            secure = settings.SESSION_COOKIE_SECURE
            response.set_cookie(self.COOKIE, done, max_age=self.SECONDS, samesite="Lax", secure=secure)
        return response

    def _refused(self, request: HttpRequest) -> bool:
        """Looked at where they wait: read as a page reads them, they would be gone."""
        return any(said.level >= messages.ERROR for said in messages.get_messages(request)._queued_messages)


class PostedAddressMiddleware:
    """An address that only takes what a form sends leads whoever comes by a link up to the page above it, with the query.

    So the relative links of a refused form work, its live parts fetch themselves anew, and who had to sign in before sending lands where
    the form stands. Every such address of the house lies below its page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET" or request.path_info.startswith("/api/"):
            return response
        above = request.path
        while above := above.rstrip("/").rpartition("/")[0]:
            if is_valid_path(f"{above}/"):
                query = request.META.get("QUERY_STRING", "")
                return redirect(f"{above}/" + (f"?{query}" if query else ""))
        return response


class RefusalMiddleware:
    """Views answer `Refused` themselves where a form is at hand; what they let through is answered here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        if not getattr(request, "htmx", False):
            return render(request, "refused.html", {"refusal": error}, status=error.status)
        response = render(request, "refused.html#sentence", {"refusal": error}, status=error.status)
        # The place that asked keeps what it shows; the sentence appears beside the other messages.
        response["HX-Retarget"] = "#notices"
        response["HX-Reswap"] = "beforeend"
        return response
