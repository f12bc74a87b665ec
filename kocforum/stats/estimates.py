"""One number read off a sample, with what it is worth."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kocforum.stats.counts import NAN
from kocforum.stats.intervals import Interval, normal_quantile

if TYPE_CHECKING:
    import numpy as np


HUGE = 1e75  # beyond it sums of squares overflow


@dataclass(frozen=True, slots=True)
class Estimate:
    """`value` with its `standard_error` and interval `low` … `high`, from `n` people who weigh as much as `effective_n`
    would without weights. All nan for nobody; the error and the interval are nan where nothing shows how far people
    differ (a single answer)."""

    value: float
    standard_error: float
    low: float
    high: float
    n: int
    effective_n: float


def t_interval(value: float, standard_error: float, freedom: float, confidence: float = 0.95) -> Interval:
    """value ± t·se with Student's quantile; (nan, nan) without degrees of freedom. ValueError as `normal_quantile`."""
    normal_quantile(confidence)
    if not freedom > 0 or math.isnan(standard_error):
        return NAN, NAN
    from scipy.special import stdtrit

    reach = float(stdtrit(freedom, 0.5 + confidence / 2)) * standard_error
    return value - reach, value + reach


def numbers(values: Iterable[float], what: str = "a value") -> np.ndarray:
    """The values as an array of floats; ValueError for what is no finite number."""
    import numpy as np

    values = list(values)
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError) as problem:
        raise ValueError(f"{what} must be a number") from problem
    if array.ndim != 1 or not (np.abs(array) < HUGE).all():
        raise ValueError(f"{what} must be one finite number each, below 1e75")
    return array
