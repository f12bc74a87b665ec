"""Rain or dark? A condition held against the condition that goes with it most."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from kocforum.stats.cases import Condition, Sheet
from kocforum.stats.counts import NAN
from kocforum.stats.intervals import Interval
from kocforum.stats.ranking import phi
from kocforum.stats.strata import mantel_haenszel

JOINT = 12  # fewer cases that observed both say nothing about how they go together
NOTABLE = 0.25  # two numbers further apart than this are both shown


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The odds ratio of a condition with another one, `for_`, held still.

    `crude` is the unadjusted one among the same cases, `phi` how the two conditions go together, `heterogeneity_p`
    whether the association differs with and without `for_` (nan: not testable). Nan and `separable` False where the two
    never come apart.
    """

    for_: Condition
    odds_ratio: float
    ci: Interval
    p: float
    crude: float
    phi: float
    heterogeneity_p: float
    separable: bool

    @property
    def excludes_one(self) -> bool:
        return self.ci[0] > 1 or self.ci[1] < 1

    @property
    def differs(self) -> bool:
        """Adjusted and crude are more than a quarter apart."""
        return self.separable and abs(self.odds_ratio / self.crude - 1) > NOTABLE

    @property
    def reversed(self) -> bool:
        """Simpson's paradox: the adjusted association points the other way, and neither is near nothing."""
        outside = 1 + NOTABLE
        return (self.crude >= outside and self.odds_ratio <= 1 / outside) or (
            self.crude <= 1 / outside and self.odds_ratio >= outside
        )

    @property
    def explains(self) -> bool:
        """Holding `for_` still takes a positive association away: half of it gone (as a logarithm), and 1 no longer
        excluded. A loss of certainty alone does not explain."""
        return self.separable and self.crude > 1 and self.odds_ratio <= math.sqrt(self.crude) and self.ci[0] <= 1


def correlation(sheet: Sheet, one: Condition, other: Condition, within: int = -1) -> float:
    """φ of two conditions over the cases that observed both; nan below 12 such cases or where one never varies."""
    (having, lacking), (other_having, other_lacking) = sheet.with_and_without(one), sheet.with_and_without(other)
    both = (having & other_having & within).bit_count()
    first = (having & other_lacking & within).bit_count()
    second = (lacking & other_having & within).bit_count()
    neither = (lacking & other_lacking & within).bit_count()
    return phi(both, first, second, neither) if both + first + second + neither >= JOINT else NAN


def strongest_correlate(sheet: Sheet, condition: Condition, others: Iterable[Condition]) -> Condition | None:
    """The condition of another dimension with the highest |φ|; the first in order where two are equal."""
    best, strength = None, 0.0
    for other in others:
        if other[0] == condition[0]:
            continue
        found = abs(correlation(sheet, condition, other))
        if found > strength + 1e-12:  # False for nan
            best, strength = other, found
    return best


def adjust(sheet: Sheet, condition: Condition, for_: Condition, within: int = -1) -> Adjusted:
    """Mantel–Haenszel odds ratio of `condition` over the two strata of `for_`, among cases that observed both.

    Where a zero cell would make it 0 or infinite, ½ is added to the cells of each informative stratum.
    """
    strata = [sheet.cells(condition, row & within) for row in sheet.with_and_without(for_)]
    (a, b, c, d), (e, f, g, h) = strata
    together = [(a + e, b + f, c + g, d + h)]
    pooled, crude = mantel_haenszel(strata), mantel_haenszel(together)
    if not _positive(pooled.odds_ratio) or not _positive(crude.odds_ratio):
        pooled, crude = mantel_haenszel(strata, correction=0.5), mantel_haenszel(together, correction=0.5)
    return Adjusted(
        for_=for_,
        odds_ratio=pooled.odds_ratio,
        ci=pooled.ci,
        p=pooled.p_value,
        crude=crude.odds_ratio,
        phi=correlation(sheet, condition, for_, within),
        heterogeneity_p=pooled.heterogeneity_p,
        separable=pooled.strata > 0,
    )


def _positive(ratio: float) -> bool:
    return math.isfinite(ratio) and ratio > 0
