"""Flags, acts of moderation, verdicts of the content check."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FlagReason(models.TextChoices):
    PRIVACY = "privacy", _("Shows a plate, a face or private data")
    ABUSE = "abuse", _("Insults or threatens")
    SPAM = "spam", _("Advertising")
    FALSE = "false", _("Made up")
    DANGER = "danger", _("Dangerous advice")
    OTHER = "other", _("Something else")


class FlagState(models.TextChoices):
    OPEN = "open", _("Open")
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")


class ModerationAct(models.TextChoices):
    HIDE = "hide", _("Hide")
    RESTORE = "restore", _("Restore")
    APPROVE = "approve", _("Approve")
    REFUSE = "refuse", _("Refuse")
    LOCK = "lock", _("Lock")
    UNLOCK = "unlock", _("Unlock")
    MOVE = "move", _("Move")
    PIN = "pin", _("Pin")
    UNPIN = "unpin", _("Unpin")


class ContentVerdict(models.TextChoices):
    """What the content check says of a text before it is seen."""

    PASS = "pass", _("Pass")
    REVIEW = "review", _("Review first")
    REFUSE = "refuse", _("Refuse")
