"""The door of a task."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from ..models import Task


def task_or_404(user: Any, pk: int) -> Task:
    """A task that this person may know of, with what its page needs."""
    tasks = Task.objects.visible_to(user).select_related("audience", "report", "thread", "parent", "created_by")
    return get_object_or_404(tasks, pk=pk)
