"""What every template may rely on."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from .theme import theme_of


def site(request: HttpRequest) -> dict[str, Any]:
    """The name of the house in the reader's language, and the theme to draw it in."""
    english = (get_language() or "").startswith("en")
    return {
        "site_name": settings.SITE_NAME_EN if english else settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "theme": SimpleLazyObject(lambda: theme_of(request)),
    }
