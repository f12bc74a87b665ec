"""When nobody is fine: is a condition told more often with this trouble than with all other troubles?

Voluntary reports give shares of reports, never how often a thing happens.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from kocforum.stats.counts import NAN, share
from kocforum.stats.intervals import Interval, normal_quantile
from kocforum.stats.tables import odds_ratio, risk_ratio


@dataclass(frozen=True, slots=True)
class InformationComponent:
    """`ic` in bits, with `low` and `high`; a signal where `low` > 0."""

    ic: float
    low: float
    high: float


def information_component(observed: float, expected: float, confidence: float = 0.95) -> InformationComponent:
    """log2((O + ½)/(E + ½)) with the quantiles of Gamma(O + ½, rate E + ½): rare cells shrink towards 0.

    `observed` reports that have both, `expected` (a+b)(a+c)/N. Nan where one of them is nan; ValueError when negative.
    Source: Norén, Hopstadius, Bate (2013), Statistical Methods in Medical Research 22:57–69.
    """
    from scipy.special import gammaincinv

    normal_quantile(confidence)  # refuses a confidence outside (0, 1)
    if math.isnan(observed) or math.isnan(expected):
        return InformationComponent(NAN, NAN, NAN)
    if observed < 0 or expected < 0:
        raise ValueError("observed and expected are not negative")
    shape, rate = float(observed) + 0.5, float(expected) + 0.5
    tail = (1 - confidence) / 2

    def bits(x: float) -> float:
        return math.log2(x) - math.log2(rate) if x > 0 else -math.inf

    return InformationComponent(
        ic=bits(shape), low=bits(float(gammaincinv(shape, tail))), high=bits(float(gammaincinv(shape, 1 - tail)))
    )


def expected_count(a: int, b: int, c: int, d: int) -> float:
    """(a+b)(a+c)/N: reports with both, if the two had nothing to do with each other; nan for an empty table."""
    return share((a + b) * (a + c), a + b + c + d)


def proportional_reporting_ratio(a: int, b: int, c: int, d: int, confidence: float = 0.95) -> tuple[float, Interval]:
    """[a/(a+b)] / [c/(c+d)] with its log interval. Source: Evans, Waller, Davis (2001), Pharmacoepidemiology 10:483."""
    return risk_ratio(a, b, c, d, confidence)


def reporting_odds_ratio(a: int, b: int, c: int, d: int, confidence: float = 0.95) -> tuple[float, Interval]:
    """ad/bc with Woolf's interval. Source: van Puijenbroek et al. (2002), Pharmacoepidemiology 11:3–10."""
    return odds_ratio(a, b, c, d, confidence)


def yates_chi_square(a: int, b: int, c: int, d: int) -> float:
    """Chi-square with Yates's correction (1934), one degree of freedom; 0.0 when a margin is empty."""
    margins = (a + b, c + d, a + c, b + d)
    if not all(margins):
        return 0.0
    n = a + b + c + d
    return n * max(0.0, abs(a * d - b * c) - n / 2) ** 2 / math.prod(margins)
