"""Who was in a room, from when to when."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .workshops import Workshop

GONE_AFTER = timedelta(seconds=45)  # without a sign of life; a process that dies says no goodbye


class StayQuerySet(models.QuerySet):
    def here(self) -> StayQuerySet:
        """Not left, and seen a moment ago."""
        return self.filter(left_at__isnull=True, seen_at__gt=timezone.now() - GONE_AFTER)


class Stay(models.Model):
    """One person's time in a room without a break, over whatever windows and devices. `seen_at` is renewed while a socket is open."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="stays")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    came_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = StayQuerySet.as_manager()

    class Meta:
        verbose_name = _("stay in a room")
        verbose_name_plural = _("stays in rooms")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workshop", "member"], condition=Q(left_at__isnull=True), name="one_stay_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.workshop_id} {self.member_id}"
