"""Theme, language, preview, QR picture, and the page for a form that came too late."""

from __future__ import annotations

import io

import segno
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import i18n
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from kocforum.text import render as render_markdown
from kocforum.text import render_essay

from . import unsent
from .theme import remember_theme

PREVIEW_LIMIT = 60_000

# A switch of looks changes nothing but the look, so a visitor needs no token and therefore no cookie to read.
set_language = csrf_exempt(i18n.set_language)


def _back(request: HttpRequest) -> str:
    """The page that asked; the footer is the same on every page, so it is known by its referrer."""
    wanted = request.POST.get("next") or request.META.get("HTTP_REFERER", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else "/"


@csrf_exempt
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the device; 204 for the script, back to the page for everyone else."""
    asked_by_script = request.headers.get("X-Requested-With") == "fetch"
    response = HttpResponse(status=204) if asked_by_script else HttpResponseRedirect(_back(request))
    remember_theme(response, request.POST.get("theme", ""))
    return response


@require_POST
@login_required
def preview(request: HttpRequest) -> HttpResponse:
    """What the text will look like: the same rendering as when it is posted; `?long` with footnotes."""
    text = request.POST.get("text", "")[:PREVIEW_LIMIT]
    return HttpResponse(render_essay(text, "p").html if "long" in request.GET else render_markdown(text))


@require_GET
@cache_control(public=True, max_age=86400)
def qr(request: HttpRequest) -> HttpResponse:
    """A QR code of a page of this site, for the phone beside the screen."""
    path = request.GET.get("path", "")
    if not path.startswith("/") or path.startswith("//") or len(path) > 200:
        raise Http404
    out = io.BytesIO()
    segno.make(settings.SITE_URL.rstrip("/") + path, error="m").save(
        out, kind="svg", scale=4, border=2, light="#fff", dark="#1b1f24"
    )
    return HttpResponse(out.getvalue(), content_type="image/svg+xml")


def too_many(request: HttpRequest) -> HttpResponse:
    """Sign-in pages that were asked too often. Their limits count by the minute."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = "60"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token had run out. Nothing typed is lost: kept for the form where that is arranged, shown for copying where not."""
    kept = unsent.keep_from(request)
    texts = [] if kept else unsent.texts_of(request)
    return render(request, "403_csrf.html", {"back": kept, "texts": texts}, status=403)
