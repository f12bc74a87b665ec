"""Structured questions: the instrument. What people answered stands in `responses`."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import Privacy, QuestionType, ResultsPromise
from .tasks import Task


def new_secret() -> str:
    """The key that turns members into pseudonyms of one survey."""
    return secrets.token_hex(32)


class SurveyQuerySet(models.QuerySet):
    def visible_to(self, user) -> SurveyQuerySet:
        """With its task."""
        return self.filter(task__in=Task.objects.visible_to(user))


class Survey(models.Model):
    """The instrument of a task of the form survey: questions, and the promises about names and results."""

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="survey")
    privacy = models.CharField(_("privacy"), max_length=12, choices=Privacy.choices, default=Privacy.CONFIDENTIAL)
    results = models.CharField(
        _("who reads the results"),
        max_length=12,
        choices=ResultsPromise.choices,
        default=ResultsPromise.AFTER_ANSWER,
    )
    amendable = models.BooleanField(_("answers may be changed until the end"), default=True)
    guess = models.JSONField(
        _("our guess"),
        default=dict,
        blank=True,
        help_text=_("By question: whole percent by option, written down before it opens, shown beside the answer."),
    )
    secret = models.CharField(max_length=64, default=new_secret, editable=False)
    version = models.PositiveSmallIntegerField(default=1, help_text=_("Of the wording; answers keep theirs."))
    fixed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("The first answer was begun: from then on the promises do not change.")
    )

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(privacy=Privacy.ANONYMOUS) | Q(amendable=False),
                name="what_is_anonymous_cannot_be_changed_later",
            )
        ]

    def __str__(self) -> str:
        return f"{self.task}"

    @property
    def is_anonymous(self) -> bool:
        return self.privacy == Privacy.ANONYMOUS


class Wording(models.Model):
    """The words of an instrument at one version, whole, as people saw it. Only added to."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="wordings")
    version = models.PositiveSmallIntegerField()
    questions = models.JSONField(help_text=_("As they are exported."))
    changes = models.JSONField(default=list, help_text=_("[place, before, after] of each line that changed."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering: ClassVar = ["version"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "version"], name="one_wording_per_version")]

    def __str__(self) -> str:
        return f"{self.survey_id} v{self.version}"


class Question(models.Model):
    """One question under a key that never changes its meaning."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=40)
    type = models.CharField(max_length=12, choices=QuestionType.choices, default=QuestionType.SINGLE)
    text = models.CharField(_("question"), max_length=200)
    help = models.CharField(_("beneath it"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    page = models.PositiveSmallIntegerField(_("page"), default=1)
    required = models.BooleanField(_("must be answered"), default=False)
    low = models.IntegerField(_("from"), null=True, blank=True)
    high = models.IntegerField(_("to"), null=True, blank=True)
    low_label = models.CharField(_("words at the low end"), max_length=40, blank=True)
    high_label = models.CharField(_("words at the high end"), max_length=40, blank=True)
    show_if = models.JSONField(_("shown if"), null=True, blank=True)
    shuffled = models.BooleanField(_("options in a new order for each person"), default=False)
    most = models.PositiveSmallIntegerField(_("at most so many"), null=True, blank=True)
    cannot_judge = models.BooleanField(_("“cannot judge” may be answered"), default=False)

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
    exclusive = models.BooleanField(_("excludes all others"), default=False)
    words = models.BooleanField(_("asks for own words"), default=False)
    retired = models.BooleanField(
        _("retired"), default=False, help_text=_("Nobody chooses it any more; who chose it stays counted.")
    )
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


class QuotaCell(models.Model):
    """So many at most: of those who choose an option, or who drive a model, run a version, stand on a level; or all of it."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="cells")
    option = models.ForeignKey(Option, null=True, blank=True, on_delete=models.CASCADE, related_name="cells")
    model = models.CharField(max_length=40, blank=True)
    version = models.CharField(max_length=40, blank=True)
    koc_level = models.CharField(max_length=12, blank=True)
    limit = models.PositiveIntegerField(_("at most"))
    used = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(used__lte=F("limit")), name="never_over_a_quota"),
            models.UniqueConstraint(
                fields=["survey", "model", "version", "koc_level"],
                condition=Q(option__isnull=True),
                name="one_quota_per_kind_of_person",
            ),
            models.UniqueConstraint(
                fields=["option", "model", "version", "koc_level"],
                condition=Q(option__isnull=False),
                name="one_quota_per_option_and_kind_of_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.used}/{self.limit}"


class BankQuestion(models.Model):
    """A question that was asked well and may be asked again, as it is exported."""

    title = models.CharField(_("title"), max_length=120)
    body = models.JSONField(help_text=_("One question as it is exported."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("question of the bank")
        verbose_name_plural = _("question bank")
        ordering: ClassVar = ["title", "id"]

    def __str__(self) -> str:
        return self.title
