"""When a report or a topic reached each stage of the river. Rebuildable from the facts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..enums import RiverStage
from .reports import Report
from .topics import Topic


class Stage(models.Model):
    """A report or topic reached a stage at a time; the note says what it stands at now ("47 corroborations")."""

    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.CASCADE, related_name="stages")
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.CASCADE, related_name="stages")
    stage = models.PositiveSmallIntegerField(choices=RiverStage.choices)
    reached_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["stage"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(report__isnull=True) ^ Q(topic__isnull=True), name="a_stage_of_a_report_or_of_a_topic"
            ),
            models.UniqueConstraint(
                fields=["report", "stage"], condition=Q(report__isnull=False), name="one_row_per_report_and_stage"
            ),
            models.UniqueConstraint(
                fields=["topic", "stage"], condition=Q(topic__isnull=False), name="one_row_per_topic_and_stage"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["stage", "reached_at"], name="stage_over_time")]

    def __str__(self) -> str:
        return self.get_stage_display()
