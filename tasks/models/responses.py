"""Who answered what, under which name: none, a pseudonym of this survey alone, or the own."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import ResponseState
from .surveys import QuotaCell, Survey


class ResponseQuerySet(models.QuerySet):
    def counted(self) -> ResponseQuerySet:
        """Those that stand in results."""
        return self.filter(state=ResponseState.COUNTED)


class Response(models.Model):
    """What one person answered. One row per person, by constraint.

    Confidential: `respondent` is the HMAC of the member under the survey's secret. Identified: `member` besides.
    Anonymous: `respondent` is drawn, and neither member, moment, seconds nor seed is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="responses")
    respondent = models.CharField(max_length=64)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    anonymous = models.BooleanField(default=False)
    answers = models.JSONField(default=dict, help_text=_("By key of the question; null: seen and not answered."))
    facts = models.JSONField(default=dict, help_text=_("Car, version, level and city, as they were at the start."))
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=ResponseState.choices, default=ResponseState.COUNTED)
    late = models.BooleanField(default=False)
    seed = models.PositiveIntegerField(null=True, help_text=_("Of the order in which options were shown."))
    seconds = models.PositiveIntegerField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, default=timezone.now)
    revision = models.PositiveSmallIntegerField(default=0, help_text=_("How often it was written."))

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "respondent"], name="one_response_per_person"),
            models.CheckConstraint(
                condition=Q(anonymous=False)
                | Q(
                    member__isnull=True,
                    submitted_at__isnull=True,
                    seconds__isnull=True,
                    seed__isnull=True,
                    late=False,
                    revision=1,
                ),
                name="an_anonymous_response_knows_nobody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id}"


class BallotBox(models.Model):
    """Anonymous responses before they are mixed: one row, in no order, from which nobody's is told apart."""

    survey = models.OneToOneField(Survey, on_delete=models.CASCADE, related_name="box")
    ballots = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.survey_id}"


class ResponseDraft(models.Model):
    """What somebody has begun to answer, on whichever device. Gone when it is sent."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="drafts")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    answers = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    version = models.PositiveSmallIntegerField(default=1)
    page = models.PositiveSmallIntegerField(default=1)
    seed = models.PositiveIntegerField()
    started_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    # Said of the row by the action that just wrote it: a quota in which it stands has no place left.
    full = False

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "member"], name="one_draft_per_person")]

    def __str__(self) -> str:
        return f"{self.survey_id}"


class QuotaHold(models.Model):
    """A place of a quota that is kept for somebody who is answering, for half an hour from the last saving."""

    cell = models.ForeignKey(QuotaCell, on_delete=models.CASCADE, related_name="holds")
    draft = models.ForeignKey(ResponseDraft, on_delete=models.CASCADE, related_name="holds")
    until = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["cell", "draft"], name="one_hold_per_cell_and_draft")]

    def __str__(self) -> str:
        return f"{self.cell_id}"
