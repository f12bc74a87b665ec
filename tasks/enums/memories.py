"""States of what somebody keeps of the day of an event."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class MemoryState(models.TextChoices):
    """HELD: a moderator has a look first. HIDDEN: by the organisers. MODERATED: by moderation, and no organiser shows it again.
    REMOVED: its author took it down; nothing of it is kept."""

    SHOWN = "shown", pgettext_lazy("memory", "Shown")
    HELD = "held", pgettext_lazy("memory", "Waits for a look")
    HIDDEN = "hidden", pgettext_lazy("memory", "Hidden by the organisers")
    MODERATED = "moderated", pgettext_lazy("memory", "Hidden by moderation")
    REMOVED = "removed", pgettext_lazy("memory", "Taken down")
