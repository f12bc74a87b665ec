"""Cases made to measure, and what several tests draw from."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from hypothesis import strategies as st

from kocforum.stats import Case

cells = st.tuples(*[st.integers(min_value=0, max_value=120)] * 4)
any_cells = st.tuples(*[st.integers(min_value=0)] * 4)


def close(value: float, expected: float, digits: int = 4) -> bool:
    """Equal as printed with so many digits after the point."""
    return abs(value - expected) <= 0.5000001 * 10**-digits


def cases_of(groups: Mapping[tuple, tuple[int, int]], *dimensions: str, **known) -> list[Case]:
    """Cases from {(value or None per dimension): (failing, fine)}; None is unobserved. One owner each."""
    owner = itertools.count()
    return [
        Case(
            owner=f"owner-{next(owner)}",
            vehicle="car",
            failing=failing,
            observed={d: {v} for d, v in zip(dimensions, values, strict=True) if v is not None},
            **known,
        )
        for values, counts in groups.items()
        for failing, n in zip((True, False), counts, strict=True)
        for _ in range(n)
    ]


TV_B = {("dark", "rain"): (18, 6), ("dark", "dry"): (9, 3), ("light", "rain"): (2, 6), ("light", "dry"): (9, 27)}
TV_E = {
    ("dark", "rain", "v24"): (3, 1),
    ("dark", "rain", "v23"): (15, 5),
    ("dark", "dry", "v24"): (3, 1),
    ("dark", "dry", "v23"): (6, 2),
    ("light", "rain", "v24"): (1, 1),
    ("light", "rain", "v23"): (1, 5),
    ("light", "dry", "v24"): (8, 2),
    ("light", "dry", "v23"): (1, 25),
}
