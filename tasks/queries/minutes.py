"""The minutes of a room, drafted from its log by rule: nothing is in them that did not happen (research: §1C)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..enums import Phase, RoomVerdict, SeatRole
from ..models import Minutes, MinutesAnswer, RoomEvent, Seat, Workshop
from ..rules.boards import Board, in_order
from ..rules.workshops import lane_of
from .boards import board_of
from .presence import minutes_here, who_came


@dataclass(slots=True)
class Point:
    """One group: its notes, its votes in two lanes, what was decided about it and who sees it otherwise."""

    id: int
    name: str
    notes: list[str]
    owners: int = 0
    staff: int = 0
    verdict: str = ""
    label: str = ""
    why: str = ""
    by: str = ""
    dissent: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Draft:
    """What the log says. `phases`: (label, when). `present`: (name, role, minutes or None for who asks and is no host).
    `loose`: notes in no group; `questions`: (text, answered); `actions`: (text, who, until)."""

    begun: datetime | None
    ended: datetime | None
    phases: list[tuple[str, datetime]]
    present: list[tuple[str, str, int | None]]
    points: list[Point]
    loose: list[str]
    questions: list[tuple[str, bool]]
    actions: list[tuple[str, str, str]]
    links: list[dict[str, Any]]


def draft_of(workshop: Workshop, *, for_host: bool, came: set[int]) -> Draft:
    """Three queries and the kept board; `came`: as `presence.who_came` tells. Minutes in the room are told to hosts alone (W16)."""
    seats = {one.member_id: one for one in Seat.objects.filter(workshop=workshop).select_related("member")}
    names = {member: seat.member.name for member, seat in seats.items()}
    spent = minutes_here(workshop)
    moves = RoomEvent.objects.filter(workshop=workshop, kind="phase.move").order_by("seq")
    phases = [(Phase(payload["to"]).label, at) for payload, at in moves.values_list("payload", "at")]
    with board_of(workshop) as board:
        return Draft(
            begun=workshop.live_at,
            ended=workshop.ended_at,
            phases=[(str(label), at) for label, at in phases],
            present=[
                (seat.member.name, seat.get_role_display(), spent.get(member, 0) if for_host else None)
                for member, seat in seats.items()
                if member in came
            ],
            points=_points(board, names, {member: seat.role for member, seat in seats.items()}),
            loose=[note.text for note in in_order(board.standing_notes()) if note.group is None],
            questions=[(one.text, one.answered) for one in board.questions.values()],
            actions=[(one.text, names.get(one.owner, ""), one.due) for one in board.actions.values()],
            links=list(board.links),
        )


def _points(board: Board, names: dict[int, str], roles: dict[int, str]) -> list[Point]:
    points = {
        group.id: Point(
            id=group.id,
            name=group.name,
            notes=[note.text for note in in_order(board.standing_notes()) if note.group == group.id],
        )
        for group in in_order(board.standing_groups())
    }
    for on, lanes in votes_in_lanes(board, roles).items():
        if (point := points.get(on)) is not None:
            point.owners, point.staff = lanes["owners"], lanes["staff"]
    for decision in board.decisions.values():
        if (point := points.get(decision.group)) is not None:
            point.verdict, point.label = decision.verdict, str(RoomVerdict(decision.verdict).label)
            point.why, point.by = decision.why, names.get(decision.by or 0, "")
            point.dissent = [(names.get(by, ""), text) for by, text in decision.dissent.items()]
    return sorted(points.values(), key=lambda one: -(one.owners + one.staff))


def votes_in_lanes(board: Board, roles: Mapping[int, str]) -> dict[int, dict[str, int]]:
    """{thing: {"owners": votes, "staff": votes}}; `roles`: {member: role}."""
    lanes: dict[int, dict[str, int]] = {}
    for member, cast in board.votes.items():
        for on, count in cast.items():
            lanes.setdefault(on, {"owners": 0, "staff": 0})[lane_of(roles.get(member, ""))] += count
    return lanes


def who_answers(workshop: Workshop, came: set[int]) -> set[int]:
    """Who came and is asked whether the minutes are right; an observer is not."""
    asked = Seat.objects.in_the_room().filter(workshop=workshop).exclude(role=SeatRole.OBSERVER)
    return set(asked.values_list("member", flat=True)) & came


def minutes_wait_for(workshop: Workshop, member: int) -> bool:
    """Whether this person was there and has not said whether the minutes are right."""
    unsigned = Minutes.objects.filter(workshop=workshop, signed_at__isnull=True)
    if not unsigned.exclude(answers__member=member).exists():
        return False
    return member in who_answers(workshop, who_came(workshop))


@dataclass(frozen=True, slots=True)
class Answers:
    """`given`: the answers; `missing`: members who have not answered; `own`: the reader's; `objections`: those that wait for a host."""

    given: list[MinutesAnswer]
    missing: set[int]
    own: MinutesAnswer | None
    objections: int


def answers_of(minutes: Minutes, member: int, came: set[int]) -> Answers:
    given = list(minutes.answers.select_related("member", "reply_by"))
    missing = who_answers(minutes.workshop, came) - {one.member_id for one in given}
    return Answers(
        given=given,
        missing=missing,
        own=next((one for one in given if one.member_id == member), None),
        objections=sum(one.verdict == "object" and not one.reply for one in given),
    )
