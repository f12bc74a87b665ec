"""What the lens answers: plain numbers, ready to be written down or put into a sentence elsewhere."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kocforum.stats.adjustment import Adjusted
from kocforum.stats.cases import Condition
from kocforum.stats.disproportionality import InformationComponent
from kocforum.stats.intervals import Interval, wilson
from kocforum.stats.tables import TwoByTwo


class Flag(StrEnum):
    """What a reader must know beside a level."""

    COMPARED_WITH_OTHER_FAILURES = "compared_with_other_failures"  # nobody is fine; the second column is other failures
    NO_COMPARISON = "no_comparison"  # nobody is fine and there is nothing else to compare with
    NOBODY_FAILING = "nobody_failing"  # everybody is fine
    FEW = "few"  # too small to find anything, which is not "no association"
    RECORD_BIAS = "record_bias"  # those who failed observed it far more, or far less, often than the others
    ZERO_CELL = "zero_cell"  # ½ was added for the ratios
    EXPLAINED_AWAY = "explained_away"  # nothing is left of it once `adjusted.for_` is held still
    SIMPSON = "simpson"  # the adjusted association points the other way
    ADJUSTED_DIFFERS = "adjusted_differs"  # by more than a quarter: show both
    HETEROGENEOUS = "heterogeneous"  # it differs with and without `adjusted.for_`
    INSEPARABLE = "inseparable"  # it never comes apart from `adjusted.for_`
    ONE_OWNER = "one_owner"  # the level hangs on a single owner


@dataclass(frozen=True, slots=True)
class Arm:
    """The cases with, or without, a condition. `rate` is (share failing, low, high) by Wilson, nan for nobody.

    Under `compared_with_other_failures`, `fine` counts reports of the function's other failure modes, and the rate is
    this trouble's share of all its reports.
    """

    failing: int
    fine: int
    rate: tuple[float, float, float]

    @classmethod
    def of(cls, failing: int, fine: int) -> Arm:
        n = failing + fine
        low, high = wilson(failing, n)
        return cls(failing, fine, (failing / n if n else math.nan, low, high))


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition: its table, how sure it is, what it still shows when the strongest other condition is held still.

    `unobserved` counts the topic's own cases that said nothing of the dimension; `failing_owners` the different owners
    who failed with the condition; `order` its place among the independent predictors (1 first), None for the others;
    `possible` the least and greatest odds ratio that the unobserved cases leave open; `signal` only where the second
    column is other failures.
    """

    dimension: str
    value: str
    with_: Arm
    without: Arm
    unobserved: int
    failing_owners: int
    table: TwoByTwo
    q: float
    importance: float
    ochiai: float
    e_value: float
    possible: Interval
    signal: InformationComponent | None
    adjusted: Adjusted | None
    order: int | None
    level: str
    flags: tuple[Flag, ...]

    @property
    def condition(self) -> Condition:
        return self.dimension, self.value

    @property
    def p(self) -> float:
        return self.table.p_value

    @property
    def positive(self) -> bool:
        """The condition goes with failure rather than against it."""
        return self.table.risk_difference > 0

    def numbers(self) -> dict[str, Any]:
        """The condition as the lens answer has it, JSON-ready: nan and infinity become None. Sentences are not here."""
        table, adjusted = self.table, self.adjusted
        return _plain(
            {
                "dimension": self.dimension,
                "value": self.value,
                "with": {"failing": self.with_.failing, "fine": self.with_.fine, "rate": self.with_.rate},
                "without": {"failing": self.without.failing, "fine": self.without.fine, "rate": self.without.rate},
                "unobserved": self.unobserved,
                "risk_ratio": (table.risk_ratio, *table.risk_ratio_ci),
                "odds_ratio": (table.odds_ratio, *table.odds_ratio_ci),
                "risk_difference": (table.risk_difference, *table.risk_difference_ci),
                "p": self.p,
                "q": self.q,
                "importance": self.importance,
                "adjusted": {
                    "for": "{}={}".format(*adjusted.for_),
                    "odds_ratio": (adjusted.odds_ratio, *adjusted.ci),
                    "p": adjusted.p,
                }
                if adjusted and adjusted.separable
                else None,
                "level": self.level,
                "flags": [flag.value for flag in self.flags],
            }
        )


@dataclass(frozen=True, slots=True)
class Lens:
    """All conditions of a topic, strongest first. `owners` and `observations` count the topic's own; `tests` is how many
    comparisons the q values are corrected for."""

    owners: int
    observations: int
    failing: int
    fine: int
    tests: int
    compared_with_other_failures: bool
    findings: tuple[Finding, ...]

    def of(self, dimension: str, value: str) -> Finding:
        """The finding on one condition. Raises KeyError where nobody had it."""
        for finding in self.findings:
            if finding.condition == (dimension, value):
                return finding
        raise KeyError((dimension, value))


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value
