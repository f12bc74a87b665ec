"""Weights that bring the people who answered to the known make-up of everybody, and what weighting costs."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kocforum.stats.counts import NAN
from kocforum.stats.estimates import Estimate, numbers, t_interval
from kocforum.stats.intervals import wilson_of_share

if TYPE_CHECKING:
    import numpy as np

SWEEPS = 500
ROUNDING = 0.02


@dataclass(frozen=True, slots=True)
class Weighting:
    """One weight per person, in the order given, with mean 1.

    `effective_n` (Σw)²/Σw²: as many people without weights would say as much; `design_effect` n / effective_n (Kish).
    `trimmed`: people whose weight was cut. `missing_categories`: (variable, category) of the margins where nobody
    answered; their share went to the other categories of the variable. `unplaced` {variable: people} whose category
    is unknown or not in the margins; the variable leaves their weight alone. `gap`: how far a weighted share is
    off its margin at worst; `converged` when that is nothing to speak of.
    """

    weights: tuple[float, ...]
    effective_n: float
    design_effect: float
    trimmed: int
    missing_categories: tuple[tuple[str, Hashable], ...]
    unplaced: dict[str, int]
    gap: float
    converged: bool


def rake(
    rows: Sequence[Mapping[str, Hashable]],
    margins: Mapping[str, Mapping[Hashable, float]],
    trim: float = 5.0,
    *,
    sweeps: int = SWEEPS,
    tolerance: float = 1e-6,
) -> Weighting:
    """Fit weights to the margins {variable: {category: share of everybody}}; `rows`: {variable: category} per person.

    Iterative proportional fitting; then weights above `trim` × median are cut to it and the rest fitted again, until
    both hold. Where they cannot both hold the cut stays, so that nobody speaks for a crowd, and `converged` is False
    with the `gap` told. At most `sweeps` rounds each.
    Raises ValueError for shares that are negative or do not add up to 1 (by more than 0.02 of rounding), and for a trim
    below 1.
    Sources: Deming, Stephan (1940), Annals of Mathematical Statistics 11:427–444; Kish (1965), Survey Sampling, §11.7;
    Potter (1990), A study of procedures to identify and trim extreme sampling weights, ASA Survey Research Methods.
    """
    import numpy as np

    if not trim >= 1:
        raise ValueError(f"trim must be at least 1, not {trim!r}")
    rows, missing, unplaced, targets = list(rows), [], {}, []
    for variable, shares in margins.items():
        wanted = _shares(variable, shares)
        codes = _codes(rows, variable, list(wanted))
        present = np.bincount(codes, minlength=len(wanted) + 1)
        missing += [
            (variable, category)
            for category, share, people in zip(wanted, wanted.values(), present, strict=False)
            if share and not people
        ]
        unplaced[variable] = int(present[-1])
        target = np.where(present[:-1] > 0, list(wanted.values()), 0.0)
        if target.sum() > 0:
            targets.append((codes, target / target.sum()))
    weights = np.ones(len(rows))
    _fit(weights, targets, sweeps, tolerance)
    weights, cut = _trimmed(weights, targets, trim, sweeps, tolerance)
    gap = _gap(weights, targets)
    total = float(weights.sum())
    if total:
        weights *= len(rows) / total
    effective = effective_n(weights)
    return Weighting(
        weights=tuple(weights.tolist()),
        effective_n=effective,
        design_effect=len(rows) / effective if effective else NAN,
        trimmed=cut,
        missing_categories=tuple(missing),
        unplaced=unplaced,
        gap=gap,
        converged=bool(total) and gap <= tolerance,
    )


def effective_n(weights: Iterable[float]) -> float:
    """(Σw)²/Σw²; 0.0 where nobody has a weight. Raises ValueError for negative or broken weights. Source: Kish."""
    array = _weights(weights)
    squares = float((array**2).sum())
    return float(array.sum()) ** 2 / squares if squares else 0.0


def weighted_share(values: Iterable[bool], weights: Iterable[float], confidence: float = 0.95) -> Estimate:
    """Weighted share of people who said yes, with Wilson's interval on the effective sample size; nan for nobody.

    Raises ValueError for values other than yes and no, broken weights, and lengths that differ.
    Source: Kish's effective size in Wilson's interval; Korn, Graubard (1998), Survey Methodology 24:193–201.
    """
    array, weight = _pairs(values, weights)
    if not ((array == 0) | (array == 1)).all():
        raise ValueError("a share is of values that are true or false")
    total = float(weight.sum())
    size = effective_n(weight)
    if not total:
        return Estimate(NAN, NAN, NAN, NAN, array.size, 0.0)
    yes = float(weight[array == 1].sum()) / total
    share = min(1.0, yes) if (array[weight > 0] == 0).any() else 1.0
    low, high = wilson_of_share(share, size, confidence)
    return Estimate(share, math.sqrt(share * (1 - share) / size), low, high, array.size, size)


def weighted_mean(values: Iterable[float], weights: Iterable[float], confidence: float = 0.95) -> Estimate:
    """Weighted mean with the linearised standard error, and Student's interval on effective n − 1 degrees of freedom.

    se² = n/(n − 1) · Σ w²(y − ȳ)² / (Σw)², over the n people with a weight.
    Raises ValueError for broken numbers and lengths that differ.
    Source: Särndal, Swensson, Wretman (1992), Model Assisted Survey Sampling, §5.5–5.7, draws with replacement.
    """
    array, weight = _pairs(values, weights)
    total, n = float(weight.sum()), int((weight > 0).sum())
    size = effective_n(weight)
    if not total:
        return Estimate(NAN, NAN, NAN, NAN, array.size, 0.0)
    mean = float((array * weight).sum()) / total
    squares = float(((weight * (array - mean)) ** 2).sum())
    error = math.sqrt(n / (n - 1) * squares) / total if n > 1 else NAN
    low, high = t_interval(mean, error, size - 1 if n > 1 else 0, confidence)
    return Estimate(mean, error, low, high, array.size, size)


def _shares(variable: str, shares: Mapping[Hashable, float]) -> dict[Hashable, float]:
    wanted = dict(zip(shares, numbers(shares.values(), f"a share of {variable}").tolist(), strict=True))
    total = math.fsum(wanted.values())
    if any(share < 0 for share in wanted.values()) or abs(total - 1) > ROUNDING:
        raise ValueError(f"the shares of {variable} must be from 0 upwards and add up to 1, not {total:.4g}")
    return wanted


def _codes(rows: Sequence[Mapping[str, Hashable]], variable: str, categories: list[Hashable]) -> np.ndarray:
    """The place of each person's category; one past the last where there is none."""
    import numpy as np

    place = {category: i for i, category in enumerate(categories)}
    nowhere = len(place)
    return np.fromiter((place.get(row.get(variable), nowhere) for row in rows), dtype=np.int64, count=len(rows))


