"""How strongly a condition points at failure: the scores that put conditions in order, none of which is a proof."""

from __future__ import annotations

import math

from kocforum.stats.counts import NAN, share, whole


def importance(a: int, b: int, c: int, d: int, failing: int) -> float:
    """Harmonic mean of Increase and ln a / ln failing, in [0, 1]: specific to failure, and covering many of them.

    `failing` counts all failing cases, also those that did not observe the condition. 0.0 where Increase is not
    positive or a ≤ 1. Raises ValueError for negative or broken counts.
    Source: Liblit, Naik, Zheng, Aiken, Jordan (2005), Scalable Statistical Bug Isolation, PLDI, §3.3.
    """
    a, b, c, d, failing = (whole(cell) for cell in (a, b, c, d, failing))
    surplus, below = a * d - b * c, (a + b) * (a + b + c + d)
    if a <= 1 or failing <= 1 or surplus <= 0:
        return 0.0
    coverage = min(1.0, math.log(a) / math.log(failing))
    increase = surplus / below
    return 2 * increase * coverage / (increase + coverage) if increase else 0.0


def increase_z(a: int, b: int, c: int, d: int) -> float:
    """z of "the condition is commoner among failing than among fine cases": Increase has a positive lower bound
    where z > 1.96. Nan when a column is empty, ± infinity for a perfect split.

    Source: Liblit et al. (2005), §3.2: (p_f − p_s) / √(p_f(1−p_f)/F + p_s(1−p_s)/S). In small tables it is kinder
    than Fisher's test, which therefore decides.
    """
    failing, fine = a + c, b + d
    if not (failing and fine):
        return NAN
    p_failing, p_fine = a / failing, b / fine
    variance = p_failing * (1 - p_failing) / failing + p_fine * (1 - p_fine) / fine
    gap = a * d - b * c
    if variance <= 0:
        return math.copysign(math.inf, gap) if gap else 0.0
    return (p_failing - p_fine) / math.sqrt(variance)


def ochiai(a: int, b: int, c: int, d: int) -> float:
    """a / √((a+c)(a+b)), in [0, 1]; 0.0 when a is 0. Breaks ties in a list. Source: Abreu et al. (2007), TAIC PART."""
    return min(1.0, a / math.sqrt((a + c) * (a + b))) if a else 0.0


def tarantula(a: int, b: int, c: int, d: int) -> float:
    """(a/F) / (a/F + b/S), in [0, 1]; nan where nothing is observed. Source: Jones, Harrold (2005), ASE."""
    in_failing, in_fine = a / (a + c) if a else 0.0, b / (b + d) if b else 0.0
    return share(in_failing, in_failing + in_fine)


def dstar(a: int, b: int, c: int, d: int) -> float:
    """a² / (b + c); infinite for a perfect split. Source: Wong et al. (2014), IEEE Trans. Reliability 63, D* with *=2."""
    if not b + c:
        return math.inf if a else NAN
    return a * a / (b + c)


def phi(both: int, first: int, second: int, neither: int) -> float:
    """Correlation of two yes/no conditions, in [−1, 1]; nan when either never varies.

    `first` and `second` count the cases with only that one. Source: Pearson's mean square contingency, signed.
    """
    one, not_one, other, not_other = both + first, second + neither, both + second, first + neither
    if not (one and not_one and other and not_other):
        return NAN
    below = math.sqrt(one * other) * math.sqrt(not_one * not_other)
    return max(-1.0, min(1.0, (both * neither - first * second) / below))
