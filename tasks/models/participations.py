"""Who took part in a task, whatever its form."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .tasks import Task


class ParticipationQuerySet(models.QuerySet):
    def visible_to(self, user) -> ParticipationQuerySet:
        """One's own."""
        return self.filter(member_id=user.pk) if user.is_authenticated else self.none()


class Participation(models.Model):
    """A member took part. Known to the day and no finer, and it holds nothing of what was said."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="participations")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    seconds = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("From opening the question to sending the answer, where it was measured.")
    )

    # Said of the row by the action that just wrote it.
    fresh = False
    over_quota = False

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "member"], name="one_participation_per_task_and_member")
        ]
        indexes: ClassVar = [models.Index(fields=["member", "-on"], name="participations_of_member")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.member_id}"
