"""Light, dark or as the device: this device's cookie first, then what the member chose."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

COOKIE = "theme"
THEMES = ("light", "dark")


def theme_of(request: HttpRequest) -> str:
    """Answer "light", "dark", or "" for as the device."""
    chosen = request.COOKIES.get(COOKIE)
    if chosen is None:
        user = getattr(request, "user", None)
        chosen = getattr(user, "theme", "") if user is not None and user.is_authenticated else ""
    return chosen if chosen in THEMES else ""


def remember_theme(response: HttpResponse, theme: str) -> None:
    """Keep the choice on this device; pages that save `member.theme` call this too."""
    response.set_cookie(COOKIE, theme if theme in THEMES else "auto", max_age=365 * 24 * 3600, samesite="Lax")


def variant(request: HttpRequest) -> str:
    """What a cached anonymous page depends on besides its address: part of the cache key."""
    return f"{getattr(request, 'LANGUAGE_CODE', '')}:{theme_of(request)}"
