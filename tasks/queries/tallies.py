"""What people answered to one question, counted: by kind of question, before anything is hidden or shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..enums import QuestionType as T
from ..rules.questionnaire import CANNOT_JUDGE, CHOICES, WORDS, Item


@dataclass(frozen=True, kw_only=True)
class Tally:
    """People by what they did with a question.

    `base` saw it, `answered` answered it, `cannot_judge` said so, the rest left it out. `counts`: people by option or
    step. `rows`: of a matrix, `counts` by row. `values`: answers that are not counted by option (words, orders, sets).
    """

    base: int = 0
    answered: int = 0
    cannot_judge: int = 0
    counts: Mapping[Any, int] = field(default_factory=dict)
    rows: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    values: tuple[Any, ...] = ()

    @property
    def missing(self) -> int:
        return self.base - self.answered - self.cannot_judge


def tally(item: Item, answers: Iterable[Mapping[str, Any]]) -> Tally:
    """Count the answers to one question; `answers` are whole responses as they are kept."""
    seen = [one for one in answers if item.key in one]
    given = [one[item.key] for one in seen if one[item.key] is not None]
    judged = [value for value in given if value != CANNOT_JUDGE]
    counted = _COUNTERS.get(T(item.type), _as_they_are)(item, judged)
    if item.wordy:
        counted["values"] = tuple(words for one in seen if (words := one.get(item.key + WORDS)))
    return Tally(base=len(seen), answered=len(judged), cannot_judge=len(given) - len(judged), **counted)


def _chosen(item: Item, values: list[Any]) -> dict[str, Any]:
    counts = Counter(key for value in values for key in (value if isinstance(value, list) else [value]))
    return {"counts": {choice.key: counts[choice.key] for choice in item.choices}}


def _steps(item: Item, values: list[Any]) -> dict[str, Any]:
    counts = Counter(values)
    return {"counts": {step: counts[step] for step in item.scale}}


def _numbers(item: Item, values: list[Any]) -> dict[str, Any]:
    return {"counts": dict(sorted(Counter(values).items()))}


def _matrix(item: Item, values: list[Any]) -> dict[str, Any]:
    rows = {}
    for choice in item.choices:
        counts = Counter(value[choice.key] for value in values if value.get(choice.key) not in (None, CANNOT_JUDGE))
        rows[choice.key] = {step: counts[step] for step in item.scale}
    return {"rows": rows}


def _as_they_are(item: Item, values: list[Any]) -> dict[str, Any]:
    return {"values": tuple(values)}


_COUNTERS: dict[T, Callable[[Item, list[Any]], dict[str, Any]]] = {
    **dict.fromkeys((T(kind) for kind in CHOICES), _chosen),
    T.RATING: _steps,
    T.NPS: _steps,
    T.NUMBER: _numbers,
    T.MATRIX: _matrix,
}
