"""The room as its page lays it out: columns of groups, what stands in none, votes in two lanes, what may be done now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..enums import Phase, RoomVerdict, SeatRole
from ..models import Seat, Workshop
from ..rules.boards import CAN_BE_UNDONE
from ..rules.room_commands import COMMANDS
from ..rules.sittings import LEADS
from .late_digests import late_digest
from .room_results import carried_into
from .rooms import state_of

PHASES = [phase for phase in Phase if phase not in {Phase.LOBBY, Phase.ENDED}]


@dataclass(slots=True)
class Column:
    """One group, or (id 0) the notes that stand in none. `gap`: votes of owners minus those of the brand."""

    id: int
    name: str
    notes: list[dict[str, Any]] = field(default_factory=list)
    mine: int = 0
    owners: int = 0
    staff: int = 0
    decision: dict[str, Any] | None = None

    @property
    def gap(self) -> int:
        return self.owners - self.staff


PINS_ACROSS = 34

# What the script clones: “ID” is where the number stands, “{n}” how many.
PATTERN = {
    "mine": {"id": "ID", "version": 1, "mine": True},
    "other": {"id": "ID", "version": 1},
    "column": {"id": "ID"},
    "decision": {"dissent": [{}]},
}


def room_page(workshop: Workshop, seat: Seat) -> dict[str, Any]:
    """What the page of a room needs, besides the workshop."""
    state = state_of(workshop, seat)
    names = {one["member"]: one for one in state["people"]}
    columns = columns_of(state, names)
    told = state["votes"]["totals"] is not None
    phase = state["phase"]
    return {
        "state": state,
        "names": names,
        "columns": columns,
        "loose": columns[0],
        "groups": columns[1:],
        "pictures": _pictures(state, names),
        "told": told,
        "gaps": sorted((one for one in columns[1:] if told and one.gap), key=lambda one: -abs(one.gap))[:5],
        "most": max((one.owners + one.staff for one in columns[1:]), default=1) or 1,
        "steps": _steps(phase),
        "can": {kind.replace(".", "_"): _may(kind, phase, seat) for kind in COMMANDS},
        "leads": seat.role in LEADS,
        "ends": datetime.fromisoformat(state["deadline"]) if state["deadline"] else None,
        "verdicts": RoomVerdict.choices,
        "undo": _last_to_undo(state),
        "undoable": " ".join(sorted(kind for kind in CAN_BE_UNDONE if phase in COMMANDS[kind][0])),
        "rewrites": seat.role in LEADS | {SeatRole.SCRIBE},
        "pattern": PATTERN,
        "chat": [{**one, "who": names.get(one["by"])} for one in state["chat"][-50:]],
        "questions": sorted(
            (
                {**one, "who": names.get(one["by"]), "mine_up": seat.member_id in one["up"]}
                for one in state["questions"]
            ),
            key=lambda one: (one["answered"], -len(one["up"]), one["id"]),
        ),
        "hands": [names[member] for member in state["hands"] if member in names],
        "hand_up": seat.member_id in state["hands"],
        "actions": [{**one, "who": names.get(one["owner"])} for one in state["actions"]],
        "present": [one for one in state["people"] if one["state"] == "accepted"],
        "leader": names.get(state["lead"]),
        "may_lead": [
            one
            for one in state["people"]
            if one["role"] in LEADS and one["state"] == "accepted" and one["member"] != state["lead"]
        ],
        "late": late_digest(workshop, seat, columns[1:], sum(not one["answered"] for one in state["questions"])),
        "carried": carried_into(workshop),
    }


def _may(kind: str, phase: str, seat: Seat) -> bool:
    phases, roles, _answer = COMMANDS[kind]
    return phase in phases and seat.role in roles


def _steps(phase: str) -> list[dict[str, Any]]:
    here = PHASES.index(Phase(phase)) if phase in PHASES else len(PHASES) if phase == Phase.ENDED else -1
    return [
        {"value": step.value, "label": step.label, "done": number < here, "now": number == here}
        for number, step in enumerate(PHASES)
    ]


def columns_of(state: dict[str, Any], names: dict[int, dict[str, Any]]) -> list[Column]:
    columns = {0: Column(0, "")} | {group["id"]: Column(group["id"], group["name"]) for group in state["groups"]}
    totals, mine = state["votes"]["totals"] or {}, state["votes"]["mine"]
    for note in state["notes"]:
        key = str(note["id"])
        lanes = totals.get(key, {"owners": 0, "staff": 0})
        shown = {**note, "who": names.get(note["author"]), "votes": mine.get(key, 0), **lanes}
        columns.get(note["group"] or 0, columns[0]).notes.append(shown)
    for column in columns.values():
        lanes = totals.get(str(column.id), {"owners": 0, "staff": 0})
        column.mine, column.owners, column.staff = mine.get(str(column.id), 0), lanes["owners"], lanes["staff"]
    for one in state["decisions"]:
        if one["group"] in columns:
            dissent = [{**other, "who": names.get(other["by"])} for other in one["dissent"]]
            columns[one["group"]].decision = {**one, "label": RoomVerdict(one["verdict"]).label, "dissent": dissent}
    return list(columns.values())


def _pictures(state: dict[str, Any], names: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """Pins by the measure of the picture, so many beside each other along its longer side."""
    shown = []
    for one in state["pictures"]:
        pins = [
            {
                **pin,
                "who": names.get(pin["author"]),
                "left": str(round(pin["x"] * one["width"] / 100, 1)),
                "top": str(round(pin["y"] * one["height"] / 100, 1)),
            }
            for pin in one["pins"]
        ]
        unit = str(round(max(one["width"], one["height"]) / PINS_ACROSS, 1))
        shown.append({**one, "who": names.get(one["author"]), "pins": pins, "unit": unit})
    return shown


def _last_to_undo(state: dict[str, Any]) -> int | None:
    """The last own event that can be taken back, where this phase lets it."""
    last = state["me"]["done"][-1:]
    return next((one["seq"] for one in last if state["phase"] in COMMANDS[one["kind"]][0]), None)
