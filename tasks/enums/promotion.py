"""Places on the official channels of the brand (research: §1D)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class PromotionPlace(models.TextChoices):
    """Where the brand speaks of an initiative. FRONT is our own front page and runs by itself."""

    FRONT = "front", pgettext_lazy("promotion", "Front page")
    BANNER = "banner", pgettext_lazy("promotion", "Banner")
    NEWSLETTER = "newsletter", pgettext_lazy("promotion", "Newsletter")
    OTHER = "other", pgettext_lazy("promotion", "Another channel")


class SlotState(models.TextChoices):
    """PLANNED is a promise. RAN: it was there to be seen. PROVED: with a link or a picture of it."""

    PLANNED = "planned", pgettext_lazy("promotion", "Promised")
    RAN = "ran", pgettext_lazy("promotion", "Ran")
    PROVED = "proved", pgettext_lazy("promotion", "Ran, with proof")
    PULLED = "pulled", pgettext_lazy("promotion", "Pulled")
