"""Answers weighted to everybody who was asked, beside the answers as they are; and what weighting costs (S17).

A weighted share beside a plain one is an equation about the kinds of people with different weights: exact, it would tell
what a handful of them chose. So it is told on a grid as wide as the largest difference that five people of the most
different weights can make, and not at all where that is more than five points.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count

from kocforum.stats import effective_n, rake, weighted_mean, weighted_share
from kocforum.stats.estimates import Estimate
from kocforum.stats.intervals import wilson_of_share

from ..enums import QuestionType as T
from ..models import Invitation
from ..rules.questionnaire import CHOICES, Item
from ..rules.surveys import FEWEST, can_see_results
from .answers import Answers
from .groups import BY
from .results import Results, all_results

TRIM = 5.0  # times the median: nobody speaks for a crowd
COARSEST = 0.05  # of the scale; wider steps say nothing
FINEST = 0.01
OTHER = "\x00other"
NPS_POINTS = (-100, 100)

Said = tuple[float, float, float]
Facts = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """One question. `shares` {option: (share, low, high)}, `mean` (mean, low, high) of a rating, `nps` likewise in points;
    all on a grid of `step`. `coarse`: the grid would be too wide, so nothing is told."""

    shares: dict[str, Said] = field(default_factory=dict)
    mean: Said | None = None
    nps: Said | None = None
    step: float = 0.0
    coarse: bool = False


@dataclass(frozen=True, kw_only=True)
class Weighting:
    """`variables` that were weighted by; `people` weigh as much as `effective` would without weights, `design_effect` is
    their ratio. `trimmed`: somebody's weight was cut. `off`: how far the weighted make-up is off the frame, 0 … 1.

    `refused`: "few" (no kind of person can be weighted without resting on fewer than five), or "" when it was done.
    """

    variables: tuple[str, ...] = ()
    people: int = 0
    effective: int = 0
    design_effect: float = 1.0
    trimmed: bool = False
    off: float = 0.0
    questions: dict[str, Weighed] = field(default_factory=dict)
    refused: str = ""


def weighting_of(answers: Answers, user: Any) -> Weighting | None:
    """Behind the gate of the results; None where it says no."""
    if not can_see_results(user, answers.survey):
        return None
    return answers.kept(f"weights:{answers.survey.task.audience.size}", lambda: _weighting(answers))


def _weighting(answers: Answers) -> Weighting:
    kinds = Invitation.objects.filter(task=answers.survey.task_id).values(*BY).annotate(people=Count("pk")).order_by()
    frame = [(kind, kind["people"]) for kind in kinds]
    return weigh(all_results(answers), frame, list(zip(answers.facts, answers.said, strict=True)))


def weigh(
    results: Sequence[Results], frame: Sequence[tuple[Facts, int]], rows: Sequence[tuple[Facts, Mapping[str, Any]]]
) -> Weighting:
    """`results`: what is told without weights; `frame`: facts and how many of everybody asked; `rows`: (facts, answers) of responses."""
    people, margins = margins_of(frame, [facts for facts, _answers in rows])
    if not margins:
        return Weighting(people=len(rows), refused="few")
    raked = rake(people, margins, TRIM)
    weighted = list(zip(raked.weights, [answers for _facts, answers in rows], strict=True))
    return Weighting(
        variables=tuple(margins),
        people=len(rows),
        effective=math.floor(raked.effective_n),
        design_effect=round(raked.design_effect, 1),
        trimmed=raked.trimmed > 0,
        off=round(raked.gap, 2),
        questions={one.item.key: _question(one, weighted) for one in results if not one.suppressed and _fits(one.item)},
    )


def margins_of(
    frame: Sequence[tuple[Facts, int]], facts: Sequence[Facts]
) -> tuple[list[dict[str, str]], dict[str, dict[str, float]]]:
    """(category of each response by variable, shares of the frame by variable and category).

    A category rests on five responses at least: smaller ones are one category together, and where those are fewer than
    five, or unknown because an anonymous response keeps no such fact, the variable leaves their weight alone. A variable
    with less than two categories is none.
    """
    people: list[dict[str, str]] = [{} for _ in facts]
    margins: dict[str, dict[str, float]] = {}
    for name in BY:
        asked: Counter[str] = Counter()
        for kind, n in frame:
            asked[kind.get(name) or ""] += n
        said = [one.get(name) or "" for one in facts]
        counts = Counter(said)
        large = {key for key, n in counts.items() if n >= FEWEST and asked[key]}
        kept = [key if key in large else OTHER if asked[key] else None for key in said]
        if sum(key == OTHER for key in kept) < FEWEST:
            kept = [key if key in large else None for key in said]
        shares: Counter[str] = Counter()
        for key, n in asked.items():
            shares[key if key in large else OTHER] += n
        there = {key for key in kept if key is not None}
        total = sum(n for key, n in shares.items() if key in there)
        if len(there) < 2 or not total:
            continue
        margins[name] = {key: n / total for key, n in shares.items() if key in there}
        for person, key in zip(people, kept, strict=True):
            if key is not None:
                person[name] = key
    return people, margins


def _fits(item: Item) -> bool:
    return item.type in CHOICES or item.type in {T.RATING, T.NPS}


def _question(found: Results, weighted: Sequence[tuple[float, Mapping[str, Any]]]) -> Weighed:
    """Options that are hidden without weights are hidden with them."""
    item = found.item
    seen = [(weight, answers[item.key]) for weight, answers in weighted if item.key in answers]
    if item.type in CHOICES:
        step = step_of([weight for weight, _value in seen])
        if step is None:
            return Weighed(coarse=True)
        told = [one.key for one in found.options if not one.suppressed]
        return Weighed(shares={key: _share(key, seen, step) for key in told}, step=step)
    judged = [(weight, value) for weight, value in seen if isinstance(value, int)]
    step = step_of([weight for weight, _value in judged])
    if step is None:
        return Weighed(coarse=True)
    if item.type == T.NPS:
        points = [(weight, 100 if value >= 9 else 0 if value >= 7 else -100) for weight, value in judged]
        return Weighed(nps=_mean(points, step, *NPS_POINTS), step=step)
    return Weighed(mean=_mean(judged, step, item.scale[0], item.scale[-1]), step=step)


def step_of(weights: Sequence[float]) -> float | None:
    """The grid as a part of the scale, in whole hundredths: what five people can make by changing places with five of
    the most different weight. None where it is wider than `COARSEST`."""
    if not weights or not sum(weights):
        return None
    moved = FEWEST * (max(weights) - min(weights)) / sum(weights)
    step = max(FINEST, math.ceil(moved * 100 - 1e-9) / 100)
    return step if step <= COARSEST else None


def _share(key: str, seen: Sequence[tuple[float, Any]], step: float) -> Said:
    weights = [weight for weight, _value in seen]
    chose = [key in value if isinstance(value, list) else value == key for _weight, value in seen]
    share = _on_grid(weighted_share(chose, weights).value, step, 0, 1)
    low, high = wilson_of_share(share, math.floor(effective_n(weights)), 0.95)
    return share, low, high


def _mean(judged: Sequence[tuple[float, int]], step: float, low: int, high: int) -> Said:
    found: Estimate = weighted_mean([value for _weight, value in judged], [weight for weight, _value in judged])
    grid = step * (high - low)
    mean = _on_grid(found.value, grid, low, high)
    reach = grid * max(1, math.ceil((found.high - found.low) / 2 / grid - 1e-9))
    return mean, mean - reach, mean + reach


def _on_grid(value: float, step: float, low: float, high: float) -> float:
    return min(high, max(low, round(value / step) * step))
