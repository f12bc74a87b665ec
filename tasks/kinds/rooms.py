"""Kinds of news after a room: its minutes, what was promised in it, what is said among those who met."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kocforum.notifications.kinds import Params

from .asking import register_about_tasks

MINUTES_WAIT = "minutes.wait"
MINUTES_CORRECTED = "minutes.corrected"
MINUTES_OBJECTED = "minutes.objected"
OBJECTION_ANSWERED = "minutes.replied"
MINUTES_SIGNED = "minutes.signed"
ROOM_WORD = "room.word"
ROOM_THANKS = "room.thanks"
ROOM_BECAME = "room.became"
RESULT_DUE = "result.due"
RESULT_MOVED = "result.moved"
THANKS_OWED = "room.thanks_owed"


def _wait(params: Params, count: int) -> str:
    return _("The minutes of %(title)s are drafted. Were they right? Three days to say so") % params


def _corrected(params: Params, count: int) -> str:
    return _("The minutes of %(title)s were corrected. Look again") % params


def _objected(params: Params, count: int) -> str:
    return _("Somebody remembers %(title)s differently. Reply before you sign") % params


def _replied(params: Params, count: int) -> str:
    return _("A host replied to your objection to the minutes of %(title)s") % params


def _signed(params: Params, count: int) -> str:
    return _("The minutes of %(title)s are signed") % params


def _word(params: Params, count: int) -> str:
    words = ngettext(
        "A new word among those who met at %(title)s", "%(n)s new words among those who met at %(title)s", count
    )
    return words % {**params, "n": count}


def _thanks(params: Params, count: int) -> str:
    return _("The brand thanks those who met at %(title)s, by name") % params


def _became(params: Params, count: int) -> str:
    return _("What became of %(title)s, told to those who were there") % params


def _due(params: Params, count: int) -> str:
    return _("What you promised at %(title)s is due. How far is it?") % params


def _moved(params: Params, count: int) -> str:
    return _("Somebody said how far it is with what you promised at %(title)s") % params


def _owed(params: Params, count: int) -> str:
    return _("Nobody of us has thanked those who came to %(title)s yet. Ask an engineer to") % params


def _to_minutes(object_id: int, params: Params) -> str:
    return reverse("minutes", args=[object_id])


def _to_after(object_id: int, params: Params) -> str:
    return reverse("after_room", args=[object_id])


KINDS = (
    (MINUTES_WAIT, gettext_lazy("The minutes of a meeting wait for me"), _wait, _to_minutes),
    (MINUTES_CORRECTED, gettext_lazy("The minutes of a meeting are corrected"), _corrected, _to_minutes),
    (MINUTES_OBJECTED, gettext_lazy("Somebody objects to minutes that I sign"), _objected, _to_minutes),
    (OBJECTION_ANSWERED, gettext_lazy("A host replies to my objection"), _replied, _to_minutes),
    (MINUTES_SIGNED, gettext_lazy("The minutes of a meeting are signed"), _signed, _to_minutes),
    (ROOM_WORD, gettext_lazy("Somebody writes to those who met"), _word, _to_after),
    (ROOM_THANKS, gettext_lazy("Somebody of the brand thanks those who met"), _thanks, _to_after),
    (ROOM_BECAME, gettext_lazy("I hear what became of a meeting"), _became, _to_after),
    (RESULT_DUE, gettext_lazy("What I promised in a meeting is due"), _due, _to_after),
    (RESULT_MOVED, gettext_lazy("Somebody else moves on what I promised"), _moved, _to_after),
    (THANKS_OWED, gettext_lazy("Those who came to my meeting were not thanked"), _owed, _to_after),
)


def register_rooms() -> None:
    """Let those who met be told."""
    register_about_tasks(KINDS)
