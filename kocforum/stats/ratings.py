"""Answers on a scale: never the mean alone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from kocforum.stats.counts import NAN, whole
from kocforum.stats.estimates import t_interval
from kocforum.stats.intervals import Interval, wilson


@dataclass(frozen=True, slots=True)
class Rating:
    """How `n` people rated.

    `histogram` {value: people} for every value of the scale in order; `mean` with Student's interval `mean_ci` (which
    may reach past the end of the scale), `variance` with n − 1; `median`, the mean of the two middle ones of an even n;
    `top2` the share that gave one of the two highest values, with Wilson's interval `top2_ci`. Nan for nobody;
    `variance` and `mean_ci` are nan for one person.
    """

    histogram: dict[int, int]
    n: int
    mean: float
    mean_ci: Interval
    variance: float
    median: float
    top2: float
    top2_ci: Interval


def describe_rating(counts: Mapping[int, int], low: int, high: int, confidence: float = 0.95) -> Rating:
    """Describe ratings counted as {value: people} on the whole numbers low … high; a value left out was given by none.

    Raises ValueError for a scale without two values, a value off the scale, or broken counts.
    """
    if not (float(low).is_integer() and float(high).is_integer() and low < high):
        raise ValueError(f"a scale goes from one whole number up to another, not from {low!r} to {high!r}")
    histogram = dict.fromkeys(range(int(low), int(high) + 1), 0)
    for value, people in counts.items():
        if value not in histogram:
            raise ValueError(f"{value!r} is not on the scale from {low} to {high}")
        histogram[int(value)] += whole(people)
    n = sum(histogram.values())
    total = sum(value * people for value, people in histogram.items())
    mean = total / n if n else NAN
    # n Σx² − (Σx)² in whole numbers: exactly 0 where everybody agrees
    spread = n * sum(value * value * people for value, people in histogram.items()) - total * total
    variance = spread / (n * (n - 1)) if n > 1 else NAN
    top = histogram[int(high)] + histogram[int(high) - 1]
    return Rating(
        histogram=histogram,
        n=n,
        mean=mean,
        mean_ci=t_interval(mean, math.sqrt(variance / n) if n > 1 else NAN, n - 1, confidence),
        variance=variance,
        median=(_at(histogram, (n - 1) // 2) + _at(histogram, n // 2)) / 2 if n else NAN,
        top2=top / n if n else NAN,
        top2_ci=wilson(top, n, confidence),
    )


def _at(histogram: Mapping[int, int], place: int) -> int:
    """The value of the person at `place`, from 0, when all stand in order."""
    for value, people in histogram.items():
        place -= people
        if place < 0:
            return value
    raise ValueError("nobody stands there")
