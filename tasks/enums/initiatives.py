"""States of a proposal and of what the brand lends, kinds of what is asked (research: §1D)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProposalState(models.TextChoices):
    """Each is a promise to who proposed. IN_REVIEW: somebody reads it, an answer is due. Silence never declines."""

    DRAFT = "draft", pgettext_lazy("proposal", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("proposal", "Submitted")
    IN_REVIEW = "in_review", pgettext_lazy("proposal", "In review")
    CHANGES_ASKED = "changes_asked", pgettext_lazy("proposal", "Changes asked")
    ENDORSED = "endorsed", pgettext_lazy("proposal", "Endorsed")
    DECLINED = "declined", pgettext_lazy("proposal", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "Withdrawn")


class AskKind(models.TextChoices):
    """What a KOC asks of the brand."""

    NAME = "name", _("The name: officially endorsed")
    MONEY = "money", _("Money")
    MATERIAL = "material", _("Material: flags, gifts, cars to try")
    STAGE = "stage", _("The stage: official channels")


class SupportKind(models.TextChoices):
    """How a member stands behind a proposal."""

    COMES = "comes", _("I would come")
    HELPS = "helps", _("I would help")


class Verdict(models.TextChoices):
    """How an approver decides."""

    FULL = "full", pgettext_lazy("decision", "Endorsed")
    CONDITIONAL = "conditional", pgettext_lazy("decision", "Endorsed on conditions")
    DECLINED = "declined", pgettext_lazy("decision", "Declined")


class EndorsementState(models.TextChoices):
    """What the brand lends, now. SUSPENDED: the KOC has a week to answer. EXPIRED: some time after the last event."""

    ACTIVE = "active", pgettext_lazy("endorsement", "In force")
    SUSPENDED = "suspended", pgettext_lazy("endorsement", "Suspended")
    REVOKED = "revoked", pgettext_lazy("endorsement", "Revoked")
    EXPIRED = "expired", pgettext_lazy("endorsement", "Expired")
