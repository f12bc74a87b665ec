"""What tasks hang beside threads: the question that stands there, and for researchers the way to ask all owners about it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kocforum.ui.links import Link
from kocforum.ui.panels import Panel

from .queries import placing
from .rules.tasks import can_ask


def beside_thread(user: Any, thread: Any) -> list[Link]:
    """Is it common? A question to owners, drafted from this thread."""
    if not user.is_authenticated or not can_ask(user):
        return []
    return [Link(_("Ask owners about it"), f"{reverse('poll_new')}?thread={thread.pk}")]


def panel_beside_thread(number: int) -> list[Panel]:
    """The newest task that stands beside the thread; the panel shows all of them to whom they concern."""
    tasks = placing.beside_thread(number)
    if not tasks:
        return []
    return [Panel(_("The brand asks"), reverse("task", args=[tasks[0]]), reverse("tasks_beside", args=[number]))]
