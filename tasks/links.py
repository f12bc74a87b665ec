"""What tasks hang beside threads: for researchers, the way to ask all owners about it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kocforum.ui.links import Link

from .rules.tasks import can_ask


def beside_thread(user: Any, thread: Any) -> list[Link]:
    """Is it common? A question to owners, drafted from this thread."""
    if not user.is_authenticated or not can_ask(user):
        return []
    return [Link(_("Ask owners about it"), f"{reverse('poll_new')}?thread={thread.pk}")]
