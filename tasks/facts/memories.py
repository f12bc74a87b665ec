"""Facts of what those who were there keep of an event. Words and pictures stand in the row alone."""

from __future__ import annotations

from dataclasses import field

from kocforum.ledger.facts import fact


@fact
class MemoryTold:
    """Somebody who was there showed pictures or said something; `state` says whether a moderator looks first."""

    event_id: int
    memory_id: int
    state: str


@fact
class MemoryEdited:
    event_id: int
    memory_id: int
    state: str


@fact
class MemoryRemoved:
    """Its author took it down."""

    event_id: int
    memory_id: int


@fact
class MemoryHidden:
    """By an organiser or, where `state` says so, by moderation."""

    event_id: int
    memory_id: int
    state: str
    reason: str


@fact
class MemoryShown:
    """It can be read: after a look, or again. `asks`: wishes that had been granted and wait once more."""

    event_id: int
    memory_id: int
    from_state: str
    asks: list[int] = field(default_factory=list)


@fact
class MemoryAsked:
    """Somebody asks that it be taken down."""

    event_id: int
    memory_id: int
    ask_id: int


@fact
class MemoryAnswered:
    """`granted`: it is down. Else it stays."""

    event_id: int
    memory_id: int
    ask_id: int
    granted: bool
