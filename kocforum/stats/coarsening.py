"""Rows about people made coarse enough that none stands alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

Row = dict[str, Any]


def coarsen(rows: Sequence[Mapping[str, Any]], dropped: Sequence[str], least: int = 5) -> list[Row]:
    """The same rows, in their order, with facts left out until every combination that is shown belongs to `least` rows.

    `dropped` names the facts in the order in which they are given up; what it does not name is left as it is and does
    not count as telling. Rows that already stand with enough others keep everything; the rest gives up the next fact, and
    so on. What is left at the end with nothing shown, and is too few, is joined by the smallest combination that was
    shown. Fewer than `least` rows in all lose every fact.
    Raises ValueError for a `least` below 1.
    Source: k-anonymity by local suppression; Sweeney (2002), Int. J. Uncertainty, Fuzziness and Knowledge-Based Systems
    10(5):571–588.
    """
    if least < 1:
        raise ValueError(f"at least one row, not {least}")
    shown: dict[int, tuple[str, ...]] = {}
    classes: list[list[int]] = []
    waiting = list(range(len(rows)))
    for step in range(len(dropped)):
        names = tuple(name for name in dropped[step:] if name)
        groups: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for place in waiting:
            groups[tuple(rows[place].get(name) for name in names)].append(place)
        waiting = []
        for members in groups.values():
            if len(members) < least:
                waiting += members
                continue
            classes.append(members)
            shown.update(dict.fromkeys(members, names))
    while 0 < len(waiting) < least and classes:
        smallest = min(classes, key=len)
        classes.remove(smallest)
        waiting += smallest
        for place in smallest:
            del shown[place]
    return [_kept(row, dropped, shown.get(place, ())) for place, row in enumerate(rows)]


def _kept(row: Mapping[str, Any], facts: Sequence[str], names: Sequence[str]) -> Row:
    return {name: value for name, value in row.items() if name not in facts or name in names}
