"""Is this week's count of a topic more than its own past explains?"""

from __future__ import annotations

from collections.abc import Iterable

from kocforum.stats.counts import whole

PRIOR = 0.5


def emergence_tail(
    baseline_counts: Iterable[int], baseline_exposures: Iterable[float], count: int, exposure: float
) -> float:
    """P(X ≥ count) under the past: the chance, in [0, 1], of so many distinct owners if nothing had changed.

    One count and one exposure (active reporters, any unit) per week of the baseline, and those of the week in
    question. The rate has a Gamma(½, ½) prior, so X is negative binomial with r = ½ + Σ counts and
    p = (½ + Σ exposures) / (½ + Σ exposures + exposure); a short past makes it cautious where Poisson would not be.
    1.0 when the count or the exposure is 0. Raises ValueError for negative numbers or lists of different lengths.
    Source: Gamma–Poisson predictive distribution; Gelman et al., Bayesian Data Analysis, 3rd ed., §2.6.
    """
    counts = [whole(c) for c in baseline_counts]
    exposures = [float(e) for e in baseline_exposures]
    count = whole(count)
    if len(counts) != len(exposures):
        raise ValueError(f"{len(counts)} counts but {len(exposures)} exposures")
    if min(exposures, default=0.0) < 0 or exposure < 0:
        raise ValueError("exposures are not negative")
    if not count or not exposure:
        return 1.0
    from scipy.special import betainc

    past = PRIOR + sum(exposures)
    return float(betainc(count, PRIOR + sum(counts), exposure / (past + exposure)))
