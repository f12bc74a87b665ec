"""Signs that some answered without reading: how many, never who. A reason to look, not to throw anything away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from kocforum.stats import speed_limit, straight_liner

from ..enums import QuestionType as T
from ..rules.questionnaire import CANNOT_JUDGE, Item
from ..rules.surveys import FEWEST, can_see_results
from .answers import Answers

TO_FIVE = 5  # seconds: a median of few people is somebody's own time


@dataclass(frozen=True, kw_only=True)
class Hurried:
    """Of `people`: `speeders` took less than a third of the median time, `flat` gave one answer to a whole matrix.

    None where fewer than five did or did not, or where it is not known (an anonymous survey keeps no time; there may be
    no matrix). `seconds`: the median to five seconds; None of fewer than five people.
    """

    people: int
    seconds: int | None = None
    speeders: int | None = None
    flat: int | None = None
    has_matrix: bool = False


def hurried(answers: Answers, user: Any) -> Hurried | None:
    """Behind the gate of the results; None where it says no."""
    if not can_see_results(user, answers.survey):
        return None
    return answers.kept("hurried", lambda: flags(answers.items, list(zip(answers.seconds, answers.said, strict=True))))


def flags(items: Sequence[Item], rows: Sequence[tuple[int | None, Mapping[str, Any]]]) -> Hurried:
    """`rows`: (seconds, answers) of each response."""
    times = [seconds for seconds, _answers in rows if seconds is not None]
    limit = speed_limit(times)
    matrices = [item for item in items if item.type == T.MATRIX]
    seen = [answers for _seconds, answers in rows if any(answers.get(item.key) for item in matrices)]
    flat = sum(any(_flat(item, answers.get(item.key)) for item in matrices) for answers in seen)
    return Hurried(
        people=len(rows),
        seconds=TO_FIVE * round(median(times) / TO_FIVE) if len(times) >= FEWEST else None,
        speeders=_told(sum(seconds < limit for seconds in times), len(times)),
        flat=_told(flat, len(seen)),
        has_matrix=bool(matrices),
    )


def _flat(item: Item, value: Any) -> bool:
    if not isinstance(value, Mapping) or not value:
        return False
    given = list(value.values())
    if CANNOT_JUDGE not in given and given.count(given[0]) != len(given):
        return False  # most people, at once
    judged = {row: step for row, step in value.items() if step != CANNOT_JUDGE}
    return straight_liner(judged, _rows(item))


def _rows(item: Item) -> Iterable[str]:
    return [choice.key for choice in item.choices]


def _told(count: int, of: int) -> int | None:
    """A number of people only beside five who are in it and five who are not, or nobody."""
    if of < FEWEST or 0 < count < FEWEST or 0 < of - count < FEWEST:
        return None
    return count
