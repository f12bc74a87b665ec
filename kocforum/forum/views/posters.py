"""Posters: a picture with a QR code, the same for everyone who may see the thing."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language

from kocforum.ui.context import site
from kocforum.ui.posters import draw

from ..enums import PostState
from ..queries.posters import poster_of_report, poster_of_topic
from .doors import report_or_404, topic_or_404

KEPT_SECONDS = 3600


def _picture(key: str, make) -> HttpResponse:
    kept = cache.get(key)
    if kept is None:
        kept = draw(make())
        cache.set(key, kept, KEPT_SECONDS)
    response = HttpResponse(kept, content_type="image/png")
    response["Cache-Control"] = "public, max-age=300"
    return response


def report_poster(request: HttpRequest, pk: int) -> HttpResponse:
    """Of public reports only: a poster leaves the house."""
    report = report_or_404(AnonymousUser(), pk)
    if report.thread.state != PostState.VISIBLE:
        raise Http404
    key = f"poster:report:{pk}:{report.thread.version}:{get_language()}"
    return _picture(key, lambda: poster_of_report(report, str(site(request)["site_name"])))


def topic_poster(request: HttpRequest, pk: int) -> HttpResponse:
    topic = topic_or_404(AnonymousUser(), pk)
    key = f"poster:topic:{pk}:{topic.version}:{get_language()}"
    return _picture(key, lambda: poster_of_topic(topic, str(site(request)["site_name"])))
