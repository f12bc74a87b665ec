"""What comes after a room: answers to its minutes, how far its results are, what is said among those who met."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy


class MinutesVerdict(models.TextChoices):
    """What somebody who was there says to the minutes."""

    CONFIRM = "confirm", pgettext_lazy("minutes", "That is how it was")
    OBJECT = "object", pgettext_lazy("minutes", "That is not how it was")


class ResultKind(models.TextChoices):
    """CHOSEN: a group of notes that was chosen. ACTION: who does what until when."""

    CHOSEN = "chosen", pgettext_lazy("result", "Chosen")
    ACTION = "action", pgettext_lazy("result", "Action item")


class ResultState(models.TextChoices):
    """How far a result is. DROPPED says why: the "no, because"."""

    OPEN = "open", pgettext_lazy("result", "Open")
    DOING = "doing", pgettext_lazy("result", "Being done")
    DONE = "done", pgettext_lazy("result", "Done")
    DROPPED = "dropped", pgettext_lazy("result", "Not done, because")


class WordKind(models.TextChoices):
    """What is said among those who met. THANKS and BECAME: by somebody of the brand, with the name."""

    TALK = "talk", pgettext_lazy("word", "Word")
    THANKS = "thanks", pgettext_lazy("word", "Thanks")
    BECAME = "became", pgettext_lazy("word", "What became of it")
