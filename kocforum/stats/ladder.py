"""The claim ladder: what a number must have behind it before it may be said louder."""

from __future__ import annotations

from dataclasses import dataclass

LEVELS = ("L0", "L1", "L2", "L3")
OWNERS = 3  # L1, and the failing owners that every level above stands on
SIGNAL_OWNERS = 3  # distinct owners behind a disproportionality signal
COLLECTED = 0.20  # L3: share of each outcome that was asked for rather than volunteered
PLACES = 2  # L3: cities or dealers of the failing owners


@dataclass(frozen=True, slots=True)
class Needs:
    """What a table must show for a level: cases failing with the condition, cases in each arm and in all, q, and risk
    difference."""

    failing: int
    arm: int
    total: int
    q: float
    difference: float = 0.15

    def big_enough(self, a: int, b: int, c: int, d: int) -> bool:
        return a >= self.failing and min(a + b, c + d) >= self.arm and a + b + c + d >= self.total

    def clear_enough(self, q: float, a: int, b: int, c: int, d: int) -> bool:
        if not (a + b and c + d):
            return False
        return q <= self.q and a / (a + b) - c / (c + d) >= self.difference - 1e-12


L2 = Needs(failing=3, arm=5, total=12, q=0.10)
L3 = Needs(failing=10, arm=15, total=30, q=0.05)
