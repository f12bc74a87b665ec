"""The poster of a public release."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kocforum.text import excerpt
from kocforum.ui.context import site
from kocforum.ui.posters import Poster, draw

from ..models import Release

KEPT_SECONDS = 300


def release_poster(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture with a QR code, of public releases only: it leaves the house."""
    release = get_object_or_404(Release.objects.visible_to(AnonymousUser()), pk=pk)
    key = f"poster:release:{pk}:{get_language()}"
    kept = cache.get(key)
    if kept is None:
        english = (get_language() or "").startswith("en")
        announced = release.announcement_en if english and release.announcement_en else release.announcement
        poster = Poster(
            kicker=_("Release"),
            title=str(release),
            url=f"{settings.SITE_URL}{release.get_absolute_url()}",
            site=str(site(request)["site_name"]),
            words=excerpt(announced, 220),
        )
        kept = draw(poster)
        cache.set(key, kept, KEPT_SECONDS)
    response = HttpResponse(kept, content_type="image/png")
    response["Cache-Control"] = "public, max-age=300"
    return response
