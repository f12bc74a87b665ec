"""Steps of a project: what is to be reached until when, and what was."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .initiatives import Initiative


class MilestoneQuerySet(models.QuerySet):
    def visible_to(self, user) -> MilestoneQuerySet:
        """With the initiative."""
        return self.filter(initiative__in=Initiative.objects.visible_to(user))

    def waiting(self) -> MilestoneQuerySet:
        return self.filter(reached_at__isnull=True)


class Milestone(models.Model):
    """One step. Reached once, and then it stays as it was told."""

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="milestones")
    what = models.CharField(_("what is to be reached"), max_length=160)
    due_on = models.DateField(_("until"), null=True, blank=True)
    words = models.CharField(_("how it went"), max_length=600, blank=True)
    reached_at = models.DateTimeField(null=True, blank=True)
    reached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering: ClassVar = [models.F("due_on").asc(nulls_last=True), "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reached_at__isnull=False) | Q(words="", reached_by__isnull=True),
                name="only_what_was_reached_is_told",
            )
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def is_late(self) -> bool:
        return self.reached_at is None and self.due_on is not None and self.due_on < timezone.localdate()
