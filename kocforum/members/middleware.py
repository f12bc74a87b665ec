"""A member's language, texts that wait for consent, and the policy that the admin theme needs."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from . import actions
from .models import Agreement
from .rules import can_write
from .rules.consents import box_of, unticked

Answer = Callable[[HttpRequest], HttpResponse]

# Acts that need no consent: coming and going, reading the texts, leaving; the API answers by itself.
_OPEN = ("/accounts/", "/me/settings/", "/me/data/", "/me/close/", "/me/notifications/", "/ui/", "/api/", "/admin/")
_ADMIN_POLICY = {
    "script-src": ["'self'", "'unsafe-eval'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
}


def _signed_in(request: HttpRequest) -> bool:
    """Without touching the session of who has none, so that pages for visitors stay cacheable."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated


class MemberLanguageMiddleware:
    """The language that a member chose wins over the browser's, and a switch made while signed in is kept with the account."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _signed_in(request):
            return self.get_response(request)
        if request.user.language in dict(settings.LANGUAGES):
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        response = self.get_response(request)
        if request.method == "POST" and response.status_code < 400:
            self._keep(request)
        return response

    def _keep(self, request: HttpRequest) -> None:
        if request.path == reverse("set_language") and request.POST.get("language") in dict(settings.LANGUAGES):
            actions.edit_profile(by=request.user, language=request.POST["language"])
        elif request.path == reverse("set_theme"):
            theme = request.POST.get("theme", "")
            actions.edit_profile(by=request.user, theme=theme if theme in {"light", "dark"} else "")


class ConsentMiddleware:
    """A new text interrupts writing, never reading. What was typed travels along and is posted after the consent."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or request.path.startswith(_OPEN) or not _signed_in(request):
            return self.get_response(request)
        # The same question that every action asks, so it costs this request nothing.
        if getattr(can_write(request.user), "url_name", "") != "consents" or request.headers.get("HX-Request"):
            return self.get_response(request)
        due = list(Agreement.objects.due_for(request.user))
        missing = unticked(due, request.POST)
        if not missing:
            actions.record_consent(by=request.user, agreements=due)
            return self.get_response(request)
        return self._ask(request, due, missing)

    def _ask(self, request: HttpRequest, due: list[Agreement], missing: list[Agreement]) -> HttpResponse:
        boxes = {box_of(text) for text in due}
        asked_before = bool(boxes & set(request.POST)) or "consenting" in request.POST
        hidden = boxes | {"csrfmiddlewaretoken", "consenting"}
        context = {
            "rows": [(text, box_of(text), asked_before and text in missing) for text in due],
            "typed": [(name, value) for name, values in request.POST.lists() if name not in hidden for value in values],
            "files_lost": bool(request.FILES),
            "action": request.get_full_path(),
        }
        return render(request, "members/agreements/due.html", context, status=403)


class AdminPolicyMiddleware:
    """The admin theme runs Alpine and inline scripts; its own, looser content policy ends at /admin/."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.prefix = reverse("admin:index")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(self.prefix):
            response._csp_replace = _ADMIN_POLICY  # type: ignore[attr-defined]
        return response
