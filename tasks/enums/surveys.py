"""Kinds of questions, privacy, who reads the results, and what became of a response."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class QuestionType(models.TextChoices):
    """`image`: one of several, each with a picture."""

    SINGLE = "single", _("One of several")
    MULTIPLE = "multiple", _("Several of several")
    IMAGE = "image", _("One of several pictures")
    RATING = "rating", _("Rating")
    NPS = "nps", _("Would recommend, 0 to 10")
    RANKING = "ranking", _("Put in order")
    MATRIX = "matrix", _("Several rows on one scale")
    NUMBER = "number", pgettext_lazy("question", "Number")
    TEXT = "text", _("A few words")
    LONG_TEXT = "long_text", _("In own words, at length")
    PHOTO = "photo", _("Photo")
    MAXDIFF = "maxdiff", _("Best and worst of a few, several times")
    PAIRWISE = "pairwise", _("One of two, several times")


class Privacy(models.TextChoices):
    """What becomes of a name. Told before anybody answers, and fixed with the first answer that is begun."""

    IDENTIFIED = "identified", _("With the name")
    CONFIDENTIAL = "confidential", _("Confidential")
    ANONYMOUS = "anonymous", _("Anonymous")


class ResultsPromise(models.TextChoices):
    """Told before anybody answers, kept by one gate for page, API, live and letters."""

    AFTER_ANSWER = "after_answer", _("Everybody who answered, at once")
    AFTER_CLOSE = "after_close", _("Everybody who was asked, after the end")
    STAFF = "staff", _("The brand's staff only")
    NEVER = "never", _("Only those who analyse it")


class ResponseState(models.TextChoices):
    """Only what counts stands in results. Over a quota: kept and thanked, and not counted."""

    COUNTED = "counted", _("Counted")
    OVER_QUOTA = "over_quota", _("Over the quota")
