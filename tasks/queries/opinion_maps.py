"""The opinion map: drawn from votes, told to who may read it."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max

from kocforum.forum.enums import PostState
from kocforum.stats.opinions import FLOOR, LEAST_VOTES, SMALLEST, Opinions, opinion_groups

from ..models import Call, OpinionMap, Statement, StatementVote

LETTERS = "ABCDE"
AGREED = 0.6  # mean share over the groups, to say that all of them agree
TELLING = 1.64  # standard errors, to say that a group differs from the others
MOST_TELLING = 3
WIDTH, HEIGHT, MARGIN = 640, 400, 28
SPREAD = 1.6  # standard deviations from the middle of an island to its shore
LEAST_SHORE = 46
MOST_DOTS = 160


@dataclass(frozen=True, slots=True)
class Bar:
    """What `seen` people said to one statement: those of the group `letter`, or all of them. `more`: how much more often the group
    agrees than the rest, in standard errors; 0 for all together."""

    agree: int
    disagree: int
    seen: int
    more: float = 0.0
    letter: str = ""

    @property
    def passed(self) -> int:
        return self.seen - self.agree - self.disagree

    @property
    def share(self) -> float:
        return self.agree / self.seen

    @property
    def against(self) -> float:
        return self.disagree / self.seen

    @property
    def against_from(self) -> float:
        """Where the disagreement begins on a bar: it ends at 1."""
        return 1 - self.against


@dataclass(frozen=True, slots=True)
class Line:
    """One statement: all people (None for fewer than five), and each group in order (none where one of them is fewer)."""

    statement: Statement
    all: Bar | None
    groups: tuple[Bar, ...]
    consensus: float
    rejection: float

    @property
    def is_agreed(self) -> bool:
        """Most of every group agree, and enough on the mean."""
        return self.consensus >= AGREED and all(bar.share > 0.5 for bar in self.groups)

    @property
    def is_rejected(self) -> bool:
        return self.rejection >= AGREED and all(bar.against > 0.5 for bar in self.groups)


@dataclass(frozen=True, slots=True)
class Island:
    """One group on the picture: its letter, how many, the ellipse (degrees), a dot for every `per_dot` people, and what sets it apart:
    (line, its bar, the share of everybody else who agrees). The dots are laid out evenly; where one lies says nothing about anybody."""

    letter: str
    size: int
    mine: bool
    x: float
    y: float
    rx: float
    ry: float
    angle: float
    dots: tuple[tuple[float, float], ...]
    per_dot: int
    telling: tuple[tuple[Line, Bar, float], ...]


@dataclass(frozen=True, slots=True)
class Map:
    """What a reader is shown. `missing`: people still to vote before groups are drawn; `lines` by how many agree."""

    people: int
    placed: int
    missing: int
    least: int
    lines: tuple[Line, ...]
    islands: tuple[Island, ...]
    agreed: tuple[Line, ...]
    rejected: tuple[Line, ...]
    drawn_at: Any


def stamp_of_votes(call: Call) -> str:
    """Another one as soon as a vote or a statement is another one."""
    statements = call.statements.standing()
    votes = StatementVote.objects.filter(statement__in=statements).aggregate(count=Count("pk"), last=Max("at"))
    names = ",".join(map(str, statements.order_by("pk").values_list("pk", flat=True)))
    return f"{votes['count']}:{votes['last']}:{hashlib.sha256(names.encode()).hexdigest()[:16]}"


def drawing_of(call: Call) -> tuple[dict[str, Any], dict[str, int]]:
    """(the map as plain data, {member: group}); research §2: no groups under `FLOOR` people who can be placed.

    `drawing`: people, placed, least (votes to be placed), all {statement: [agree, disagree, seen]}, groups
    [{size, shape: [x, y, rx, ry, angle], said: {statement: [agree, disagree, seen, z]}}].
    """
    names = [str(pk) for pk in call.statements.standing().order_by("pk").values_list("pk", flat=True)]
    said: dict[int, dict[str, int]] = defaultdict(dict)
    rows = StatementVote.objects.filter(statement__in=names).order_by("member", "statement")
    for member, statement, vote in rows.values_list("member", "statement", "vote"):
        said[member][str(statement)] = vote
    people, votes = list(said), list(said.values())
    least = max(1, min(LEAST_VOTES, len(names)))
    drawing: dict[str, Any] = {
        "people": len(people),
        "placed": sum(len(one) >= least for one in votes),
        "least": least,
        "all": {name: _total([one[name] for one in votes if name in one]) for name in names},
        "groups": [],
    }
    found = opinion_groups(votes, names) if names else None
    if found is None:
        return drawing, {}
    shapes = _shapes(found)
    drawing["groups"] = [
        {
            "size": size,
            "shape": shapes[group],
            "said": {
                name: [stand.agree, stand.disagree, stand.seen, 0.0 if math.isnan(stand.z) else round(stand.z, 4)]
                for name, stand in found.stands[group].items()
            },
        }
        for group, size in enumerate(found.sizes)
    ]
    members = {str(who): group for who, group in zip(people, found.groups, strict=True) if group is not None}
    return drawing, members


def _total(votes: list[int]) -> list[int]:
    return [votes.count(1), votes.count(-1), len(votes)]


def _shapes(found: Opinions) -> list[list[float]]:
    """Each group as an ellipse by its mean and covariance: [x, y, rx, ry, degrees] within the picture."""
    import numpy as np

    placed = [(group, place) for group, place in zip(found.groups, found.places, strict=True) if place is not None]
    labels = np.array([group for group, _place in placed])
    points = np.array([place for _group, place in placed], dtype=float)
    raw = []
    for group in range(len(found.sizes)):
        mine = points[labels == group]
        values, vectors = np.linalg.eigh(np.cov(mine.T))
        radii = SPREAD * np.sqrt(np.maximum(values, 0.0))
        raw.append((mine.mean(axis=0), radii[1], radii[0], math.degrees(math.atan2(vectors[1, 1], vectors[0, 1]))))
    reach = [(middle, max(long, short)) for middle, long, short, _angle in raw]
    low = np.min([middle - long for middle, long in reach], axis=0)
    high = np.max([middle + long for middle, long in reach], axis=0)
    room = np.array([WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN], dtype=float)
    scale = float(np.min(room / np.maximum(high - low, 1e-9)))
    shift = np.array([WIDTH, HEIGHT]) / 2 - scale * (low + high) / 2
    return [
        [
            *(round(float(part), 1) for part in middle * scale + shift),
            round(max(float(long) * scale, LEAST_SHORE), 1),
            round(max(float(short) * scale, LEAST_SHORE), 1),
            round(angle, 1),
        ]
        for middle, long, short, angle in raw
    ]


def map_of(call: Call, user: Any, statements: Iterable[Statement]) -> Map | None:
    """The map as it was last drawn, of those `statements_of` this reader that are voted on. One query; None where none was drawn.

    Of a statement on which fewer than five people of a group voted no group is told, so that none follows from the others.
    """
    row = OpinionMap.objects.filter(call=call).first()
    if row is None:
        return None
    drawing = row.drawing
    standing = [one for one in statements if one.state == PostState.VISIBLE and str(one.pk) in drawing["all"]]
    lines = tuple(_line(statement, drawing) for statement in standing)
    own = row.members.get(str(user.pk)) if user.is_authenticated else None
    told = [line for line in lines if line.groups]
    return Map(
        people=drawing["people"],
        placed=drawing["placed"],
        missing=0 if drawing["groups"] else max(0, FLOOR - drawing["placed"]),
        least=drawing["least"],
        lines=tuple(sorted(lines, key=lambda line: -(line.all.share if line.all else -1))),
        islands=tuple(
            _island(number, group, number == own, told, drawing["groups"])
            for number, group in enumerate(drawing["groups"])
        ),
        agreed=tuple(sorted((line for line in told if line.is_agreed), key=lambda line: -line.consensus)),
        rejected=tuple(sorted((line for line in told if line.is_rejected), key=lambda line: -line.rejection)),
        drawn_at=row.drawn_at,
    )


def _line(statement: Statement, drawing: dict[str, Any]) -> Line:
    name = str(statement.pk)
    bars = [
        Bar(*group["said"].get(name, [0, 0, 0, 0.0]), letter=letter)
        for letter, group in zip(LETTERS, drawing["groups"], strict=False)
    ]
    total = Bar(*drawing["all"][name])
    told = tuple(bars) if bars and all(bar.seen >= SMALLEST for bar in bars) else ()
    return Line(
        statement=statement,
        all=total if total.seen >= SMALLEST else None,
        groups=told,
        consensus=_together(told, "agree"),
        rejection=_together(told, "disagree"),
    )


def _together(bars: tuple[Bar, ...], side: str) -> float:
    """The geometric mean over the groups of (said + ½) / (seen + 1): one group that does not go along brings it down."""
    if not bars:
        return 0.0
    shares = [(getattr(bar, side) + 0.5) / (bar.seen + 1) for bar in bars]
    return math.exp(math.fsum(map(math.log, shares)) / len(shares))


def _island(number: int, group: dict[str, Any], mine: bool, told: list[Line], groups: list[dict[str, Any]]) -> Island:
    x, y, rx, ry, angle = group["shape"]
    per_dot = math.ceil(group["size"] / MOST_DOTS)
    wants = sorted(
        (one for one in told if one.groups[number].more >= TELLING), key=lambda one: -one.groups[number].more
    )
    # Only of who wants nothing more than others is it said what they want less: of two groups that would say everything twice.
    telling = wants or sorted(
        (one for one in told if one.groups[number].more <= -TELLING), key=lambda one: one.groups[number].more
    )
    return Island(
        letter=LETTERS[number],
        size=group["size"],
        mine=mine,
        x=x,
        y=y,
        rx=rx,
        ry=ry,
        angle=angle,
        dots=_dots(math.ceil(group["size"] / per_dot), rx, ry),
        per_dot=per_dot,
        telling=tuple((line, line.groups[number], _elsewhere(line, number)) for line in telling[:MOST_TELLING]),
    )


def _elsewhere(line: Line, number: int) -> float:
    others = [bar for place, bar in enumerate(line.groups) if place != number]
    return sum(bar.agree for bar in others) / sum(bar.seen for bar in others)


def _dots(count: int, rx: float, ry: float) -> tuple[tuple[float, float], ...]:
    """Spread evenly over an ellipse around (0, 0), as the seeds of a sunflower (Vogel 1979, Math. Biosci. 44:179–189)."""
    turn = math.pi * (3 - math.sqrt(5))
    found = []
    for place in range(count):
        out = 0.9 * math.sqrt((place + 0.5) / count)
        found.append((round(rx * out * math.cos(place * turn), 1), round(ry * out * math.sin(place * turn), 1)))
    return tuple(found)
