"""The association that is left when a second condition is held still."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from kocforum.stats.counts import NAN, share, whole
from kocforum.stats.intervals import Interval, log_interval

Stratum = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class MantelHaenszel:
    """`odds_ratio` pooled over strata, `ci`, and `p_value` of the Cochran–Mantel–Haenszel test (`statistic`).

    `heterogeneity_p` is Breslow and Day's test that the strata share one odds ratio; nan means it cannot be tested,
    which is never evidence of a difference. `strata` counts those with no empty margin: only they say anything.
    """

    odds_ratio: float
    ci: Interval
    p_value: float
    statistic: float
    heterogeneity_p: float
    strata: int


def mantel_haenszel(
    strata: Iterable[tuple[int, int, int, int]], confidence: float = 0.95, *, correction: float = 0.0
) -> MantelHaenszel:
    """Pool tables (a, b, c, d), one per stratum, rows with and without the condition, columns failing and fine.

    Odds ratio Σ(ad/n) / Σ(bc/n): nan without an informative stratum, 0 or infinite (with a nan interval) where one sum
    is zero. `correction` (½, say) is added to every cell of the informative strata for ratio and interval only.
    Raises ValueError for negative or broken counts.
    Sources: Mantel, Haenszel (1959), JNCI 22:719–748, statistic without continuity correction; interval by Robins,
    Breslow, Greenland (1986), Biometrics 42:311–323; Breslow, Day (1980), Statistical Methods in Cancer Research I §4.4.
    """
    told = [tuple(whole(cell) for cell in stratum) for stratum in strata]
    if any(len(stratum) != 4 for stratum in told):
        raise ValueError("a stratum is (a, b, c, d)")
    tables = [(a, b, c, d) for a, b, c, d in told if (a + b) and (c + d) and (a + c) and (b + d)]
    ratio, ci = _pooled([tuple(cell + correction for cell in t) if correction else t for t in tables], confidence)
    statistic = _cmh(tables)
    return MantelHaenszel(
        odds_ratio=ratio,
        ci=ci,
        p_value=math.erfc(math.sqrt(statistic / 2)),
        statistic=statistic,
        heterogeneity_p=_breslow_day(tables, ratio),
        strata=len(tables),
    )


def _pooled(tables: list, confidence: float) -> tuple[float, Interval]:
    for_, against, pr, ps_qr, qs = 0.0, 0.0, 0.0, 0.0, 0.0
    for a, b, c, d in tables:
        n = a + b + c + d
        p, q, r, s = (a + d) / n, (b + c) / n, a * d / n, b * c / n
        for_, against = for_ + r, against + s
        pr, ps_qr, qs = pr + p * r, ps_qr + p * s + q * r, qs + q * s
    if not (for_ or against):
        return NAN, (NAN, NAN)
    if not (for_ and against):
        return (0.0 if not for_ else math.inf), (NAN, NAN)
    error = math.sqrt(pr / (2 * for_**2) + ps_qr / (2 * for_ * against) + qs / (2 * against**2))
    return for_ / against, log_interval(math.log(for_ / against), error, confidence)


def _cmh(tables: list) -> float:
    gap, variance = 0.0, 0.0
    for a, b, c, d in tables:
        n = a + b + c + d
        gap += (a * d - b * c) / n
        variance += (a + b) * (c + d) / n * (a + c) / n * (b + d) / (n - 1)
    return share(gap * gap, variance) if variance else 0.0


def _breslow_day(tables: list, ratio: float) -> float:
    if len(tables) < 2 or not (ratio > 0 and math.isfinite(ratio)):
        return NAN
    statistic = 0.0
    for a, b, c, d in tables:
        row, other_row, column = a + b, c + d, a + c
        expected = _expected(row, other_row, column, ratio)
        rest = (expected, row - expected, column - expected, other_row - column + expected)
        if min(rest) <= 0:
            return NAN
        statistic += (a - expected) ** 2 * sum(1 / cell for cell in rest)
    if len(tables) == 2:
        return math.erfc(math.sqrt(statistic / 2))
    from scipy.special import gammaincc

    return float(gammaincc((len(tables) - 1) / 2, statistic / 2))


def _expected(row: int, other_row: int, column: int, ratio: float) -> float:
    """The cell a that these margins would hold if the odds ratio were `ratio`: the admissible root of a quadratic,
    in whichever form does not cancel; the textbook form is 0/0 at ratio = 1."""
    second = 1 - ratio
    first = other_row - column + ratio * (row + column)
    none = -ratio * row * column
    root = math.sqrt(max(0.0, first * first - 4 * second * none))
    return -2 * none / (first + root) if first >= 0 else (root - first) / (2 * second)
