"""Which version of a page every visitor would get: for `ui.visitors`, asked at each of their requests."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from hashlib import md5

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from kocforum.ui.visitors import page_number

from ..enums import PostState
from ..models import Thread
from .prepared import Prepared
from .threads import THREADS_PER_PAGE, topic_versions

PREPARED_PAGES = 5  # of a board's list; nearly nobody reads on


def version_of_thread(query: Mapping[str, str], pk: str) -> str | None:
    """The version of a thread that every visitor may open, and of its topics."""
    page, rows = page_number(query), _THREAD.rows(int(pk))
    return f"{rows[0][0]}.{rows[0][1] or 0}:{page}" if page and rows else None


def version_of_list(query: Mapping[str, str], slug: str) -> str | None:
    """One page of a public board's list: its threads, their order, and the version of each."""
    page = page_number(query)
    if page is None or not 1 <= page <= PREPARED_PAGES:
        return None
    rows = _LISTS[page - 1].rows(slug)
    return f"{page}:{md5(repr(rows).encode(), usedforsecurity=False).hexdigest()}" if rows else None


def _thread(pk: int) -> QuerySet:
    threads = Thread.objects.visible_to(AnonymousUser()).filter(pk=pk, state=PostState.VISIBLE)
    return threads.values_list("version", topic_versions())


def _list(slug: str, *, page: int) -> QuerySet:
    threads = Thread.objects.visible_to(AnonymousUser()).listed().filter(board__slug=slug)
    rows = threads.order_by("-pinned", "-last_post_at", "-id").values_list("pk", "version", topic_versions())
    return rows[(page - 1) * THREADS_PER_PAGE : page * THREADS_PER_PAGE]


_THREAD = Prepared(_thread, -987_654_321)
_LISTS = [Prepared(partial(_list, page=page), "?slug?") for page in range(1, PREPARED_PAGES + 1)]
