"""How unevenly something is shared."""

from __future__ import annotations

from collections.abc import Iterable


def gini(amounts: Iterable[float]) -> float | None:
    """Gini coefficient of amounts ≥ 0, each one's part: 0 when all have the same, (n − 1)/n when one has everything. None for
    fewer than two, or when there is nothing to share.

    G = Σᵢ (2i − n − 1) xᵢ / (n Σ xᵢ) over the amounts in ascending order, i from 1.
    Source: C. Gini, Variabilità e mutabilità, 1912; this form in A. Sen, On Economic Inequality, 1973, §2.
    Raises ValueError for a negative amount.
    """
    ordered = sorted(amounts)
    if ordered and ordered[0] < 0:
        raise ValueError("amounts are not negative")
    n, total = len(ordered), sum(ordered)
    if n < 2 or not total:
        return None
    return sum((2 * place - n - 1) * amount for place, amount in enumerate(ordered, 1)) / (n * total)
