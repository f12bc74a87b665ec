"""Net promoter score."""

from __future__ import annotations

import math

from kocforum.stats.counts import NAN, whole
from kocforum.stats.intervals import normal_quantile


def nps(promoters: int, passives: int, detractors: int, confidence: float = 0.95) -> tuple[float, float]:
    """(score, margin) in points: score −100 … 100, and the half width of its interval; nan for nobody.

    score = 100 (P − D), margin = 100 z √((P + D − (P − D)²) / n), with P and D as shares.
    Raises ValueError for negative or broken counts.
    """
    promoters, passives, detractors = (whole(n) for n in (promoters, passives, detractors))
    n = promoters + passives + detractors
    if not n:
        return NAN, NAN
    for_, against = promoters / n, detractors / n
    variance = max(0.0, for_ + against - (for_ - against) ** 2)
    return 100 * (promoters - detractors) / n, 100 * normal_quantile(confidence) * math.sqrt(variance / n)
