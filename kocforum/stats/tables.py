"""One condition against one outcome: the two-by-two table and everything read off it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from kocforum.stats.counts import NAN, share, whole
from kocforum.stats.exact import fisher
from kocforum.stats.intervals import Interval, log_interval, newcombe

NOTHING: Interval = (NAN, NAN)


@dataclass(frozen=True, slots=True)
class TwoByTwo:
    """A table [[a, b], [c, d]]: rows with and without the condition, columns failing and fine; cases that observed it.

    `failure` a/(a+b), `context` the share failing in all, `increase` their difference (Liblit et al. 2005).
    Ratios and differences compare the row with the condition to the row without. An empty margin compares nothing:
    ratios, difference and their intervals are nan and `p_value` is 1.0. `corrected` says that a zero cell was met, and
    ½ was added to every cell for the odds ratio (and for the risk ratio where a or c is the zero).
    """

    a: int
    b: int
    c: int
    d: int
    failure: float
    context: float
    increase: float
    odds_ratio: float
    odds_ratio_ci: Interval
    p_value: float
    risk_ratio: float
    risk_ratio_ci: Interval
    risk_difference: float
    risk_difference_ci: Interval
    corrected: bool

    @property
    def cells(self) -> tuple[int, int, int, int]:
        return self.a, self.b, self.c, self.d

    @property
    def n(self) -> int:
        return self.a + self.b + self.c + self.d

    @property
    def comparable(self) -> bool:
        """No margin is empty."""
        return bool((self.a + self.b) and (self.c + self.d) and (self.a + self.c) and (self.b + self.d))


def two_by_two(a: int, b: int, c: int, d: int, confidence: float = 0.95) -> TwoByTwo:
    """Read the table: a failing and b fine with the condition, c failing and d fine without it.

    p by Fisher's exact test, two-sided; odds ratio with Woolf's interval (1955), by Haldane and Anscombe's ½ where a
    cell is zero; risk ratio with Katz's (1978); risk difference with Newcombe's (1998, method 10).
    Raises ValueError for negative or broken counts, never for an empty margin.
    """
    a, b, c, d = (whole(cell) for cell in (a, b, c, d))
    n, row, other_row = a + b + c + d, a + b, c + d
    # (ad − bc) / ((a+b) n) is failure − context without its rounding: exactly 0 where the condition says nothing
    increase = share(a * d - b * c, row * n)
    comparable = bool(row and other_row and (a + c) and (b + d))
    odds, odds_ci = odds_ratio(a, b, c, d, confidence) if comparable else (NAN, NOTHING)
    risk, risk_ci = risk_ratio(a, b, c, d, confidence) if comparable else (NAN, NOTHING)
    return TwoByTwo(
        a=a,
        b=b,
        c=c,
        d=d,
        failure=share(a, row),
        context=share(a + c, n),
        increase=increase,
        odds_ratio=odds,
        odds_ratio_ci=odds_ci,
        p_value=fisher(a, b, c, d),
        risk_ratio=risk,
        risk_ratio_ci=risk_ci,
        risk_difference=share(a * d - b * c, row * other_row) if comparable else NAN,
        risk_difference_ci=newcombe(a, row, c, other_row, confidence) if comparable else NOTHING,
        corrected=comparable and not (a and b and c and d),
    )


def odds_ratio(
    a: int, b: int, c: int, d: int, confidence: float = 0.95, *, correction: float | None = None
) -> tuple[float, Interval]:
    """ad/bc with Woolf's interval exp(ln OR ± z √(1/a+1/b+1/c+1/d)).

    `correction` is added to every cell; left out, it is ½ where a cell is zero (Haldane 1956, Anscombe 1956), else 0.
    """
    if correction is None:
        correction = 0.0 if a and b and c and d else 0.5
    if correction:
        a, b, c, d = a + correction, b + correction, c + correction, d + correction  # type: ignore[assignment]
    if not (a and b and c and d):
        return NAN, NOTHING
    log = math.log(a) + math.log(d) - math.log(b) - math.log(c)
    return (a * d) / (b * c), log_interval(log, math.sqrt(1 / a + 1 / b + 1 / c + 1 / d), confidence)


def risk_ratio(a: int, b: int, c: int, d: int, confidence: float = 0.95) -> tuple[float, Interval]:
    """[a/(a+b)] / [c/(c+d)] with Katz's log interval; ½ in every cell where a or c is zero. Nan where a row is empty."""
    if not (a + b and c + d):
        return NAN, NOTHING
    if not (a and c):
        a, b, c, d = a + 0.5, b + 0.5, c + 0.5, d + 0.5  # type: ignore[assignment]
    row, other_row = a + b, c + d
    log = math.log(a) - math.log(row) - math.log(c) + math.log(other_row)
    error = math.sqrt(max(0.0, 1 / a - 1 / row + 1 / c - 1 / other_row))
    return (a * other_row) / (c * row), log_interval(log, error, confidence)
