"""The six stages of the river."""

from django.db import models
from django.utils.translation import pgettext_lazy


class RiverStage(models.IntegerChoices):
    """Where a piece of information stands on its way. A success ends at RELEASED, as kept or adopted."""

    RECORDED = 1, pgettext_lazy("river", "Recorded")
    CORROBORATED = 2, pgettext_lazy("river", "Corroborated")
    GATHERED = 3, pgettext_lazy("river", "Gathered")
    ACCEPTED = 4, pgettext_lazy("river", "Accepted")
    RELEASED = 5, pgettext_lazy("river", "Released")
    VERIFIED = 6, pgettext_lazy("river", "Verified")
