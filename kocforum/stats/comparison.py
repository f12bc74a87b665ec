"""Before and after: did the same drive go better on the new version?"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from kocforum.stats.counts import NAN, part_of, whole
from kocforum.stats.intervals import normal_quantile
from kocforum.stats.superiority import beta_quantile, probability_better

Tries = tuple[int, int]


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """What the attempts say of the success rate, as posterior probabilities.

    `p_better` P(after > before), `p_better_by_10` P(after ≥ before + 0.10), `p_worse_by_10` the other way,
    `q05_after` the rate that "after" exceeds with 95 % probability, `design_effect` (before, after): by how much the
    attempts of one owner resemble each other. `before` and `after` are the totals (successes, attempts).
    """

    p_better: float
    p_better_by_10: float
    p_worse_by_10: float
    q05_after: float
    design_effect: tuple[float, float]
    before: Tries
    after: Tries


def before_after(before: Iterable[Tries], after: Iterable[Tries], rho: float = 0.3) -> BeforeAfter:
    """Compare two lists of (successes, attempts), one pair per owner.

    Each arm's counts are divided by its design effect 1 + (m̄ − 1)ρ with m̄ = Σn²/Σn and meet a Beta(1, 1) prior.
    Attempts are not capped here. "Before" must be prospective: an arm picked because it failed proves nothing.
    Raises ValueError for more successes than attempts, negatives, or rho outside [0, 1].
    Source: Kish (1965), Survey Sampling, §5.4 and 8.2, for the design effect; Beta–binomial conjugacy for the rest.
    """
    if not 0 <= rho <= 1:
        raise ValueError(f"rho must lie between 0 and 1, not {rho!r}")
    before = [part_of(s, n) for s, n in before]
    after = [part_of(s, n) for s, n in after]
    effects = design_effect((n for _, n in before), rho), design_effect((n for _, n in after), rho)
    first, second = _posterior(before, effects[0]), _posterior(after, effects[1])
    return BeforeAfter(
        p_better=probability_better(first, second),
        p_better_by_10=probability_better(first, second, by=0.10),
        p_worse_by_10=probability_better(second, first, by=0.10),
        q05_after=beta_quantile(0.05, *second),
        design_effect=effects,
        before=_total(before),
        after=_total(after),
    )


def design_effect(attempts: Iterable[int], rho: float = 0.3) -> float:
    """1 + (m̄ − 1)ρ with m̄ = Σn²/Σn: 1.0 when every owner tried once, or nobody did."""
    attempts = [whole(n) for n in attempts]
    total = sum(attempts)
    return 1 + (sum(n * n for n in attempts) / total - 1) * rho if total else 1.0


def _total(arm: list[Tries]) -> Tries:
    return sum(s for s, _ in arm), sum(n for _, n in arm)


def _posterior(arm: list[Tries], effect: float) -> tuple[float, float]:
    successes, attempts = _total(arm)
    return 1 + successes / effect, 1 + (attempts - successes) / effect


def standardised(strata: Iterable[Tries], mix: Iterable[float]) -> float:
    """The overall rate if the strata had come in the proportions of `mix`; nan where a needed stratum has no attempt.

    Against Simpson's paradox: standardise "after" to the mix of "before". ValueError when the lengths differ.
    Source: direct standardisation; Fleiss, Levin, Paik, Statistical Methods for Rates and Proportions, §19.1.
    """
    strata, mix = [part_of(s, n) for s, n in strata], [float(weight) for weight in mix]
    if len(strata) != len(mix):
        raise ValueError(f"{len(strata)} strata but {len(mix)} weights")
    needed = [(s, n, weight) for (s, n), weight in zip(strata, mix, strict=True) if weight]
    if not needed or any(not n for _, n, _ in needed):
        return NAN
    return sum(weight * s / n for s, n, weight in needed) / sum(weight for _, _, weight in needed)


def difference_in_differences(
    before: Tries, after: Tries, control_before: Tries, control_after: Tries, confidence: float = 0.95
) -> tuple[float, float, float]:
    """(difference, low, high): how much more the treated improved than the control did; Wald's interval. Nan for an
    arm without attempts."""
    arms = [part_of(s, n) for s, n in (before, after, control_before, control_after)]
    if any(not n for _, n in arms):
        return NAN, NAN, NAN
    then, now, control_then, control_now = (s / n for s, n in arms)
    difference = (now - then) - (control_now - control_then)
    variance = sum((s / n) * (1 - s / n) / n for s, n in arms)
    reach = normal_quantile(confidence) * math.sqrt(variance)
    return difference, difference - reach, difference + reach


def mcnemar(only_before: int, only_after: int) -> float:
    """Exact two-sided p value for owners who failed mostly before but not after, and the other way round; 1.0 for none.

    Source: McNemar (1947), Psychometrika 12:153–157, with the binomial distribution in place of chi-square.
    """
    only_before, only_after = whole(only_before), whole(only_after)
    changed = only_before + only_after
    if only_before == only_after:
        return 1.0
    from scipy.special import bdtr

    return min(1.0, 2 * float(bdtr(min(only_before, only_after), changed, 0.5)))