def _sweep(weights: np.ndarray, targets: list[tuple[np.ndarray, np.ndarray]]) -> None:
    import numpy as np

    for codes, target in targets:
        sums = np.bincount(codes, weights, target.size + 1)[:-1]
        factor = np.ones(target.size + 1)
        # A category whose people all weigh nothing cannot be lifted; the gap tells.
        np.divide(target * sums.sum(), sums, out=factor[:-1], where=sums > 0)
        weights *= factor[codes]


def _gap(weights: np.ndarray, targets: list[tuple[np.ndarray, np.ndarray]]) -> float:
    import numpy as np

    worst = 0.0
    for codes, target in targets:
        sums = np.bincount(codes, weights, target.size + 1)[:-1]
        if sums.sum() > 0:
            worst = max(worst, float(np.abs(sums / sums.sum() - target).max()))
        else:
            worst = 1.0
    return worst


def _fit(weights: np.ndarray, targets: list[tuple[np.ndarray, np.ndarray]], sweeps: int, tolerance: float) -> None:
    for _ in range(sweeps):
        # Closer than asked for: what is left would come back as a gap after the cut.
        if _gap(weights, targets) <= tolerance / 100:
            break
        _sweep(weights, targets)


def _trimmed(
    weights: np.ndarray, targets: list[tuple[np.ndarray, np.ndarray]], trim: float, sweeps: int, tolerance: float
) -> tuple[np.ndarray, int]:
    """(weights none of which exceeds trim × median, how many people were ever cut)."""
    import numpy as np

    cut = np.zeros(weights.size, dtype=bool)
    for _ in range(sweeps):
        cap = trim * _median(weights)
        cut |= weights > cap * (1 + 1e-9)
        weights = np.minimum(weights, cap)
        if weights.any():
            # Each cut takes from the sum: where the margins cannot be met, hundreds of cuts would leave nothing of it.
            weights *= weights.size / weights.sum()
        if _gap(weights, targets) <= tolerance:
            break
        _sweep(weights, targets)
    return np.minimum(weights, trim * _median(weights)), int(cut.sum())


def _median(weights: np.ndarray) -> float:
    import numpy as np

    some = weights[weights > 0]
    return float(np.median(some)) if some.size else 0.0


def _weights(weights: Iterable[float]) -> np.ndarray:
    array = numbers(weights, "a weight")
    if (array < 0).any():
        raise ValueError("a weight cannot be negative")
    return array / array.max() if array.any() else array  # only proportions matter, and tiny squares would vanish


def _pairs(values: Iterable[float], weights: Iterable[float]) -> tuple[np.ndarray, np.ndarray]:
    array, weight = numbers(values), _weights(weights)
    if array.size != weight.size:
        raise ValueError(f"{array.size} values but {weight.size} weights")
    return array, weight
