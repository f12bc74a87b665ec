"""Kinds of questions, and who reads the results."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class QuestionType(models.TextChoices):
    """`image`: one of several, each with a picture."""

    SINGLE = "single", _("One of several")
    IMAGE = "image", _("One of several pictures")


class ResultsPromise(models.TextChoices):
    """Told before anybody answers, kept by one gate for page, API, live and letters."""

    AFTER_ANSWER = "after_answer", _("Everybody who answered, at once")
    AFTER_CLOSE = "after_close", _("Everybody who was asked, after the end")
    STAFF = "staff", _("The brand's staff only")
    NEVER = "never", _("Only those who analyse it")
