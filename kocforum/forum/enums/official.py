"""What the brand says in public of a report or a topic. The forum owns the words; who may say them is decided above."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OfficialStatus(models.TextChoices):
    NONE = "", _("No answer yet")
    NOTICED = "noticed", _("Noticed by the brand")
    ACCEPTED = "accepted", _("Handed to engineering")
    WORKING = "working", _("Being worked on")
    NEED_INFO = "need_info", _("More information needed")
    NOT_REPRODUCED = "not_reproduced", _("Not reproduced so far")
    BETA = "beta", _("Fix in beta")
    RELEASED = "released", _("Released, waiting for owners")
    FIRST_CONFIRMED = "first_confirmed", _("Confirmed by the first teller")
    NOT_CONFIRMED = "not_confirmed", _("Not solved for the first teller")
    VERIFIED = "verified", _("Verified by several owners")
    KEPT = "kept", _("Kept as it is")
    ADOPTED = "adopted", _("Adopted")
    SHOWN = "shown", _("Shown")
    DECLINED = "declined", _("Not planned, with the reason")
