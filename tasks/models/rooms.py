"""The log of a room: everything that happened in it, in one order. Only added to; the state of the room follows from it alone."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .workshops import Workshop

ROOM_PICTURES = "room_event"  # the kind of their pictures


class RoomEventQuerySet(models.QuerySet):
    def shown_to(self, user) -> RoomEventQuerySet:
        """Those whose pictures this person may see: in rooms where they sit, the own, and of others what is not kept from them any
        more: whatever the veil of a round of writing covered is told by the next phase (W13)."""
        moved_on = RoomEvent.objects.filter(workshop=OuterRef("workshop"), kind="phase.move", seq__gt=OuterRef("seq"))
        told = Q(veil__isnull=True) | Q(actor=user.pk) | Exists(moved_on)
        return self.filter(told, workshop__in=Workshop.objects.entered_by(user))


class RoomEvent(models.Model):
    """What one person did. `veil`: from whom it is kept: none from nobody, a number from all others while the notes of that round are
    written in private, −1 from all others for good (a single vote)."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveBigIntegerField()
    op_id = models.UUIDField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=20)
    payload = models.JSONField(default=dict)
    veil = models.SmallIntegerField(null=True, blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = RoomEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event of a room")
        verbose_name_plural = _("events of rooms")
        ordering: ClassVar = ["seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workshop", "seq"], name="one_event_per_room_and_number"),
            models.UniqueConstraint(
                fields=["workshop", "op_id", "actor"], name="one_event_per_room_operation_and_actor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workshop_id} #{self.seq} {self.kind}"
