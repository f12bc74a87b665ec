"""After an initiative: how it was for those who came, and what its leader tells everybody."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .events import Event
from .initiatives import Initiative

REPORT_PICTURES = "initiative_report"


class Feedback(models.Model):
    """How an event was, told once by one who came. Who said what is shown to nobody: numbers from five people on, words without names."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="feedback")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    recommend = models.PositiveSmallIntegerField(_("would recommend it, from 0 to 10"))
    words = models.CharField(_("what to keep, what to do differently"), max_length=600, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("how it was")
        verbose_name_plural = _("how it was")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "member"], name="one_feedback_per_event_and_member"),
            models.CheckConstraint(condition=Q(recommend__lte=10), name="recommended_from_0_to_10"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.recommend}"


class InitiativeReportQuerySet(models.QuerySet):
    def visible_to(self, user) -> InitiativeReportQuerySet:
        """Whoever may know the initiative, or one of its events, reads what came of it."""
        events = Event.objects.visible_to(user).filter(opened_at__isnull=False)
        known = Q(initiative__in=Initiative.objects.visible_to(user))
        return self.filter(known | Q(initiative__in=events.values("initiative")))


class InitiativeReport(models.Model):
    """What came of an initiative, told by who leads it. `numbers` are those of the day on which it was told."""

    initiative = models.OneToOneField(Initiative, on_delete=models.CASCADE, related_name="report")
    story = models.TextField(_("what happened"), max_length=6000)
    lessons = models.TextField(_("what the next one should know"), max_length=2000, blank=True)
    numbers = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = InitiativeReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of an initiative")
        verbose_name_plural = _("reports of initiatives")
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.initiative_id}"
