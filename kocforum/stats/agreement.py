"""How far people who judged the same things apart from each other agree beyond chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Agreement:
    """`alpha`: 1 is perfect, 0 what chance gives, below 0 worse than chance; nan where nothing varies or nothing pairs.
    `units` that at least two judged, `values` given to them."""

    alpha: float
    units: int
    values: int


def krippendorff_alpha(units: Iterable[Mapping[Hashable, Hashable | None]], scale: str = "nominal") -> Agreement:
    """α = 1 − observed over expected disagreement; `units`: {coder: value} each, None or absent where nothing was said.

    Any number of coders, and gaps. `scale` is nominal (same or not), ordinal (how many values lie between), or interval
    (squared difference); the last two need numbers. Computed in fractions, so published examples come out to the last digit.
    Where all values are the same there is no disagreement to expect: nan, not 1.
    Raises ValueError for an unknown scale, TypeError for values that are not numbers where numbers are needed.
    Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, formulas of sections A–D.
    """
    if scale not in _DISTANCES:
        raise ValueError(f"scale is one of {', '.join(_DISTANCES)}, not {scale!r}")
    judged = [said for unit in units if len(said := [one for one in unit.values() if one is not None]) > 1]
    pairs: Counter[tuple[Any, Any]] = Counter()
    for said in judged:
        counts = Counter(said)
        for one, n in counts.items():
            for other, m in counts.items():
                pairs[one, other] += Fraction(n * (m - (one == other)), len(said) - 1)
    totals: Counter[Any] = Counter()
    for (one, _other), n in pairs.items():
        totals[one] += n
    n = sum(totals.values())
    distance = _DISTANCES[scale](totals)
    observed = sum(times * distance(one, other) for (one, other), times in pairs.items())
    expected = sum(a * b * distance(one, other) for one, a in totals.items() for other, b in totals.items())
    alpha = float(1 - (n - 1) * observed / expected) if expected else NAN
    return Agreement(alpha, len(judged), int(n))


Distance = Callable[[Any, Any], Fraction | int]


def _nominal(_totals: Mapping[Any, Fraction]) -> Distance:
    return lambda one, other: int(one != other)


def _ordinal(totals: Mapping[Any, Fraction]) -> Distance:
    order = sorted(totals)

    def distance(one: Any, other: Any) -> Fraction | int:
        low, high = sorted((order.index(one), order.index(other)))
        between = sum((totals[value] for value in order[low : high + 1]), Fraction(0))
        return (between - (totals[one] + totals[other]) / Fraction(2)) ** 2

    return distance


def _interval(_totals: Mapping[Any, Fraction]) -> Distance:
    return lambda one, other: (Fraction(one) - Fraction(other)) ** 2


_DISTANCES: dict[str, Callable[[Mapping[Any, Fraction]], Distance]] = {
    "nominal": _nominal,
    "ordinal": _ordinal,
    "interval": _interval,
}
