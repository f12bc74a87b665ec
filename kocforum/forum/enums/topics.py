"""Life of a topic and of the invitation to host it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TopicState(models.TextChoices):
    OPEN = "open", _("Gathering")
    CLOSED = "closed", _("Closed")


class InvitationState(models.TextChoices):
    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")


class SortedAs(models.TextChoices):
    """What a host makes of a reply in the tray."""

    FOR = "for", _("Speaks for the claim")
    AGAINST = "against", _("Speaks against the claim")
    CONDITION = "condition", _("Adds a condition")
    HELPS = "helps", _("Says what helps")
    ASIDE = "aside", _("Not about this")
