"""Who reads a board, and whether it is read before or after it is seen."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BoardVisibility(models.TextChoices):
    PUBLIC = "public", _("Everyone")
    MEMBERS = "members", _("Signed-in members")
    STAFF = "staff", _("Staff only")


class ReviewMode(models.TextChoices):
    """先发后审 or 先审后发: the brand chooses per board."""

    AFTER = "after", _("Posted first, reviewed after")
    BEFORE = "before", _("Reviewed first, then posted")
