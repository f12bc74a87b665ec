"""Forms, goals and states of a task (research: one shell around four forms)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TaskForm(models.TextChoices):
    """The four forms in which the brand asks."""

    SURVEY = "survey", _("Structured questions")
    CALL = "call", _("Long conversation")
    WORKSHOP = "workshop", _("Live workshop")
    INITIATIVE = "initiative", _("Initiative of a KOC")


class Goal(models.TextChoices):
    """What the brand wants to reach by asking; the form follows from it."""

    DISTRIBUTION = "distribution", _("Know how many, which, how satisfied")
    DEPTH = "depth", _("Understand why and how")
    IDEAS = "ideas", _("Invent something together")
    EMPOWER = "empower", _("Let the passion of a KOC work")


class TaskState(models.TextChoices):
    """Each state is a promise to those who are asked. REPORTED: they heard what came of it."""

    DRAFT = "draft", pgettext_lazy("task", "Draft")
    SCHEDULED = "scheduled", pgettext_lazy("task", "Scheduled")
    OPEN = "open", pgettext_lazy("task", "Open")
    CLOSED = "closed", pgettext_lazy("task", "Closed")
    ANALYSED = "analysed", pgettext_lazy("task", "Analysed")
    REPORTED = "reported", pgettext_lazy("task", "Reported")
    CANCELLED = "cancelled", pgettext_lazy("task", "Cancelled")


class InvitationState(models.TextChoices):
    """How far a member of the frozen audience was addressed."""

    LISTED = "listed", _("In the audience")
    INVITED = "invited", _("Invited")
    HELD = "held", _("Not disturbed")
    DECLINED = "declined", _("Not for me")


class Reason(models.TextChoices):
    """Whether the answer that is looked for is a number, a reason or a design: the advisor's third question."""

    NUMBER = "number", _("A number")
    WHY = "why", _("A reason")
    DESIGN = "design", _("A design")


class DebtPolicy(models.TextChoices):
    """What happens to new tasks while owed reports are late."""

    WARN = "warn", _("Warn")
    BLOCK = "block", _("Open nothing new")
