"""Two questions against each other: a table of any size, its test, and the cells that stand out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kocforum.stats.counts import NAN, whole

if TYPE_CHECKING:
    import numpy as np

DRAWS = 2000
SEED = 20_260_101
FEW = 5


@dataclass(frozen=True, slots=True)
class Crosstab:
    """What a table of r rows and c columns says.

    `p_value` that rows and columns have nothing to do with each other: by `method` "chi-square" on
    `degrees_of_freedom`, "permutation" where an expected count is below 5, or "none" (p 1.0) where there is nothing to
    compare. `cramers_v` in [0, 1]. `expected` and `residuals` are r × c, as given: counts, and how many standard errors
    a cell lies off (adjusted; beyond ±2 worth a look, ±3 hardly chance); nan in an empty row or column, and wherever
    only one row or column has anybody. `n` is the total as given, `effective_n` what the test went by.
    """

    statistic: float
    degrees_of_freedom: int
    p_value: float
    method: str
    cramers_v: float
    expected: tuple[tuple[float, ...], ...]
    residuals: tuple[tuple[float, ...], ...]
    n: float
    effective_n: float


def crosstab(table: Sequence[Sequence[float]], *, effective_n: float | None = None, draws: int = DRAWS) -> Crosstab:
    """Test a table of counts, given as a list of rows of equal length.

    Pearson's chi-square without correction; where an expected count is below 5, `draws` random tables with the same
    margins from a fixed seed, p = (1 + as extreme) / (1 + draws), so the same table always has the same p. Empty rows
    and columns take no part.
    `effective_n`: the cells are sums of weights (any scale), and the table is tested as if so many people had answered:
    X² · n_eff / n. The random tables are then drawn to the margins of the scaled table, rounded to whole people.
    Raises ValueError for ragged rows, negative or broken counts (fractions, unless `effective_n` is given).
    Sources: Agresti (2013), Categorical Data Analysis, §3.3.1, for the residuals (n − μ) / √(μ (1 − p_row)(1 − p_col));
    Cramér (1946), §21.9; Rao, Scott (1981), JASA 76:221–230, first-order correction; Phipson, Smyth (2010), Statistical
    Applications in Genetics and Molecular Biology 9:39, for the p value of random draws; Patefield (1981), AS 159.
    """
    import numpy as np

    cells, scale = _read(table, effective_n)
    height, width = cells.shape
    total = float(cells.sum())
    rows, columns = cells.sum(axis=1) > 0, cells.sum(axis=0) > 0
    expected, residuals = np.full((height, width), NAN), np.full((height, width), NAN)
    kept = cells[np.ix_(rows, columns)] * scale
    least = min(kept.shape)
    statistic, p_value, method, v = NAN, 1.0, "none", NAN
    if total:
        mean = _expected(kept)
        expected[np.ix_(rows, columns)] = mean
    if total and least > 1:
        residuals[np.ix_(rows, columns)] = _adjusted(kept, mean)
        statistic = float(((kept - mean) ** 2 / mean).sum())
        v = min(1.0, math.sqrt(statistic / (total * scale * (least - 1))))
        method, p_value = _test(kept, mean, statistic, whole(draws, "draws"))
    return Crosstab(
        statistic=statistic,
        degrees_of_freedom=(kept.shape[0] - 1) * (kept.shape[1] - 1) if total else 0,
        p_value=p_value,
        method=method,
        cramers_v=v,
        expected=_tuples(expected),
        residuals=_tuples(residuals),
        n=total,
        effective_n=total * scale,
    )


def _read(table: Sequence[Sequence[float]], effective_n: float | None) -> tuple[np.ndarray, float]:
    """(cells as an array of floats, factor of the effective sample size)."""
    import numpy as np

    widths = {len(row) for row in table}
    if len(widths) > 1:
        raise ValueError(f"the rows of a table have one length, not {sorted(widths)}")
    if effective_n is None:
        cells = np.array([[whole(cell) for cell in row] for row in table], dtype=float)
        return cells.reshape(len(table), *(widths or {0})), 1.0
    cells = np.array([[_weight(cell) for cell in row] for row in table], dtype=float)
    cells = cells.reshape(len(table), *(widths or {0}))
    total = float(cells.sum())
    if not (math.isfinite(effective_n) and effective_n >= 0) or (total and not effective_n):
        raise ValueError(f"effective_n must be a positive number, not {effective_n!r}")
    return cells, effective_n / total if total else 1.0


def _weight(cell: float) -> float:
    try:
        number = float(cell)
    except (TypeError, ValueError) as problem:
        raise ValueError(f"a cell must be a number, not {cell!r}") from problem
    if not (math.isfinite(number) and number >= 0):
        raise ValueError(f"a cell must be a number from 0 upwards, not {cell!r}")
    return number


def _expected(cells: np.ndarray) -> np.ndarray:
    return cells.sum(axis=1)[:, None] * (cells.sum(axis=0) / cells.sum())


def _adjusted(cells: np.ndarray, mean: np.ndarray) -> np.ndarray:
    import numpy as np

    total = cells.sum()
    # the sum of the others, not 1 − share: exact where one row holds nearly everybody
    not_row = np.array([np.delete(cells, i, axis=0).sum() for i in range(len(cells))]) / total
    not_column = np.array([np.delete(cells, j, axis=1).sum() for j in range(cells.shape[1])]) / total
    return (cells - mean) / np.sqrt(mean * not_row[:, None] * not_column)


def _test(cells: np.ndarray, mean: np.ndarray, statistic: float, draws: int) -> tuple[str, float]:
    if mean.min() >= FEW or not draws:
        from scipy.special import chdtrc

        return "chi-square", float(chdtrc((cells.shape[0] - 1) * (cells.shape[1] - 1), statistic))
    return "permutation", _permuted(_whole_table(cells), draws)


def _permuted(cells: np.ndarray, draws: int) -> float:
    import numpy as np
    from scipy.stats import random_table

    cells = cells[np.ix_(cells.sum(axis=1) > 0, cells.sum(axis=0) > 0)]
    if min(cells.shape) < 2:
        return 1.0
    mean = _expected(cells.astype(float))
    drawn = random_table(cells.sum(axis=1), cells.sum(axis=0)).rvs(draws, random_state=np.random.default_rng(SEED))
    # With fixed margins X² is Σ n²/μ − n; the small allowance keeps equal tables equal when sums round differently.
    observed, others = (cells**2 / mean).sum(), (drawn**2 / mean).sum(axis=(1, 2))
    extreme = int((others >= observed * (1 - 1e-10)).sum())
    return (1 + extreme) / (1 + draws)


def _whole_table(cells: np.ndarray) -> np.ndarray:
    """The nearest table of whole people with (about) the same total: largest remainders are rounded up."""
    import numpy as np

    below = np.floor(cells + 1e-9)
    missing = round(float(cells.sum() - below.sum()))
    order = np.argsort(-(cells - below), axis=None, kind="stable")[:missing]
    below.flat[order] += 1
    return below.astype(np.int64)


def _tuples(values: np.ndarray) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in values.tolist())
