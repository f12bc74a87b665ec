"""Intervals for one share and for the difference of two."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

from kocforum.stats.counts import NAN, exp, part_of

Interval = tuple[float, float]


@lru_cache(maxsize=32)
def normal_quantile(confidence: float = 0.95) -> float:
    """The two-sided standard normal quantile: 1.959963984540054 for 0.95, not 1.96.

    Raises ValueError unless 0 < confidence < 1.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, not {confidence!r}")
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def wilson(successes: int, n: int, confidence: float = 0.95) -> Interval:
    """Score interval (low, high) of a share, both in [0, 1]; (nan, nan) when n is 0.

    Raises ValueError for negative counts or more successes than trials.
    Source: E. B. Wilson (1927), JASA 22:209–212, without continuity correction.
    """
    successes, n = part_of(successes, n)
    return wilson_of_share(successes / n if n else NAN, n, confidence)


def wilson_of_share(p: float, n: float, confidence: float = 0.95) -> Interval:
    """The same for a share p of n people where n need not be whole: an effective sample size. Nan when n is 0."""
    z = normal_quantile(confidence)
    if not n:
        return NAN, NAN
    z2 = z * z
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    low = 0.0 if p == 0 else max(0.0, middle - half)
    high = 1.0 if p == 1 else min(1.0, middle + half)
    return min(low, p), max(high, p)


def newcombe(successes: int, n: int, other_successes: int, other_n: int, confidence: float = 0.95) -> Interval:
    """Hybrid score interval (low, high) of successes/n − other_successes/other_n, in [−1, 1]; nan when an n is 0.

    Raises ValueError as `wilson` does.
    Source: R. G. Newcombe (1998), Statistics in Medicine 17:873–890, method 10.
    """
    low1, high1 = wilson(successes, n, confidence)
    low2, high2 = wilson(other_successes, other_n, confidence)
    if not n or not other_n:
        return NAN, NAN
    p1, p2 = successes / n, other_successes / other_n
    difference = p1 - p2
    return (
        max(-1.0, difference - math.hypot(p1 - low1, high2 - p2)),
        min(1.0, difference + math.hypot(high1 - p1, p2 - low2)),
    )


def log_interval(estimate_log: float, standard_error: float, confidence: float = 0.95) -> Interval:
    """exp(log ± z·se): the interval of a ratio whose logarithm is about normal."""
    reach = normal_quantile(confidence) * standard_error
    return exp(estimate_log - reach), exp(estimate_log + reach)
