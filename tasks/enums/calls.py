"""Kinds and rounds of a call, states of an entry, kinds of replies (research: §1B)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CallKind(models.TextChoices):
    """Who writes at length: every owner, or a few who were asked first while the others join the talk."""

    OPEN = "open", _("Every owner may write")
    INVITED = "invited", _("Invited people write first")


class Round(models.TextChoices):
    """What an open call is in. WRITING: entries are written, and where it is sealed nobody reads another's. DISCUSSING:
    they are open, the community joins. CONVERGING: statements are voted on, writers say what changed in their view."""

    WRITING = "writing", pgettext_lazy("round", "Writing")
    DISCUSSING = "discussing", pgettext_lazy("round", "Talking")
    CONVERGING = "converging", pgettext_lazy("round", "Drawing together")


class EntryState(models.TextChoices):
    """BEGUN: nobody but its writers knows its words. GIVEN: read as the call promises. RETURNED: its writer is asked to
    answer what was left out. PENDING and HIDDEN: with the moderators. WITHDRAWN: a tombstone."""

    BEGUN = "begun", pgettext_lazy("entry", "Being written")
    GIVEN = "given", pgettext_lazy("entry", "Given")
    RETURNED = "returned", pgettext_lazy("entry", "Returned")
    PENDING = "pending", pgettext_lazy("entry", "Waits for a moderator")
    HIDDEN = "hidden", pgettext_lazy("entry", "Hidden by moderation")
    WITHDRAWN = "withdrawn", pgettext_lazy("entry", "Withdrawn")


class ReplyKind(models.TextChoices):
    """How a reply stands to the entry."""

    ADDS = "adds", _("Adds")
    CONFIRMS = "confirms", _("My car too")
    DIFFERS = "differs", _("I see it differently")
    ASKS = "asks", _("Asks")


class Readers(models.TextChoices):
    """Who reads a task besides staff. ASKED: who is asked, which is everybody where nobody is singled out."""

    ASKED = "asked", _("Who is asked")
    EVERYBODY = "everybody", _("Everybody")
    CONFIDENTIAL = "confidential", _("Only who is asked, and nowhere a word of it")
