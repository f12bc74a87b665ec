"""What a room left to be done: the groups that were chosen, and who does what until when."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import ResultKind, ResultState
from .workshops import Workshop

UNFINISHED = (ResultState.OPEN, ResultState.DOING)


class RoomResultQuerySet(models.QuerySet):
    def visible_to(self, user) -> RoomResultQuerySet:
        """To those who sit in the room, and to colleagues, who act on it."""
        if user.is_authenticated and user.is_staff:
            return self
        return self.filter(workshop__in=Workshop.objects.entered_by(user))

    def unfinished(self) -> RoomResultQuerySet:
        return self.filter(state__in=UNFINISHED)

    def unanswered(self) -> RoomResultQuerySet:
        """Chosen, with neither a ticket nor an end nor a "no, because" (W19)."""
        return self.unfinished().filter(kind=ResultKind.CHOSEN, taken_up_at__isnull=True)

    def due_to_remind(self) -> RoomResultQuerySet:
        """Due tomorrow or before, and the owner was not reminded."""
        soon = timezone.localdate() + timedelta(days=1)
        return self.unfinished().filter(due__lte=soon, owner__isnull=False, reminded_at__isnull=True)


class RoomResult(models.Model):
    """`number`: of the event that made the group or the action item; `owners`, `staff`: how its group was voted. `taken_up_at`: since when a ticket rests on it."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="results")
    kind = models.CharField(max_length=8, choices=ResultKind.choices)
    number = models.PositiveBigIntegerField()
    title = models.CharField(max_length=200)
    why = models.CharField(max_length=400, blank=True)
    owners = models.PositiveIntegerField(_("votes of owners"), default=0)
    staff = models.PositiveIntegerField(_("votes of the brand"), default=0)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    due = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=ResultState.choices, default=ResultState.OPEN)
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    taken_up_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField(default=timezone.now)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = RoomResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("result of a room")
        verbose_name_plural = _("results of rooms")
        ordering: ClassVar = ["-kind", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workshop", "kind", "number"], name="one_result_per_room_kind_and_number"),
            models.CheckConstraint(
                condition=~Q(state=ResultState.DROPPED) | ~Q(reason=""), name="what_is_dropped_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where colleagues find it."""
        return f"{reverse('desk_task', args=[self.workshop.task_id])}#result-{self.pk}"

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    @property
    def is_late(self) -> bool:
        return self.is_unfinished and self.due is not None and self.due < timezone.localdate()
