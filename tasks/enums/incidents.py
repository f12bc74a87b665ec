"""What can happen at an event that must be written down (I20)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class IncidentKind(models.TextChoices):
    """The first question of whoever reads a report. What is none of the first four is OTHER."""

    INJURY = "injury", pgettext_lazy("incident", "Somebody is hurt or ill")
    DAMAGE = "damage", pgettext_lazy("incident", "Something is damaged")
    WEATHER = "weather", pgettext_lazy("incident", "Weather")
    LOST_CHILD = "lost_child", pgettext_lazy("incident", "A child is missing")
    OTHER = "other", pgettext_lazy("incident", "Something else")
