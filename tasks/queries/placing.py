"""Which open tasks stand beside a thread or on the front page: asked on every page, so kept for a moment."""

from __future__ import annotations

from django.core.cache import cache

from ..enums import TaskState
from ..models import Task

KEY = "tasks.places"
SECONDS = 60


def places() -> dict[str, list]:
    """`threads`: pairs of thread and task; `front`: tasks. Of what is open or was reported lately; newest first."""
    kept = cache.get(KEY)
    if kept is None:
        shown = Task.objects.filter(
            state__in=[TaskState.OPEN, TaskState.CLOSED, TaskState.ANALYSED, TaskState.REPORTED]
        )
        threads = shown.filter(thread__isnull=False).order_by("-pk").values_list("thread", "pk")[:500]
        front = Task.objects.filter(state=TaskState.OPEN, on_front=True).order_by("-pk").values_list("pk", flat=True)
        kept = {"threads": list(threads), "front": list(front[:5])}
        cache.set(KEY, kept, SECONDS)
    return kept


def forget_places() -> None:
    """Something opened or closed."""
    cache.delete(KEY)


def beside_thread(thread_id: int) -> list[int]:
    """Tasks that stand beside this thread."""
    return [task for thread, task in places()["threads"] if thread == thread_id]
