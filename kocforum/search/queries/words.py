"""The words that staff keep reach the cutter of each process."""

from __future__ import annotations

import threading

from django.core.cache import cache
from django.db.models import Count, Max

from kocforum.text import use_words

from ..models import Word

# Another process learns of a new word after this many seconds at the latest.
_PATIENCE = 60
_CACHED = "search:words"
_known: str | None = None
_learning = threading.Lock()


def _state() -> str:
    told = Word.objects.aggregate(count=Count("pk"), last=Max("at"), highest=Max("pk"))
    return f"{told['count']}:{told['highest']}:{told['last']}"


def learn_words(*, now: bool = False) -> None:
    """Cut by the kept words when they have changed. Costs nothing but a look at the cache most of the time."""
    global _known
    state = None if now else cache.get(_CACHED)
    if state is None:
        state = _state()
        cache.set(_CACHED, state, _PATIENCE)
    if state == _known:
        return
    with _learning:
        use_words(Word.objects.values_list("text", flat=True))
        _known = state
