"""States of a ticket and of a release, and the table of allowed moves (research: ticket state machine)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TicketKind(models.TextChoices):
    DEFECT = "defect", _("Defect")
    STRENGTH = "strength", _("Strength")
    WISH = "wish", _("Wish")


class TicketState(models.TextChoices):
    """Each state is a promise to the person who told. What the public sees of it: `insights.rules.PUBLIC_STATUS`."""

    CANDIDATE = "candidate", _("Candidate")
    TRIAGED = "triaged", _("Triaged")
    DECLINED = "declined", _("Declined")
    MERGED = "merged", _("Merged")
    PROMOTED = "promoted", _("Promoted")
    ROUTED = "routed", _("Routed")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    RETURNED = "returned", _("Returned")
    NEED_INFO = "need_info", _("Information needed")
    NOT_REPRODUCED = "not_reproduced", _("Not reproduced")
    ROOT_CAUSE = "root_cause", _("Root cause confirmed")
    FIX_PLANNED = "fix_planned", _("Fix planned")
    FIX_READY = "fix_ready", _("Fix ready")
    CLEARED = "cleared", _("Cleared")
    BETA = "beta", _("In beta")
    RELEASED = "released", _("Released")
    VERIFIED = "verified", _("Verified")
    PARTIAL = "partial", _("Partly solved")
    NOT_FIXED = "not_fixed", _("Not solved")
    REGRESSED = "regressed", _("Came back")
    KEPT = "kept", _("Kept")
    ADOPTED = "adopted", _("Adopted")
    SHOWN = "shown", _("Shown")
    CLOSED_NO_ACTION = "closed_no_action", _("Closed without action")


class Severity(models.TextChoices):
    S0 = "S0", _("S0 safety")
    S1 = "S1", _("S1 function lost")
    S2 = "S2", _("S2 degraded")
    S3 = "S3", _("S3 comfort or idea")


class ReleaseKind(models.TextChoices):
    SOFTWARE = "software", _("Software version")
    MEASURE = "measure", _("Measure")


class ReleaseState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    BETA = "beta", _("Beta")
    PUBLIC = "public", _("Published")


class OfferState(models.TextChoices):
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Taken")
    DECLINED = "declined", _("Turned down")
    EXPIRED = "expired", _("Expired")


class EvidenceKind(models.TextChoices):
    """What a ticket can rest on. A form of task is a kind of its own, named like the form."""

    THREAD = "thread", _("Thread")
    TOPIC = "topic", _("Topic")
    PASSAGE = "passage", _("Passage")
    SURVEY = "survey", pgettext_lazy("evidence", "Survey")
    QUOTE = "quote", pgettext_lazy("evidence", "Quote")
    RESULT = "result", pgettext_lazy("evidence", "Result of a room")

    @property
    def column(self) -> str:
        """The foreign key of `TicketEvidence` that holds it: whatever its form, a task is a task."""
        return {EvidenceKind.SURVEY: "task", EvidenceKind.RESULT: "room_result"}.get(self, self.value)
