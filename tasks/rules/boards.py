"""The board of a room: notes, groups, votes, questions, decisions. Pure; everything is named by the number of the event that made it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..enums import Phase

MOST_CHAT = 200  # that the state carries; the log keeps all
MOST_DONE = 20  # own steps that the page offers to take back
CAN_BE_UNDONE = frozenset({"note.add", "note.edit", "note.move", "note.delete", "group.add", "group.edit"})
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class Recording:
    """OFF: nothing is recorded. ASKED: a host asks, or somebody new has not agreed yet. ON: everybody who is there has agreed."""

    OFF, ASKED, ON = "off", "asked", "on"


@dataclass(slots=True)
class Note:
    """One thought. `version` counts its texts; `round` is the round of writing in which it was made."""

    id: int
    author: int | None
    text: str
    index: str
    round: int
    at: str
    group: int | None = None
    image: int | None = None
    behalf: str = ""
    version: int = 1
    gone: bool = False
    reason: str = ""


@dataclass(slots=True)
class Group:
    id: int
    name: str
    index: str
    gone: bool = False


@dataclass(slots=True)
class Picture:
    """A sketch or a photo on which people put pins. `image`: the number of the file; its size keeps its place on a page."""

    id: int
    author: int | None
    image: int
    text: str
    width: int
    height: int
    gone: bool = False


@dataclass(slots=True)
class Pin:
    """A place on a picture, in hundredths from its upper left corner. `number` is what people call it."""

    id: int
    picture: int
    number: int
    author: int | None
    x: float
    y: float
    text: str
    gone: bool = False


@dataclass(slots=True)
class Asked:
    """A question to the experts; `up`: who wants it answered as well."""

    id: int
    author: int | None
    text: str
    up: set[int] = field(default_factory=set)
    answered: bool = False


@dataclass(slots=True)
class Decision:
    """What became of a group, why, and who sees it otherwise."""

    id: int
    group: int
    verdict: str
    why: str
    by: int | None
    dissent: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Action:
    """Who does what until when."""

    id: int
    text: str
    owner: int
    due: str
    group: int | None = None


@dataclass(slots=True)
class Board:
    """The state after event number `seq`. `votes`: {member: {thing: how many}}; `hands` in the order in which they went up;
    `holds`: {note: (member, until)}; `undone`: numbers of events that their authors took back; `lead`: who leads the room now;
    `suspended`: no host is there, and the timer stands with `left` seconds to go; `agreed`: who may be
    recorded; `done`: {member: (number, kind) of the last steps that
    can be taken back}, the oldest first."""

    seq: int = 0
    phase: str = Phase.LOBBY
    deadline: str | None = None
    round: int = 0
    notes: dict[int, Note] = field(default_factory=dict)
    groups: dict[int, Group] = field(default_factory=dict)
    pictures: dict[int, Picture] = field(default_factory=dict)
    pins: dict[int, Pin] = field(default_factory=dict)
    votes: dict[int, Counter[int]] = field(default_factory=dict)
    abstain: set[int] = field(default_factory=set)
    hands: list[int] = field(default_factory=list)
    questions: dict[int, Asked] = field(default_factory=dict)
    chat: list[dict[str, Any]] = field(default_factory=list)
    links: list[dict[str, Any]] = field(default_factory=list)
    decisions: dict[int, Decision] = field(default_factory=dict)
    actions: dict[int, Action] = field(default_factory=dict)
    holds: dict[int, tuple[int, str]] = field(default_factory=dict)
    undone: set[int] = field(default_factory=set)
    done: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    lead: int | None = None
    suspended: bool = False
    left: float | None = None
    recording: str = Recording.OFF
    agreed: set[int] = field(default_factory=set)

    def is_veiled(self, note: Note) -> bool:
        """Written in the round of writing that is still going on: nobody but its author reads it."""
        return self.phase == Phase.DIVERGE and note.round == self.round

    def standing_notes(self) -> list[Note]:
        return [note for note in self.notes.values() if not note.gone]

    def standing_groups(self) -> list[Group]:
        return [group for group in self.groups.values() if not group.gone]

    def cast_by(self, member: int) -> int:
        """Votes that this member has given."""
        return sum(self.votes.get(member, {}).values())


def between(low: str | None, high: str | None) -> str:
    """A place between two others in the order of their letters; none: before the first, after the last. Never empty, never ends in "0",
    so that there is always room before it. Raises ValueError where `low` is not before `high`."""
    low = low or ""
    if high is not None and low >= high:
        raise ValueError(f"nothing lies between {low!r} and {high!r}")
    place, found = 0, ""
    while True:
        least = ALPHABET.index(low[place]) if place < len(low) else 0
        most = ALPHABET.index(high[place]) if high is not None and place < len(high) else len(ALPHABET)
        if most - least > 1:
            return found + ALPHABET[(least + most) // 2]
        found += ALPHABET[least]
        if most > least:
            high = None  # smaller from here on, whatever follows
        place += 1


def in_order(things: Iterable[Any]) -> list[Any]:
    """By place, then by number: two in one gap stand in the same order on every screen (W4)."""
    return sorted(things, key=lambda thing: (thing.index, thing.id))
