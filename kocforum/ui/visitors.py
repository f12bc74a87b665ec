"""Pages that are the same for every visitor: answered from the cache, before session, member and policies are asked.

The app that owns a path registers it in `AppConfig.ready` with a function that says the version of what stands there:

    visitors.register(r"/t/(\\d{1,9})/", version_for_visitors)

`version_for_visitors(query, *groups)` answers a string that changes when the page does, or None where the page is not one
for every visitor: that one, and the first in each version, goes the whole way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_request

from .theme import COOKIE as THEME
from .theme import theme_of

Version = Callable[..., str | None]


@dataclass(frozen=True)
class Kept:
    """A registered path: its versions, the names that its query may have, and for how long a page is kept."""

    pattern: re.Pattern[str]
    version: Version
    query: frozenset[str]
    seconds: int


_kept: dict[str, Kept] = {}


def register(path: str, version: Version, *, query: tuple[str, ...] = ("page",), seconds: int = 300) -> None:
    """Let pages of a path be kept for visitors."""
    _kept[path] = Kept(re.compile(path), version, frozenset(query), seconds)


def place_of(request: HttpRequest) -> tuple[str, int] | None:
    """The key of the kept page that answers this request, and for how long; None where a person or a form is behind it.

    A visitor is who has no cookie that says more than a language and a theme. A message to show and a text that
    waits to be sent have theirs.
    """
    if request.method != "GET" or request.COOKIES.keys() - _plain_cookies() or "HTTP_HX_REQUEST" in request.META:
        return None
    for kept in _kept.values():
        if found := kept.pattern.fullmatch(request.path_info):
            return _place(request, kept, found)
    return None


def _plain_cookies() -> set[str]:
    return {settings.LANGUAGE_COOKIE_NAME, settings.CSRF_COOKIE_NAME, THEME}


def _place(request: HttpRequest, kept: Kept, found: re.Match[str]) -> tuple[str, int] | None:
    query: Mapping[str, str] = request.GET.dict()
    if query.keys() - kept.query:
        return None
    try:
        request.get_host()  # an address that is not ours is refused on the whole way
    except DisallowedHost:
        return None
    version = kept.version(query, *found.groups())
    if version is None:
        return None
    language = get_language_from_request(request)
    return f"visitors:{request.path_info}:{language}:{theme_of(request)}:{version}", kept.seconds


def page_number(query: Mapping[str, str]) -> int | None:
    """The page that a query asks for; None for what is no number."""
    page = query.get("page", "1")
    return int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else None


def may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """A whole page that gives this visitor nothing of their own. A form's token shows by its cookie, unless that was there."""
    if response.status_code != 200 or response.streaming or response.cookies:
        return False
    return settings.CSRF_COOKIE_NAME not in request.COOKIES
