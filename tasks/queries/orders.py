"""Options in the order that people gave them: whole orders, best and worst of sets, one of two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kocforum.stats import borda, bradley_terry, count_scores

from ..enums import QuestionType as T
from ..rules.questionnaire import Item


@dataclass(frozen=True, kw_only=True)
class Placed:
    """One option in the common order, the best first.

    `score` on the scale of its kind: a whole order, how many of the other options it stands before, on average (0 … 1,
    Borda); sets, (best − worst) / shown (−1 … 1); pairs, the share of duels it wins against another picked at random
    (0 … 1, Bradley–Terry) with the interval `low` … `high`. `first`: the share that put it first, of whole orders only.
    """

    key: str
    label: str
    score: float
    low: float | None = None
    high: float | None = None
    first: float | None = None

    @property
    def part(self) -> float:
        """The score on 0 … 1, to draw it; sets are moved there from −1 … 1."""
        return self.score if self.low is not None or self.first is not None else (self.score + 1) / 2


def placed(item: Item, values: Sequence[Any]) -> list[Placed]:
    """The options of a question in the common order of `values`, answers as they are kept; empty for other kinds."""
    labels = {choice.key: choice.label for choice in item.choices}
    if item.type == T.RANKING:
        found = borda([[key for key in value if key in labels] for value in values], labels)
        return [Placed(key=one.item, label=labels[one.item], score=one.points, first=one.first_share) for one in found]
    if item.type == T.MAXDIFF:
        return _sets(labels, [one for value in values for one in value])
    if item.type == T.PAIRWISE:
        return _pairs(labels, values)
    return []


def _sets(labels: dict[str, str], sets: Sequence[dict[str, Any]]) -> list[Placed]:
    shown = Counter(dict.fromkeys(labels, 0))
    shown.update(key for one in sets for key in one["shown"])
    scores = count_scores(shown, Counter(one["best"] for one in sets), Counter(one["worst"] for one in sets))
    rows = [Placed(key=key, label=labels[key], score=score) for key, score in scores.items() if score == score]
    return sorted(rows, key=lambda row: -row.score)


def _pairs(labels: dict[str, str], values: Sequence[Any]) -> list[Placed]:
    duels, people = [], []
    for person, value in enumerate(values):
        for one in value:
            if one["chosen"] is not None:
                duels.append((one["chosen"], next(key for key in one["shown"] if key != one["chosen"])))
                people.append(person)
    found = bradley_terry(duels, labels, people)
    return [
        Placed(key=one.item, label=labels[one.item], score=one.wins_against_random, low=one.low, high=one.high)
        for one in found
    ]
