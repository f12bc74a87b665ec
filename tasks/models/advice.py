"""What the advisor was asked, what it proposed, and what it promised: to be compared with what came."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import Goal, Reason, TaskForm
from .tasks import Task


class AdviceQuerySet(models.QuerySet):
    def visible_to(self, user) -> AdviceQuerySet:
        """Staff."""
        return self if user.is_authenticated and user.is_staff else self.none()


class Advice(models.Model):
    """Six answers of a colleague and the form that follows from them. The promise stays as it was given."""

    class Starter(models.TextChoices):
        BRAND = "brand", _("We do")
        OWNER = "owner", _("A KOC does")

    goal = models.CharField(max_length=12, choices=Goal.choices)
    options_known = models.BooleanField()
    reason = models.CharField(max_length=8, choices=Reason.choices)
    days = models.PositiveSmallIntegerField()
    confidential = models.BooleanField()
    starter = models.CharField(max_length=8, choices=Starter.choices)
    decision = models.CharField(max_length=300, blank=True)
    criteria = models.JSONField(default=dict)

    form = models.CharField(max_length=12, choices=TaskForm.choices)
    second = models.CharField(max_length=12, choices=TaskForm.choices)
    because = models.JSONField(default=list, help_text=_("Codes of the rules that spoke, for each form."))
    warnings = models.JSONField(default=list)
    frame = models.PositiveIntegerField(help_text=_("Members who fit the audience."))
    answers = models.PositiveIntegerField(help_text=_("Answers to expect."))
    rate = models.DecimalField(
        max_digits=4, decimal_places=3, help_text=_("Share of the audience that usually answers.")
    )
    margin = models.DecimalField(
        max_digits=4,
        decimal_places=1,
        null=True,
        help_text=_("Percentage points to either side, for a share of one half."),
    )
    minutes = models.DecimalField(max_digits=6, decimal_places=1, help_text=_("Minutes of each person."))
    staff_hours = models.DecimalField(max_digits=5, decimal_places=1)
    task = models.OneToOneField(Task, null=True, blank=True, on_delete=models.SET_NULL, related_name="advice")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = AdviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("advice")
        verbose_name_plural = _("advice")
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_goal_display()}: {self.get_form_display()}"
