"""Which tasks stand beside which thread: asked on every page of a thread, so kept for a moment."""

from __future__ import annotations

from django.core.cache import cache

from ..models import Task
from ..models.tasks import SHOWN

KEY = "tasks.places"
SECONDS = 60
MOST = 500


def places() -> list[tuple[int, int]]:
    """Pairs of thread and task, the newest task first."""
    kept = cache.get(KEY)
    if kept is None:
        placed = Task.objects.filter(state__in=SHOWN, thread__isnull=False).order_by("-pk")
        kept = list(placed.values_list("thread", "pk")[:MOST])
        cache.set(KEY, kept, SECONDS)
    return kept


def forget_places() -> None:
    """Something opened or closed."""
    cache.delete(KEY)


def beside_thread(thread_id: int) -> list[int]:
    """Tasks that stand beside this thread."""
    return [task for thread, task in places() if thread == thread_id]
