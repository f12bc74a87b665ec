"""Many conditions looked at in one run: how many of the findings would be chance."""

from __future__ import annotations

import math
from collections.abc import Iterable


def benjamini_hochberg(p_values: Iterable[float]) -> list[float]:
    """Adjusted p values (q) in the order given, in [0, 1]; q ≤ 0.10 keeps the expected share of false findings at 10 %.

    A nan stays nan and is not counted as a test. Raises ValueError for a p outside [0, 1].
    Source: Benjamini, Hochberg (1995), JRSS B 57:289–300.
    """
    return _step_up(p_values, lambda m: 1.0)


def benjamini_yekutieli(p_values: Iterable[float]) -> list[float]:
    """The same under any dependence between the tests, for slices that somebody cut on the spot: q · Σ 1/i.

    Source: Benjamini, Yekutieli (2001), Annals of Statistics 29:1165–1188.
    """
    return _step_up(p_values, lambda m: math.fsum(1 / i for i in range(1, m + 1)))


def _step_up(p_values: Iterable[float], penalty) -> list[float]:
    p_values = [float(p) for p in p_values]
    if any(p < 0 or p > 1 for p in p_values):
        raise ValueError("p values lie between 0 and 1")
    q_values = list(p_values)
    tested = sorted((i for i, p in enumerate(p_values) if not math.isnan(p)), key=p_values.__getitem__)
    factor, least = len(tested) * penalty(len(tested)), 1.0
    for rank in range(len(tested), 0, -1):
        place = tested[rank - 1]
        least = min(least, p_values[place] * factor / rank)
        q_values[place] = least
    return q_values
