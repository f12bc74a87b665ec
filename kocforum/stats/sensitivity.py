"""What could fool us: who bothered to look, who was never asked, and what nobody wrote down."""

from __future__ import annotations

import math

from kocforum.stats.counts import NAN, share
from kocforum.stats.tables import odds_ratio

RECORD_GAP = 0.20


def record_rates(observed_failing: int, failing: int, observed_fine: int, fine: int) -> tuple[float, float]:
    """Share of failing and of fine cases that observed a dimension at all; nan where there are none."""
    return share(observed_failing, failing), share(observed_fine, fine)


def record_bias(observed_failing: int, failing: int, observed_fine: int, fine: int) -> bool:
    """True when the two rates differ by more than 0.20: owners who failed looked harder (or less hard) than the rest,
    and the table cannot be read as an association. False where either group is empty."""
    if not (failing and fine):
        return False
    # compared in whole numbers, so that a gap of exactly 0.20 is not tipped over by rounding
    return abs(observed_failing * fine - observed_fine * failing) * 5 > failing * fine


def manski_bounds(a: int, b: int, c: int, d: int, unknown_failing: int, unknown_fine: int) -> tuple[float, float]:
    """Least and greatest odds ratio that any filling-in of the unobserved cases could give.

    Least: every unobserved failing case lacked the condition and every unobserved fine case had it; greatest: the
    other way round. An interval on both sides of 1 means "cannot tell". Nan where a filled table has an empty margin.
    Source: C. F. Manski (1990), American Economic Review 80:319–323.
    """

    def ratio(a: int, b: int, c: int, d: int) -> float:
        if not ((a + b) and (c + d) and (a + c) and (b + d)):
            return NAN
        return odds_ratio(a, b, c, d)[0]

    return ratio(a, b + unknown_fine, c + unknown_failing, d), ratio(a + unknown_failing, b, c, d + unknown_fine)


def e_value(odds_ratio: float, *, common: bool = True) -> float:
    """How strongly (as a risk ratio) an unrecorded factor would have to go with both condition and failure to explain
    the whole association away; ≥ 1, nan for nan, infinite for 0 or infinity.

    `common`: the outcome is not rare, so the risk ratio is taken as √(odds ratio). A ratio below 1 is turned round.
    Source: VanderWeele, Ding (2017), Annals of Internal Medicine 167:268–274: RR + √(RR (RR − 1)).
    """
    if math.isnan(odds_ratio):
        return NAN
    if odds_ratio <= 0 or math.isinf(odds_ratio):
        return math.inf
    ratio = math.sqrt(odds_ratio) if common else odds_ratio
    ratio = max(ratio, 1 / ratio)
    return ratio + math.sqrt(ratio * (ratio - 1))
