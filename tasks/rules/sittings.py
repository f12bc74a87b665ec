"""Who asks for what in a room, and how commands are read. Pure but for the sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid
from kocforum.text import clean_line, clean_text

from ..enums import SeatRole
from .boards import Board, Group, Note, between, in_order

LEADS = frozenset({SeatRole.HOST, SeatRole.COHOST})
MOST_MINUTES = 240
LARGEST_NUMBER = 2**63 - 1  # that a row can have


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who asks: the member, the role, the rules of the room for votes."""

    member: int
    role: str
    votes_each: int
    votes_on_one: int

    @property
    def leads(self) -> bool:
        return self.role in LEADS


@dataclass(frozen=True, slots=True)
class Event:
    """What is written: kind, payload, and the veil (see `models/rooms.py`)."""

    kind: str
    payload: dict[str, Any]
    veil: int | None = None


Said = Mapping[str, Any]


def words_of(said: Said, name: str, most: int, *, one_line: bool = False) -> str:
    text = said.get(name)
    text = (clean_line if one_line else clean_text)(text).strip() if isinstance(text, str) else ""
    if not 1 <= len(text) <= most:
        raise Invalid({name: _("Between 1 and %(most)s characters.") % {"most": most}})
    return text


def number_of(said: Said, name: str) -> int:
    value = said.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= LARGEST_NUMBER:
        raise Invalid({name: _("Name a thing on the board by its number.")})
    return value


def note_of(board: Board, sitting: Sitting, said: Said) -> Note:
    """A note that this person may see. What was taken off the board is gone, and the text is the sender's still (W6)."""
    note = board.notes.get(number_of(said, "note"))
    if note is None or (board.is_veiled(note) and note.author != sitting.member):
        raise Invalid({"note": _("There is no such note.")})
    if note.gone:
        raise Conflict(_("This note is gone. Your text is still with you."))
    return note


def group_of(board: Board, said: Said, name: str = "group") -> Group:
    group = board.groups.get(number_of(said, name))
    if group is None:
        raise Invalid({name: _("There is no such group.")})
    if group.gone:
        raise Conflict(_("This group is gone."))
    return group


def veil_of(board: Board, note: Note) -> int | None:
    return board.round if board.is_veiled(note) else None


def deadline_of(said: Said, now: datetime) -> str | None:
    minutes = said.get("minutes")
    if minutes is None:
        return None
    if not isinstance(minutes, (int, float)) or isinstance(minutes, bool) or not 0 < minutes <= MOST_MINUTES:
        raise Invalid({"minutes": _("Between 1 and %(most)s minutes.") % {"most": MOST_MINUTES}})
    return (now + timedelta(minutes=minutes)).isoformat()


def seconds_left(board: Board, now: datetime) -> float | None:
    """Until the deadline; none where no timer runs, 0 where it ran out."""
    if board.deadline is None:
        return None
    return max(0.0, (datetime.fromisoformat(board.deadline) - now).total_seconds())


def resumed(left: float | None, now: datetime) -> Event:
    """A room that waited for its hosts goes on, its timer from where it stood."""
    return Event("room.resume", {"deadline": (now + timedelta(seconds=left)).isoformat() if left is not None else None})


def place_for(things: list[Any], after: int | None) -> str:
    """A place right after a thing (0: before all), or after the last one."""
    row = in_order(things)
    if after == 0:
        return between(None, row[0].index if row else None)
    if after is None:
        return between(row[-1].index if row else None, None)
    spot = next((number for number, thing in enumerate(row) if thing.id == after), None)
    if spot is None:
        return between(row[-1].index if row else None, None)
    later = next((thing.index for thing in row[spot + 1 :] if thing.index > row[spot].index), None)
    return between(row[spot].index, later)


def after_of(said: Said) -> int | None:
    value = said.get("after")
    return value if isinstance(value, int) and not isinstance(value, bool) else None
