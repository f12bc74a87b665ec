"""Roles of staff, levels of KOC."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member of staff is here for. Owners have none."""

    NONE = "", _("Owner")
    OPERATOR = "operator", _("Community operator")
    RESEARCHER = "researcher", _("User researcher")
    ENGINEER = "engineer", _("Engineer")
    APPROVER = "approver", _("Approver")
    FINANCE = "finance", _("Finance")
    ADMIN = "admin", _("Administrator")


class KocLevel(models.TextChoices):
    """The standing that people, not formulas, grant."""

    NONE = "", _("Owner")
    CANDIDATE = "candidate", _("KOC candidate")
    KOC = "koc", _("KOC")
    SENIOR = "senior", _("Senior KOC")
    LEADER = "leader", _("KOC leader")

    @property
    def rank(self) -> int:
        """0 for none … 4 for leader, for "at least this level"."""
        return list(type(self)).index(self)
