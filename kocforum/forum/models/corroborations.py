"""Another owner's standing answer to a report."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kocforum.garage.models import Vehicle

from ..enums import PostState, Stance
from .observations import Observation
from .posts import Post
from .reports import Report


class CorroborationQuerySet(models.QuerySet):
    def visible_to(self, user) -> CorroborationQuerySet:
        """Corroborations whose post this person may read."""
        return self.filter(post__in=Post.objects.visible_to(user))

    def standing(self) -> CorroborationQuerySet:
        """The answers that count: not withdrawn, and their post is visible."""
        return self.filter(withdrawn_at__isnull=True, post__state=PostState.VISIBLE)


class Corroboration(models.Model):
    """One vehicle's answer to one report, changeable, with its history. The words are a numbered post of the thread."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="corroborations")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="+")
    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="corroboration")
    observation = models.OneToOneField(Observation, on_delete=models.PROTECT, related_name="corroboration")
    stance = models.CharField(max_length=10, choices=Stance.choices)
    action = models.CharField(_("what helps"), max_length=200, blank=True)
    before_attempts = models.PositiveIntegerField(null=True, blank=True)
    before_failures = models.PositiveIntegerField(null=True, blank=True)
    after_attempts = models.PositiveIntegerField(null=True, blank=True)
    after_failures = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = CorroborationQuerySet.as_manager()

    class Meta:
        verbose_name = _("corroboration")
        verbose_name_plural = _("corroborations")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "vehicle"], name="one_standing_answer_per_report_and_vehicle"),
            models.CheckConstraint(
                condition=Q(before_attempts__isnull=True) | Q(before_failures__lte=F("before_attempts")),
                name="no_more_failures_than_attempts_before",
            ),
            models.CheckConstraint(
                condition=Q(after_attempts__isnull=True) | Q(after_failures__lte=F("after_attempts")),
                name="no_more_failures_than_attempts_after",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.stance}"


class CorroborationRevision(models.Model):
    """What a corroboration said before its owner changed it."""

    corroboration = models.ForeignKey(Corroboration, on_delete=models.CASCADE, related_name="revisions")
    said = models.JSONField()
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.corroboration_id} {self.replaced_at}"
