"""The table of moves: from where to where, by whom, with what."""

from __future__ import annotations

from ..enums import TaskState as S

_MOVES: dict[S, tuple[S, ...]] = {
    S.DRAFT: (S.SCHEDULED, S.OPEN, S.CANCELLED),
    S.SCHEDULED: (S.DRAFT, S.OPEN, S.CANCELLED),
    S.OPEN: (S.CLOSED, S.CANCELLED),
    S.CLOSED: (S.ANALYSED, S.CANCELLED),
    S.ANALYSED: (S.REPORTED, S.CANCELLED),
    S.REPORTED: (),
    S.CANCELLED: (),
}
TERMINAL = frozenset({S.REPORTED, S.CANCELLED})
# Before the first of these, nobody outside the staff knows of the task.
PUBLISHED = frozenset({S.OPEN, S.CLOSED, S.ANALYSED, S.REPORTED})

NEEDS: dict[S, tuple[str, ...]] = {S.CANCELLED: ("reason",), S.REPORTED: ("changed", "unchanged")}


def moves_from(state: str) -> list[S]:
    """Where a task can go from here."""
    return list(_MOVES[S(state)])
