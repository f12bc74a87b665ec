"""The same questions asked again: what the waves of a survey said one after the other, and whether it changed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from kocforum.stats import benjamini_hochberg, mean_change, nps_change, share_change
from kocforum.stats.changes import Change

from ..enums import QuestionType as T
from ..models import Task
from ..rules.questionnaire import CHOICES, Item
from ..rules.surveys import can_see_results
from .answers import Answers
from .results import Results, Share, all_results

MOST_WAVES = 8
CLEAR = 0.05

Said = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One option, mean or score through the waves: (value, low, high) of each, None where it is not told.

    `change` from the last wave but one to the last, None where either is not told; `q` over all lines of the survey.
    """

    key: str
    label: str
    points: list[Said | None]
    change: Change | None = None
    q: float | None = None

    @property
    def clear(self) -> bool:
        """More than chance explains."""
        return self.q is not None and self.q <= CLEAR


@dataclass(frozen=True, kw_only=True)
class Tracked:
    """One question through the waves in which it was asked under the same key. `kind`: share, mean or nps."""

    item: Item
    kind: str
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Waves:
    """`tasks` and when each was asked, the oldest first; the questions by key. Waves count as samples of their own."""

    tasks: list[Task]
    when: list[datetime | None]
    questions: dict[str, Tracked]


def waves_of(task: Task, user: Any, answers: Answers | None = None) -> Waves | None:
    """Of a task that follows others. What is not for this reader is no wave. None where fewer than two are left."""
    chain = [*earlier_waves(task), task]
    surveys = [survey for one in chain if (survey := getattr(one, "survey", None)) and can_see_results(user, survey)]
    if len(surveys) < 2 or surveys[-1].task_id != task.pk:
        return None
    asked = [Answers(survey) for survey in surveys[:-1]] + [answers or Answers(surveys[-1])]
    return Waves(
        tasks=[survey.task for survey in surveys],
        when=[survey.task.opened_at for survey in surveys],
        questions=track([{one.item.key: one for one in all_results(each)} for each in asked]),
    )


def earlier_waves(task: Task) -> list[Task]:
    """Those that this task follows, the oldest first."""
    chain, known = [task], {task.pk}
    while chain[0].parent_id and chain[0].parent_id not in known and len(chain) < MOST_WAVES:
        parent = Task.objects.select_related("survey", "audience").get(pk=chain[0].parent_id)
        known.add(parent.pk)
        chain.insert(0, parent)
    return chain[:-1]


def track(waves: Sequence[Mapping[str, Results]]) -> dict[str, Tracked]:
    """The questions of the last wave that an earlier one asked as well, of the same kind under the same key.

    Everything is read off what each wave tells already, so it tells nothing more.
    """
    found: dict[str, Tracked] = {}
    for key, last in waves[-1].items():
        same = [one if (one := wave.get(key)) and one.item.type == last.item.type else None for wave in waves]
        if sum(one is not None for one in same) < 2 or (kind := _kind(last.item)) is None:
            continue
        lines = _lines(last.item, kind, same)
        if any(sum(point is not None for point in line.points) > 1 for line in lines):
            found[key] = Tracked(item=last.item, kind=kind, lines=lines)
    return _with_q(found)


def _kind(item: Item) -> str | None:
    if item.type in CHOICES:
        return "share"
    return {T.RATING: "mean", T.NUMBER: "mean", T.NPS: "nps"}.get(T(item.type))


def _lines(item: Item, kind: str, same: Sequence[Results | None]) -> list[Line]:
    told = [one if one is not None and not one.suppressed else None for one in same]
    if kind == "share":
        return [_option(choice.key, choice.label, told) for choice in item.choices]
    if kind == "nps":
        points = [_score(one) if one else None for one in told]
        changed = _between(told, lambda one: one.promoters, nps_change)
    else:
        fits = [one if one is not None and _scale(one.item) == _scale(item) else None for one in told]
        points = [one.mean if one else None for one in fits]
        changed = _between(fits, _moments, mean_change)
    return [Line(key="", label=item.text, points=points, change=changed)]


def _scale(item: Item) -> tuple[int, int] | None:
    """Ratings on different scales do not compare."""
    return (item.scale[0], item.scale[-1]) if item.type == T.RATING else None


def _score(one: Results) -> Said | None:
    if one.nps is None:
        return None
    score, margin = one.nps
    return score, score - margin, score + margin


def _option(key: str, label: str, told: Sequence[Results | None]) -> Line:
    each: list[tuple[Share, int] | None] = []
    for one in told:
        option = next((option for option in one.options if option.key == key), None) if one else None
        each.append((option, one.base) if one and option and not option.suppressed else None)
    change = None
    if each[-1] and each[-2]:
        (before, n), (after, m) = each[-2], each[-1]
        change = share_change(before.count, n, after.count, m)
    return Line(key=key, label=label, points=[one[0].share if one else None for one in each], change=change)


def _between(told: Sequence[Results | None], read, test) -> Change | None:
    before, after = told[-2:]
    if before is None or after is None or (first := read(before)) is None or (second := read(after)) is None:
        return None
    return test(first, second)


def _moments(one: Results) -> tuple[float, float, int] | None:
    if one.rating:
        return one.rating.mean, one.rating.variance, one.rating.n
    if one.number:
        return one.number.value, one.number.standard_error**2 * one.number.n, one.number.n
    return None


def _with_q(found: dict[str, Tracked]) -> dict[str, Tracked]:
    tested = [line for one in found.values() for line in one.lines if line.change and math.isfinite(line.change.low)]
    corrected = iter(benjamini_hochberg([line.change.p_value for line in tested]))
    q_of = {id(line): next(corrected) for line in tested}
    return {
        key: replace(one, lines=[replace(line, q=q_of.get(id(line))) for line in one.lines])
        for key, one in found.items()
    }
