"""The doors of tasks: what an address names, as far as this person may see it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from kocforum.forum.models import Thread

from ..models import Advice, Task


def task_or_404(user: Any, pk: int) -> Task:
    """A task that this person may know of, with what its page needs."""
    tasks = Task.objects.visible_to(user).select_related("audience", "report", "thread", "parent", "created_by")
    return get_object_or_404(tasks, pk=pk)


def sources(request: HttpRequest) -> tuple[Advice | None, Task | None, Thread | None]:
    """Where a new draft comes from: an advice that is not used yet, the task of the wave before, a thread."""
    user, named = request.user, {name: number_in(request.GET.get(name)) for name in ("advice", "parent", "thread")}
    return (
        Advice.objects.visible_to(user).filter(pk=named["advice"], task__isnull=True).first(),
        Task.objects.visible_to(user).select_related("audience").filter(pk=named["parent"]).first(),
        Thread.objects.visible_to(user).listed().filter(pk=named["thread"]).first(),
    )


def number_in(text: str | None) -> int:
    """The number of a row in an address or a form; 0, which is nobody's, for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0
