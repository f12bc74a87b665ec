"""Fisher's exact test in plain Python: no import to wait for, any size of table, ties kept."""

from __future__ import annotations

import math
from collections.abc import Iterator

from kocforum.stats.counts import whole

TIE = 1 + 1e-7  # two tables are equally likely when their probabilities agree this well, as in R's fisher.test
NEGLIGIBLE = 1e-18  # of this table's own probability: nothing beyond it shows in the sum
WIDE = 1e5  # variance of a cell beyond which the normal limit is as good and summing would take seconds


def fisher(a: int, b: int, c: int, d: int) -> float:
    """Two-sided p value of the table [[a, b], [c, d]], in [0, 1]; 1.0 when a margin is empty.

    Adds the probabilities of all tables with these margins that are no likelier than this one. The probabilities are
    built outwards from the likeliest by their ratios, so nothing overflows. Where a cell's variance passes
    100,000 (millions of cases in balanced margins), Pearson's chi-square stands in. Raises ValueError for negative counts.
    Source: R. A. Fisher (1934), Statistical Methods for Research Workers, §21.02.
    """
    a, b, c, d = (whole(cell) for cell in (a, b, c, d))
    row, other_row, column, other_column = a + b, c + d, a + c, b + d
    if not (row and other_row and column and other_column):
        return 1.0
    n = row + other_row
    if row * other_row * column * other_column / (n * n) / max(n - 1, 1) > WIDE:
        return pearson(a, b, c, d)
    lowest, highest = max(0, column - other_row), min(row, column)
    mode = min(max((row + 1) * (column + 1) // (n + 2), lowest), highest)
    own, weights = (1.0 if a == mode else 0.0), [1.0]
    towards = 1 if a > mode else -1
    for step in (towards, -towards):  # this table's side first: its own weight says how far to go
        for k, weight in _outwards(row, other_row, column, mode, step):
            weights.append(weight)
            if k == a:
                own = weight
            if weight < own * NEGLIGIBLE:
                break
        if not own:  # further out than floats reach
            return 0.0
    return min(1.0, math.fsum(w for w in weights if w <= own * TIE) / math.fsum(weights))


def _outwards(row: int, other_row: int, column: int, mode: int, step: int) -> Iterator[tuple[int, float]]:
    """Cells a from the mode up or down, with their probability relative to the mode's, until it vanishes."""
    weight, other = 1.0, other_row - column
    for k in range(mode, min(row, column)) if step > 0 else range(mode, max(0, -other), -1):
        if step > 0:
            weight *= (row - k) * (column - k) / ((k + 1) * (other + k + 1))
        else:
            weight *= k * (other + k) / ((row - k + 1) * (column - k + 1))
        if not weight:
            return
        yield k + step, weight


def pearson(a: int, b: int, c: int, d: int) -> float:
    """p value of Pearson's chi-square on one degree of freedom, uncorrected; 1.0 when a margin is empty."""
    margins = ((a + b), (c + d), (a + c), (b + d))
    if not all(margins):
        return 1.0
    spread = math.prod(math.sqrt(margin) for margin in margins)
    root = abs(a * d - b * c) / spread * math.sqrt(sum(margins) / 2)
    return math.erfc(root / math.sqrt(2))


def least_p(a: int, b: int, c: int, d: int) -> float:
    """The smallest p value that any table with these margins could reach.

    Three against three can never get below 0.1: such a table is too small, which is not the same as "no association".
    """
    row, other_row, column = a + b, c + d, a + c
    lowest, highest = max(0, column - other_row), min(row, column)
    ends = ((k, row - k, column - k, other_row - column + k) for k in (lowest, highest))
    return min(fisher(*cells) for cells in ends)
