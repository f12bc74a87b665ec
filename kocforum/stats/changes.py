"""What changed from one wave of a survey to the next, asked of people drawn anew."""

from __future__ import annotations

import math
from dataclasses import dataclass

from kocforum.stats.counts import NAN, part_of, whole
from kocforum.stats.estimates import HUGE, t_interval
from kocforum.stats.exact import fisher, pearson
from kocforum.stats.intervals import newcombe, normal_quantile
from kocforum.stats.promoters import nps

FEW = 5
Moments = tuple[float, float, int]
Answers = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Change:
    """after − before with its interval `low` … `high`, and the two-sided `p_value` that nothing changed.

    All nan with p 1.0 where a wave has nobody; the interval is nan and p 1.0 where nothing shows how far people differ.
    The two waves are independent samples: for the same people asked twice this is too careful.
    """

    difference: float
    low: float
    high: float
    p_value: float


NOTHING = Change(NAN, NAN, NAN, 1.0)


def share_change(before: int, n_before: int, after: int, n_after: int, confidence: float = 0.95) -> Change:
    """Change of a share from before/n_before to after/n_after, in [−1, 1].

    Newcombe's interval; p by the pooled z-test of two proportions, or by Fisher's exact test where an expected count is
    below 5. Close to the edge the two can disagree on whether 0 is in.
    Raises ValueError for broken counts or more successes than answers.
    Sources: Newcombe (1998), Statistics in Medicine 17:873–890, method 10; Cochran (1954), Biometrics 10:417–451.
    """
    (before, n_before), (after, n_after) = part_of(before, n_before), part_of(after, n_after)
    low, high = newcombe(after, n_after, before, n_before, confidence)
    if not (n_before and n_after):
        return NOTHING
    cells = after, n_after - after, before, n_before - before
    yes, n = before + after, n_before + n_after
    test = fisher if min(yes, n - yes) * min(n_before, n_after) < FEW * n else pearson
    # over one denominator: exactly 0 where the shares are the same
    difference = (after * n_before - before * n_after) / (n_before * n_after)
    return Change(difference, low, high, test(*cells))


def mean_change(before: Moments, after: Moments, confidence: float = 0.95) -> Change:
    """Change of a mean; each wave is (mean, variance with n − 1, n), as `describe_rating` tells them.

    Welch's t with Satterthwaite's degrees of freedom. A variance of fewer than two people is not looked at. Where
    everybody agrees in both waves the interval is the difference itself, and p that of Fisher's exact test.
    Raises ValueError for broken numbers and negative variances.
    Source: Welch (1947), Biometrika 34:28–35.
    """
    normal_quantile(confidence)
    (mean, variance, n), (other, other_variance, other_n) = _moments(before), _moments(after)
    if not (n and other_n):
        return NOTHING
    difference = other - mean
    if n < 2 or other_n < 2:
        return Change(difference, NAN, NAN, 1.0)
    first, second = variance / n, other_variance / other_n
    if not first + second:
        return Change(difference, difference, difference, fisher(n, 0, 0, other_n) if difference else 1.0)
    from scipy.special import stdtr

    error = math.sqrt(first + second)
    part = first / (first + second)
    freedom = 1 / (part**2 / (n - 1) + (1 - part) ** 2 / (other_n - 1))
    low, high = t_interval(difference, error, freedom, confidence)
    return Change(difference, low, high, min(1.0, 2 * float(stdtr(freedom, -abs(difference) / error))))


def nps_change(before: Answers, after: Answers, confidence: float = 0.95) -> Change:
    """Change of a net promoter score in points, −200 … 200; each wave is (promoters, passives, detractors).

    The variances of the two scores, (P + D − (P − D)²)/n each, add up; normal interval and z-test, meant for some
    thirty people a wave. Where everybody answers alike in both waves the interval is the difference itself, and p that
    of Fisher's exact test. Raises ValueError for broken counts.
    """
    (score, margin), (other, other_margin) = nps(*before, confidence), nps(*after, confidence)
    n, other_n = (sum(whole(people) for people in wave) for wave in (before, after))
    if not (n and other_n):
        return NOTHING
    difference, reach = other - score, math.hypot(margin, other_margin)
    if not reach:
        return Change(difference, difference, difference, fisher(n, 0, 0, other_n) if difference else 1.0)
    z = abs(difference) / reach * normal_quantile(confidence)
    return Change(difference, difference - reach, difference + reach, math.erfc(z / math.sqrt(2)))


def _moments(wave: Moments) -> Moments:
    mean, variance, n = wave
    n = whole(n, "n")
    if n and not abs(mean) < HUGE:
        raise ValueError(f"a mean must be a finite number, not {mean!r}")
    if n > 1 and not 0 <= variance < HUGE:
        raise ValueError(f"a variance must be a finite number from 0 upwards, not {variance!r}")
    return float(mean), float(variance), n
