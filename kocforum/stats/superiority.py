"""How probable it is that one unknown rate exceeds another: two Beta distributions side by side."""

from __future__ import annotations

import math
import warnings

Beta = tuple[float, float]


def beta_quantile(q: float, alpha: float, beta: float) -> float:
    """The value that Beta(alpha, beta) stays below with probability q."""
    from scipy.special import betaincinv

    return float(betaincinv(alpha, beta, q))


def probability_better(first: Beta, second: Beta, *, by: float = 0.0) -> float:
    """P(second ≥ first + by) for independent Beta(α, β) rates, in [0, 1].

    Exact sum for whole numbers and by = 0, else adaptive quadrature: deterministic, so that a badge never flickers.
    """
    parameters = (*first, *second)
    if not by and all(float(p).is_integer() for p in parameters) and second[0] <= 2000:
        return exact_sum(first, second)
    return by_quadrature(first, second, by=by)


def exact_sum(first: Beta, second: Beta) -> float:
    """P(second > first) as Σ_{i<α₂} B(α₁+i, β₁+β₂) / ((β₂+i) B(1+i, β₂) B(α₁, β₁)); α₂ must be whole.

    Source: E. Miller (2015), Formulas for Bayesian A/B Testing; Cook (2005), Exact Calculation of Beta Inequalities.
    """
    (a1, b1), (a2, b2) = first, second
    base = _log_beta(a1, b1)
    terms = (
        math.exp(_log_beta(a1 + i, b1 + b2) - math.log(b2 + i) - _log_beta(1 + i, b2) - base) for i in range(int(a2))
    )
    return min(1.0, max(0.0, math.fsum(terms)))


def by_quadrature(first: Beta, second: Beta, *, by: float = 0.0) -> float:
    """∫ f₂(x) F₁(x − by) dx over the part of [0, 1] where the second rate can be."""
    from scipy.integrate import quad
    from scipy.special import betainc

    (a1, b1), (a2, b2) = first, second
    low = max(beta_quantile(1e-15, a2, b2), by, 0.0)
    high = min(1.0, beta_quantile(1 - 1e-15, a2, b2))
    if low >= high:
        return 0.0
    base = _log_beta(a2, b2)

    def integrand(x: float) -> float:
        if not 0 < x < 1:
            return 0.0
        density = math.exp((a2 - 1) * math.log(x) + (b2 - 1) * math.log1p(-x) - base)
        return density * float(betainc(a1, b1, min(1.0, max(0.0, x - by))))

    bends = {by + beta_quantile(q, a1, b1) for q in (0.001, 0.5, 0.999)} | {beta_quantile(0.5, a2, b2)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        area, _ = quad(
            integrand,
            low,
            high,
            points=sorted(x for x in bends if low < x < high),
            limit=400,
            epsabs=1e-12,
            epsrel=1e-10,
        )
    return min(1.0, max(0.0, float(area)))


def _log_beta(alpha: float, beta: float) -> float:
    return math.lgamma(alpha) + math.lgamma(beta) - math.lgamma(alpha + beta)
