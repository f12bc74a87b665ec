"""Signs that somebody answered without reading. A flag is a reason to look, never by itself one to throw away."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from itertools import groupby
from statistics import median
from typing import TypeVar

from kocforum.stats.counts import NAN, whole

FAST = 1 / 3
FEW_PEOPLE = 5
FEW_ROWS = 4

Question = TypeVar("Question", bound=Hashable)
Said = tuple[Question, object]


def speed_limit(all_seconds: Iterable[float], part: float = FAST, *, people: int = FEW_PEOPLE) -> float:
    """The seconds below which somebody is a speeder: `part` of the median; nan (flagging none) below so many `people`.

    Raises ValueError for seconds that are negative or no finite number, and for a part outside 0 … 1.
    Source: Greszki, Meyer, Schoen (2015), Public Opinion Quarterly 79:471–503, on limits relative to the median.
    """
    if not 0 <= part <= 1:
        raise ValueError(f"part must lie between 0 and 1, not {part!r}")
    known = [_seconds(value) for value in all_seconds]
    return part * median(known) if known and len(known) >= whole(people, "people") else NAN


def speeder(seconds: float, all_seconds: Iterable[float], part: float = FAST, *, people: int = FEW_PEOPLE) -> bool:
    """Whether somebody took less than `part` of the median of `all_seconds` (their own among them).

    For many people ask `speed_limit` once. Raises ValueError as it does.
    """
    return _seconds(seconds) < speed_limit(all_seconds, part, people=people)


def longest_run(answers: Iterable[object]) -> int:
    """The most answers in a row that are the same, in the order the questions stood; None (left out) ends a run.

    Source: the LongString index of Meade, Craig (2012), Psychological Methods 17:437–455.
    """
    return max((sum(1 for _ in same) for value, same in groupby(answers) if value is not None), default=0)


def straight_liner(answers: Mapping[Question, object], scale_rows: Iterable[Question], *, rows: int = FEW_ROWS) -> bool:
    """Whether somebody gave one answer to all `scale_rows` of a matrix that they answered, and to at least `rows`.

    It says most where some rows are put the other way round; where all rows ask for the same, people may mean it.
    """
    given = [answer for row in dict.fromkeys(scale_rows) if (answer := answers.get(row)) is not None]
    return len(given) >= max(2, whole(rows, "rows")) and all(answer == given[0] for answer in given)


def contradictions(
    answers: Mapping[Question, object], never_together: Iterable[tuple[Said, Said]]
) -> tuple[tuple[Said, Said], ...]:
    """The pairs ((question, value), (question, value)) of `never_together` that somebody said both of.

    A value is said when it is the answer or, for several choices in a list or set, one of them.
    """
    return tuple((one, other) for one, other in never_together if _said(answers, one) and _said(answers, other))


def _said(answers: Mapping[Question, object], what: Said) -> bool:
    question, value = what
    answer = answers.get(question)
    return answer is not None and (
        answer == value or (isinstance(answer, list | tuple | set | frozenset) and value in answer)
    )


def _seconds(value: float) -> float:
    try:
        known = float(value)
    except (TypeError, ValueError) as problem:
        raise ValueError(f"seconds must be a number, not {value!r}") from problem
    if not 0 <= known < math.inf:
        raise ValueError(f"seconds must be a finite number from 0 upwards, not {value!r}")
    return known
