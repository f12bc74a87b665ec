"""Structured questions: the instrument, and who answered what under which pseudonym."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import QuestionType, ResultsPromise
from .tasks import Task


def new_secret() -> str:
    """The key that turns members into pseudonyms of one survey."""
    return secrets.token_hex(32)


class SurveyQuerySet(models.QuerySet):
    def visible_to(self, user) -> SurveyQuerySet:
        """With its task."""
        return self.filter(task__in=Task.objects.visible_to(user))


class Survey(models.Model):
    """The instrument of a task of the form survey: questions, and the promise about the results."""

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="survey")
    results = models.CharField(
        _("who reads the results"),
        max_length=12,
        choices=ResultsPromise.choices,
        default=ResultsPromise.AFTER_ANSWER,
    )
    guess = models.JSONField(
        _("our guess"),
        default=dict,
        blank=True,
        help_text=_("Whole percent by option, written down before it opens, shown beside the answer."),
    )
    secret = models.CharField(max_length=64, default=new_secret, editable=False)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")

    def __str__(self) -> str:
        return f"{self.task}"


class Question(models.Model):
    """One question under a key that never changes its meaning."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=40)
    type = models.CharField(max_length=12, choices=QuestionType.choices, default=QuestionType.SINGLE)
    text = models.CharField(_("question"), max_length=200)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "key"], name="one_question_per_key")]

    def __str__(self) -> str:
        return self.text

    @property
    def has_pictures(self) -> bool:
        return self.type == QuestionType.IMAGE


class Option(models.Model):
    """One answer to choose. Its picture, where it has one, is an upload attached to it, or to the option of an earlier wave."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="options")
    key = models.SlugField(max_length=40)
    label = models.CharField(_("option"), max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    picture_from = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="waves",
        help_text=_("The option of an earlier wave whose picture this one shows."),
    )

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["question", "key"], name="one_option_per_key")]

    def __str__(self) -> str:
        return self.label

    @property
    def pictured(self) -> int:
        """The number of the option to which the picture is attached."""
        return self.picture_from_id or self.pk


class Response(models.Model):
    """What one person answered, under a pseudonym of this survey alone. One row per person, by constraint."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="responses")
    respondent = models.CharField(max_length=64, help_text=_("HMAC of the member under the survey's secret."))
    submitted_at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveSmallIntegerField(default=0, help_text=_("How often it was written."))

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "respondent"], name="one_response_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.survey_id}"


class Answer(models.Model):
    """One chosen option of a response."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    option = models.ForeignKey(Option, on_delete=models.PROTECT, related_name="answers")

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["response", "question", "option"], name="one_answer_per_option")
        ]

    def __str__(self) -> str:
        return f"{self.response_id} {self.option_id}"
