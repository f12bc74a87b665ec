"""A report: a thread whose first post is a structured record of one experience."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kocforum.garage.models import FailureMode, Function

from ..enums import PostState, Severity, Venue
from .observations import Observation
from .threads import Thread


class ReportQuerySet(models.QuerySet):
    def visible_to(self, user) -> ReportQuerySet:
        """Reports whose thread this person may open."""
        return self.filter(thread__in=Thread.objects.visible_to(user))

    def counted(self) -> ReportQuerySet:
        """Reports that numbers rest on: public, not withdrawn."""
        return self.filter(thread__state=PostState.VISIBLE, withdrawn_at__isnull=True)


class Report(models.Model):
    """One experience, still data after it is posted. Its words are the opening post of its thread."""

    thread = models.OneToOneField(Thread, on_delete=models.CASCADE, related_name="report")
    observation = models.OneToOneField(Observation, on_delete=models.PROTECT, related_name="report")
    function = models.ForeignKey(Function, on_delete=models.PROTECT, related_name="+")
    failure_mode = models.ForeignKey(FailureMode, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    title_is_own = models.BooleanField(default=False, help_text=_("False: the title writes itself from the fields."))
    severity = models.CharField(max_length=12, choices=Severity.choices, blank=True)
    district = models.CharField(_("district"), max_length=60, blank=True)
    venue = models.CharField(_("kind of place"), max_length=12, choices=Venue.choices, blank=True)
    signals = models.JSONField(_("odd signals"), default=list, blank=True)
    tried = models.JSONField(_("what was tried"), default=list, blank=True)
    completeness = models.PositiveSmallIntegerField(default=0, help_text=_("0 to 10; advice, never a gate."))
    source = models.CharField(max_length=60, blank=True, help_text=_("Where an imported report came from."))
    source_key = models.CharField(max_length=120, blank=True)
    source_version = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["function", "failure_mode"], name="report_by_function")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "source_key"], condition=~models.Q(source=""), name="one_report_per_foreign_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    def get_absolute_url(self) -> str:
        return self.thread.get_absolute_url()


class ReportRevision(models.Model):
    """One field of a report changed: from what to what, by whom, when. Shown to every reader."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="revisions")
    field = models.CharField(max_length=40)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.report_id} {self.field}"
