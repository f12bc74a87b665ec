"""What a random sample of a known frame says about everybody in it."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from kocforum.stats.counts import NAN, part_of, whole
from kocforum.stats.estimates import Estimate, numbers, t_interval
from kocforum.stats.intervals import Interval, wilson, wilson_of_share

Stratum = TypeVar("Stratum", bound=Hashable)
ALMOST_NONE = 0.05


@dataclass(frozen=True, slots=True)
class Stratified(Estimate):
    """An `Estimate` of the strata that answered.

    `missing`: strata where nobody answered; the mean says nothing of them. `lonely`: strata with one answer out of
    several people, whose spread is taken from the other strata.
    """

    missing: tuple[Hashable, ...]
    lonely: tuple[Hashable, ...]


def simple_mean(values: Iterable[float], population: int | None = None, confidence: float = 0.95) -> Estimate:
    """Mean of a simple random sample, with Student's interval on n − 1 degrees of freedom.

    `population`: people in the frame; se² = s²/n · (1 − n/N). Left out, the frame is taken as endless.
    Raises ValueError for broken numbers or more answers than people.
    Source: Cochran (1977), Sampling Techniques, §2.6.
    """
    array = numbers(values)
    n = array.size
    left = 1 - n / _people(n, population) if population is not None and n else 1.0
    value = float(array.mean()) if n else NAN
    error = 0.0 if n and not left else math.sqrt(left * float(array.var(ddof=1)) / n) if n > 1 else NAN
    low, high = (value, value) if not left else t_interval(value, error, n - 1, confidence)
    return Estimate(value, error, low, high, n, float(n))


def stratified_mean(
    values: Iterable[float], strata: Iterable[Stratum], population: Mapping[Stratum, int], confidence: float = 0.95
) -> Stratified:
    """Mean over a frame from a random sample within each stratum; `population` {stratum: people in the frame}.

    Σ W_h ȳ_h with W_h = N_h/N and se² = Σ W_h² (1 − n_h/N_h) s_h²/n_h; Student's interval on n − (number of strata)
    degrees of freedom. Strata without an answer are left out of N and reported; a stratum with one answer borrows the
    pooled spread of the others (nan where there is none). `effective_n` is Kish's, of the weights N_h/n_h.
    Raises ValueError for broken numbers, lengths that differ, an unknown stratum, more answers than people.
    Source: Cochran (1977), Sampling Techniques, §5.3–5.6; degrees of freedom as in Lumley's R package survey.
    """
    import numpy as np

    array, strata = numbers(values), list(strata)
    if array.size != len(strata):
        raise ValueError(f"{array.size} values but {len(strata)} strata")
    known = {stratum: whole(people, "a population") for stratum, people in population.items()}
    place = {stratum: i for i, stratum in enumerate(known)}
    for stratum in dict.fromkeys(strata):
        if stratum not in place:
            raise ValueError(f"the population of the stratum {stratum!r} is not given")
    where = np.array([place[stratum] for stratum in strata], dtype=int)
    n = np.bincount(where, minlength=len(place))
    frame = np.array(list(known.values()), dtype=float)
    for stratum, i in place.items():
        _people(int(n[i]), known[stratum])
    missing = tuple(stratum for stratum, i in place.items() if frame[i] and not n[i])
    lonely = tuple(stratum for stratum, i in place.items() if n[i] == 1 and frame[i] > 1)
    if not array.size:
        return Stratified(NAN, NAN, NAN, NAN, 0, 0.0, missing, lonely)
    answered = n > 0
    count, share = n[answered], frame[answered] / frame[answered].sum()
    mean = np.bincount(where, array, len(place))[answered] / count
    around = array - mean[np.cumsum(answered)[where] - 1]
    squares = np.bincount(where, around**2, len(place))[answered]
    freedom = int((count - 1).sum())
    pooled = float(squares.sum() / freedom) if freedom else NAN
    spread = np.where(count > 1, squares / np.maximum(count - 1, 1), pooled)
    left = 1 - count / frame[answered]
    error = math.sqrt(float(np.where(left > 0, share**2 * left * spread / count, 0.0).sum()))
    value = float((share * mean).sum())
    low, high = (value, value) if not left.any() else t_interval(value, error, freedom, confidence)
    weight = share / count  # of each answer
    return Stratified(value, error, low, high, array.size, 1 / float((count * weight**2).sum()), missing, lonely)


def wilson_finite(successes: int, n: int, population: int, confidence: float = 0.95) -> Interval:
    """Score interval (low, high) of a share in a frame of `population` people, all of whom could have answered.

    Up to 5 % of the frame it is Wilson's. Beyond, the variance of a draw without replacement takes the place of the
    binomial one: n (N − 1)/(N − n) stands for n, and with everybody's answer the interval is the share itself. It
    speaks of chance in who answered, not of people who did not want to. (nan, nan) when n is 0.
    Raises ValueError for broken counts, more successes than answers, or more answers than people.
    Source: O'Neill (2021), Mathematical properties and finite-population correction for the Wilson score interval,
    arXiv:2109.12464.
    """
    successes, n = part_of(successes, n)
    population = _people(n, population)
    if not n or n <= ALMOST_NONE * population:
        return wilson(successes, n, confidence)
    share = successes / n
    if n == population:
        wilson(successes, n, confidence)  # a broken confidence is refused here as elsewhere
        return share, share
    return wilson_of_share(share, n * (population - 1) / (population - n), confidence)


def _people(n: int, population: int) -> int:
    people = whole(population, "a population")
    if n > people:
        raise ValueError(f"{n} answers out of {people} people")
    return people
