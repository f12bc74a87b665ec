"""A room as it was: the log folded up to one event, and shown as this reader saw it then."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..enums import Phase
from ..models import RoomEvent, Seat, Workshop
from ..rules.board_events import apply
from ..rules.boards import Board
from .boards import board_of
from .room_pages import columns_of
from .rooms import people_of, state_at

MINUTE = timedelta(minutes=1)
MOST_MINUTES = 24 * 60


@dataclass(frozen=True)
class Mark:
    """A phase began, with this event, in this minute."""

    seq: int
    minute: int
    label: str
    now: bool


@dataclass(frozen=True)
class Replay:
    """The board after event `at` of `last`. `steps`: the last event of each minute from the beginning on; `page`: what is shown."""

    at: int
    last: int
    minute: int
    moment: datetime
    steps: list[int]
    marks: list[Mark]
    page: dict[str, Any]

    @property
    def minutes(self) -> int:
        return len(self.steps) - 1

    @property
    def before(self) -> int | None:
        """The last event of the minute in which something else was there."""
        return next((seq for seq in reversed(self.steps) if seq < self.at), None)

    @property
    def after(self) -> int | None:
        return next((seq for seq in self.steps if seq > self.at), None)


def replay_of(workshop: Workshop, seat: Seat, *, at: int | None = None, minute: int | None = None) -> Replay | None:
    """At an event, at a minute, or at the end. None for an empty log. Five queries, however long it is."""
    log = list(RoomEvent.objects.filter(workshop=workshop).order_by("seq").values_list("at", flat=True))
    if not log:
        return None
    # The clock of the database may step back by a moment; the order of the log does not.
    moments = [log[0]]
    for one in log[1:]:
        moments.append(max(one, moments[-1]))
    steps = _steps(moments)
    if at is None and minute is not None:
        at = steps[max(0, min(minute, len(steps) - 1))]
    at = max(1, min(at or len(log), len(log)))
    here = _minute(moments, at)
    return Replay(
        at=at,
        last=len(log),
        minute=here,
        moment=moments[at - 1],
        steps=steps,
        marks=_marks(workshop, moments, at),
        page=_page(workshop, seat, at),
    )


def _steps(moments: list[datetime]) -> list[int]:
    whole = min(MOST_MINUTES, -((moments[0] - moments[-1]) // MINUTE))
    steps = [max(1, bisect_right(moments, moments[0] + MINUTE * number)) for number in range(whole + 1)]
    return [*steps[:-1], len(moments)]


def _minute(moments: list[datetime], at: int) -> int:
    """The first minute at whose end this event had happened."""
    return min(MOST_MINUTES, -((moments[0] - moments[at - 1]) // MINUTE))


def _marks(workshop: Workshop, moments: list[datetime], at: int) -> list[Mark]:
    rows = RoomEvent.objects.filter(workshop=workshop, kind="phase.move").order_by("seq").values_list("seq", "payload")
    begun = [(seq, Phase(payload["to"]).label) for seq, payload in rows]
    ends = [*(seq for seq, _label in begun[1:]), len(moments) + 1]
    return [
        Mark(seq, _minute(moments, seq), label, seq <= at < end) for (seq, label), end in zip(begun, ends, strict=True)
    ]


def _page(workshop: Workshop, seat: Seat, at: int) -> dict[str, Any]:
    people = people_of(workshop)
    state = state_at(_folded(workshop, at), workshop, seat, people)
    with board_of(workshop) as board:
        removed = {note.id for note in board.notes.values() if note.gone and note.reason}
    for note in state["notes"]:
        note["removed"] = note["id"] in removed
    names = {one["member"]: one for one in state["people"]}
    columns = columns_of(state, names)
    return {
        "state": state,
        "phase": Phase(state["phase"]).label,
        "loose": columns[0],
        "groups": columns[1:],
        "told": state["votes"]["totals"] is not None,
        "chat": [{**one, "who": names.get(one["by"])} for one in state["chat"][-50:]],
        "questions": [{**one, "who": names.get(one["by"])} for one in state["questions"]],
        "hands": [names[member] for member in state["hands"] if member in names],
        "actions": [{**one, "who": names.get(one["owner"])} for one in state["actions"]],
    }


def _folded(workshop: Workshop, at: int) -> Board:
    board = Board()
    rows = RoomEvent.objects.filter(workshop=workshop, seq__lte=at).order_by("seq")
    for seq, actor, kind, payload, moment in rows.values_list("seq", "actor", "kind", "payload", "at"):
        apply(board, seq, actor, kind, payload, moment.isoformat())
    return board
