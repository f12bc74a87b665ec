"""Commands about recording: a host asks, everybody says yes or no, and it runs only while everybody who is there has said yes (W15)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from kocforum.errors import Conflict

from .boards import Board, Recording
from .sittings import Event, Said, Sitting

WORDING = 1  # of the sentence that is agreed to; a new sentence has a new number


def recording_ask(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    """Who asks has agreed with that."""
    if board.recording != Recording.OFF:
        raise Conflict(_("Everybody is asked already."))
    return Event("recording.ask", {"wording": WORDING})


def recording_agree(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    if board.recording == Recording.OFF:
        raise Conflict(_("Nobody asks to record."))
    if sitting.member in board.agreed:
        raise Conflict(_("You agreed already."))
    return Event("recording.agree", {"wording": WORDING})


def recording_refuse(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    """One no, and nothing is recorded; nobody has to say why."""
    if board.recording == Recording.OFF:
        raise Conflict(_("Nobody asks to record."))
    return Event("recording.refuse", {})


def recording_start(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    """Who is in the room is known to the action, which looks whether all of them have agreed."""
    if board.recording != Recording.ASKED:
        raise Conflict(_("Ask everybody first.") if board.recording == Recording.OFF else _("It is recording."))
    return Event("recording.start", {})


def recording_stop(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    if board.recording == Recording.OFF:
        raise Conflict(_("Nothing is recorded."))
    return Event("recording.stop", {})
