"""Which conditions point at failures that no stronger condition already covers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kocforum.stats.cases import Condition, Sheet
from kocforum.stats.exact import fisher
from kocforum.stats.intervals import normal_quantile
from kocforum.stats.ranking import importance, increase_z
from kocforum.stats.tables import two_by_two


@dataclass(frozen=True, slots=True)
class Candidate:
    """One condition in one round of elimination, among the cases still there."""

    condition: Condition
    failing: int
    fine: int
    increase: float
    z: float
    importance: float
    kept: bool


def standings(sheet: Sheet, conditions: Iterable[Condition], within: int = -1) -> list[Candidate]:
    """All candidates of one round, the most important first. `kept`: Increase has a positive lower 95 % bound, and
    Fisher's test, which decides in small tables, agrees at 5 %."""
    failing, threshold = sheet.failing.bit_count(), normal_quantile()
    found = []
    for condition in conditions:
        cells = sheet.cells(condition, within)
        z = increase_z(*cells)
        found.append(
            Candidate(
                condition=condition,
                failing=cells[0],
                fine=cells[1],
                increase=two_by_two(*cells).increase,
                z=z,
                importance=importance(*cells, failing),
                kept=z > threshold and fisher(*cells) <= 0.05,
            )
        )
    return sorted(found, key=lambda candidate: (-candidate.importance, candidate.condition))


def eliminate(sheet: Sheet, conditions: Iterable[Condition]) -> list[Condition]:
    """Independent predictors of failure, strongest first.

    Takes the most important condition, sets all cases that have it aside, and starts again with the rest, until no
    condition predicts failure any more. Importance is always measured against all failing cases.
    Source: Liblit et al. (2005), PLDI, §3.4.
    """
    left, chosen, within = list(conditions), [], sheet.everyone
    while left:
        best = next((c for c in standings(sheet, left, within) if c.kept and c.importance), None)
        if best is None:
            break
        chosen.append(best.condition)
        left.remove(best.condition)
        within &= ~sheet.having[best.condition]
    return chosen
