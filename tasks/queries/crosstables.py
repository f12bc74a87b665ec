"""A question by kinds of people as a table to look at: what chance explains has no colour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kocforum.stats import crosstab

from ..enums import QuestionType as T
from .answers import Answers
from .groups import Comparison, Group, compared_by
from .results import Share
from .segments import labels_of

MARKED = 2  # standard errors that a cell lies off, adjusted: worth a look
FEW = 30  # people of a group below which a share says little


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One option in one group. `mark`: "more" or "less" than elsewhere, beyond chance, or "". No share where it is hidden."""

    label: str
    share: tuple[float, float, float] | None
    count: int = 0
    mark: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One group in words; `few`: under thirty people. `cells` are empty where it is hidden whole."""

    key: str
    label: str
    base: int
    cells: list[Cell]
    few: bool = False
    suppressed: bool = False


@dataclass(frozen=True, kw_only=True)
class Crossed:
    """One question. `q`: how sure it is that the groups differ, over all questions; None where there is nothing to compare."""

    columns: list[str]
    rows: list[Row]
    p: float | None
    q: float | None
    notable: bool

    @property
    def told(self) -> list[Row]:
        return [row for row in self.rows if not row.suppressed]

    @property
    def marked(self) -> bool:
        return any(cell.mark for row in self.rows for cell in row.cells)


def crossed_by(answers: Answers, by: str, user: Any) -> dict[str, Crossed]:
    """By key of the question; empty where the gate says no. `by`: model, version, koc_level or city."""
    found = compared_by(answers, by, user) or []
    labels = labels_of(by, {group.key for one in found for group in one.groups})
    return {one.item.key: crossed(one, labels) for one in found}


def crossed(found: Comparison, labels: dict[str, str]) -> Crossed:
    """Marks are read off the counts that are told, so they tell nothing more."""
    marks = marks_of(found)
    columns = next((group.shares for group in found.groups if not group.suppressed), [])
    return Crossed(
        columns=[share.label for share in columns],
        rows=[_row(group, labels[group.key], marks) for group in found.groups],
        p=found.p,
        q=found.q,
        notable=found.notable,
    )


def _row(group: Group, label: str, marks: dict[tuple[str, str], str]) -> Row:
    cells = [
        Cell(label=share.label, share=share.share, count=share.count, mark=marks.get((group.key, share.key), ""))
        for share in group.shares
    ]
    few = not group.suppressed and group.base < FEW
    return Row(key=group.key, label=label, base=group.base, cells=cells, few=few, suppressed=group.suppressed)


def marks_of(found: Comparison) -> dict[tuple[str, str], str]:
    """{(group, option): "more" or "less"} where the groups differ by more than chance; by adjusted residuals."""
    told = [group for group in found.groups if not group.suppressed]
    if not found.notable or len(told) < 2:
        return {}
    keys = [share.key for share in told[0].shares if not share.suppressed]
    shares = [{share.key: share for share in group.shares} for group in told]
    if found.item.type == T.MULTIPLE:
        residuals = _each_option(told, shares, keys)
    else:
        residuals = crosstab([[row[key].count for key in keys] for row in shares]).residuals
    return {
        (group.key, key): "more" if off > 0 else "less"
        for group, row in zip(told, residuals, strict=True)
        for key, off in zip(keys, row, strict=True)
        if math.isfinite(off) and abs(off) >= MARKED
    }


def _each_option(told: Sequence[Group], shares: Sequence[dict[str, Share]], keys: Sequence[str]) -> list[list[float]]:
    """Several options per person: each against not choosing it."""
    columns = [
        [
            row[0]
            for row in crosstab(
                [
                    [of_group[key].count, group.base - of_group[key].count]
                    for group, of_group in zip(told, shares, strict=True)
                ]
            ).residuals
        ]
        for key in keys
    ]
    return [[column[place] for column in columns] for place in range(len(told))]
