"""Voices of a room: each person's own, recorded on the own device, so that who withdraws takes the own part along (W15)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .workshops import Workshop


class RecordedVoiceQuerySet(models.QuerySet):
    def visible_to(self, user) -> RecordedVoiceQuerySet:
        """To those who sit in the room, as long as who speaks leaves it there."""
        return self.filter(workshop__in=Workshop.objects.entered_by(user), withdrawn_at__isnull=True)


def place_of(voice: RecordedVoice, name: str) -> str:
    """Beside no other file: the token of the room and a number that nobody guesses."""
    return f"recordings/{voice.workshop.token}/{voice.op_id}"


class RecordedVoice(models.Model):
    """One stretch of one person's sound. Withdrawn, the file is deleted and the row says that it was."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="voices")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    op_id = models.UUIDField()
    file = models.FileField(upload_to=place_of, blank=True)
    content_type = models.CharField(max_length=40)
    begun_at = models.DateTimeField()
    seconds = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = RecordedVoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("recorded voice")
        verbose_name_plural = _("recorded voices")
        ordering: ClassVar = ["begun_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workshop", "member", "op_id"], name="one_voice_per_room_member_and_operation"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(file=""), name="a_withdrawn_voice_keeps_no_file"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workshop_id} {self.member_id} {self.begun_at:%H:%M}"

    @property
    def minutes(self) -> int:
        """Whole ones, at least one."""
        return max(1, round(self.seconds / 60))

    def get_absolute_url(self) -> str:
        return reverse("recorded_voice", args=[self.pk])
