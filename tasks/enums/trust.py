"""Who decided, about what; which promises count, and what became of one and of a contest of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class Side(models.TextChoices):
    """Who decided: the KOC with those whom they chose, or the brand."""

    CREW = "crew", pgettext_lazy("who decided", "KOC and crew")
    BRAND = "brand", pgettext_lazy("who decided", "The brand")


class Area(models.TextChoices):
    """About what somebody decided, in the order in which a project meets it."""

    PLAN = "plan", pgettext_lazy("decided about", "Plan")
    EVENTS = "events", pgettext_lazy("decided about", "Days, places, agenda, seats")
    PEOPLE = "people", pgettext_lazy("decided about", "People")
    WORDS = "words", pgettext_lazy("decided about", "Announcements")
    SPENDING = "spending", pgettext_lazy("decided about", "What to spend on")
    REPORT = "report", pgettext_lazy("decided about", "Report and account")
    ANSWER = "answer", pgettext_lazy("decided about", "Answer to the proposal")
    NAME = "name", pgettext_lazy("decided about", "Endorsement in force or not")
    MONEY = "money", pgettext_lazy("decided about", "Money: release, receipts, settlement")
    LENDING = "lending", pgettext_lazy("decided about", "Material and official channels")


class PromiseKind(models.TextChoices):
    """What a leader promises with an initiative that the brand endorsed."""

    EVENT = "event", pgettext_lazy("promise", "Events took place")
    REPORT = "report", pgettext_lazy("promise", "Told what came of it in time")
    ACCOUNT = "account", pgettext_lazy("promise", "Told what was done with the money in time")
    MATERIAL = "material", pgettext_lazy("promise", "Material came back whole and in time")


class PromiseState(models.TextChoices):
    """OPEN: its day has not come. LEFT_OUT: an approver agreed that it does not count."""

    KEPT = "kept", pgettext_lazy("promise", "Kept")
    BROKEN = "broken", pgettext_lazy("promise", "Not kept")
    OPEN = "open", pgettext_lazy("promise", "Not due yet")
    LEFT_OUT = "left_out", pgettext_lazy("promise", "Does not count")


class ContestState(models.TextChoices):
    """KEPT and LEFT_OUT agree with who contests; with STANDS it counts as before."""

    OPEN = "open", pgettext_lazy("contest", "Waits for an answer")
    KEPT = "kept", pgettext_lazy("contest", "You are right: it counts as kept")
    LEFT_OUT = "left_out", pgettext_lazy("contest", "It does not count")
    STANDS = "stands", pgettext_lazy("contest", "It stands")
