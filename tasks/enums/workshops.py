"""Ways to meet, phases of a room, roles and states of its seats, how a decision ends (research: §1C)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Meeting(models.TextChoices):
    """Where people meet."""

    ONLINE = "online", _("Online")
    IN_PERSON = "in_person", _("In person")
    HYBRID = "hybrid", _("Both at once")


class Phase(models.TextChoices):
    """Where a room is. LOBBY: nobody writes yet. DIVERGE: notes are written in private. ENDED: the log takes nothing more."""

    LOBBY = "lobby", pgettext_lazy("phase", "Lobby")
    BRIEF = "brief", pgettext_lazy("phase", "Brief")
    DIVERGE = "diverge", pgettext_lazy("phase", "Write alone")
    REVEAL = "reveal", pgettext_lazy("phase", "Reveal")
    CLUSTER = "cluster", pgettext_lazy("phase", "Group")
    VOTE = "vote", pgettext_lazy("phase", "Vote")
    DISCUSS = "discuss", pgettext_lazy("phase", "Discuss")
    DECIDE = "decide", pgettext_lazy("phase", "Decide")
    WRAP = "wrap", pgettext_lazy("phase", "Wrap up")
    ENDED = "ended", pgettext_lazy("phase", "Ended")


class SeatRole(models.TextChoices):
    """What somebody does in the room. An observer is silent and named."""

    HOST = "host", _("Host")
    COHOST = "cohost", _("Co-host")
    SCRIBE = "scribe", _("Scribe")
    EXPERT = "expert", _("Expert")
    KOC = "koc", _("Owner")
    OBSERVER = "observer", _("Observer")


class SeatState(models.TextChoices):
    """STANDBY: said yes when all seats were taken, and moves up when somebody says no."""

    INVITED = "invited", pgettext_lazy("seat", "Invited")
    ACCEPTED = "accepted", pgettext_lazy("seat", "Coming")
    STANDBY = "standby", pgettext_lazy("seat", "On the waiting list")
    DECLINED = "declined", pgettext_lazy("seat", "Not coming")


class RoomVerdict(models.TextChoices):
    """What becomes of a group of notes."""

    CHOSEN = "chosen", pgettext_lazy("decision", "Chosen")
    PARKED = "parked", pgettext_lazy("decision", "Parked")
    REJECTED = "rejected", pgettext_lazy("decision", "Rejected")
