"""What those who met say to each other after the room."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import WordKind
from .workshops import Workshop


class RoomWordQuerySet(models.QuerySet):
    def visible_to(self, user) -> RoomWordQuerySet:
        """To those who sit in the room, and nobody else."""
        return self.filter(workshop__in=Workshop.objects.entered_by(user))


class RoomWord(models.Model):
    """One word in the private thread of a room. Taken back, its place stays empty."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="words")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=8, choices=WordKind.choices, default=WordKind.TALK)
    text = models.TextField(_("text"), max_length=4000, blank=True)
    at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = RoomWordQuerySet.as_manager()

    class Meta:
        verbose_name = _("word after a room")
        verbose_name_plural = _("words after rooms")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=False) | ~Q(text=""), name="a_word_says_something_or_is_taken_back"
            )
        ]

    def __str__(self) -> str:
        return f"{self.workshop_id} #{self.pk}"
