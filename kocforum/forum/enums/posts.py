"""What a thread is, what a post is, and who can see it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ThreadKind(models.TextChoices):
    TALK = "talk", _("Discussion")
    REPORT = "report", _("Report")


class PostKind(models.TextChoices):
    OPENING = "opening", _("Opening post")
    REPLY = "reply", _("Reply")
    CORROBORATION = "corroboration", _("Corroboration")
    VERIFICATION = "verification", _("Verification")
    OFFICIAL = "official", _("Official answer")


class PostState(models.TextChoices):
    """Of a post, and of a thread through its opening post. What is not visible keeps its number as a tombstone."""

    VISIBLE = "visible", _("Visible")
    PENDING = "pending", _("Waiting for review")
    HIDDEN = "hidden", _("Hidden by moderation")
    REMOVED = "removed", _("Withdrawn by its author")
