"""What owners' words on a new version say together (research: loop closure, the second rung)."""

from __future__ import annotations

from collections.abc import Iterable

from kocforum.stats import before_after

from ..enums import TicketState

Tries = tuple[int, int]

MOST_COUNTED = 5  # attempts of one owner
FEWEST_OWNERS = 5
FEWEST_ATTEMPTS = 15
TARGET = 0.60


def capped(successes: int, attempts: int) -> Tries:
    """At most five attempts of one owner count, in the same proportion."""
    if attempts <= MOST_COUNTED:
        return successes, attempts
    return round(successes * MOST_COUNTED / attempts), MOST_COUNTED


def verdict(before: Iterable[Tries], after: Iterable[Tries]) -> str:
    """`verified`, `partial`, `not_fixed`, or "" while too few owners have tried. One pair (successes, attempts) per owner."""
    before, after = [capped(*owner) for owner in before], [capped(*owner) for owner in after]
    if len([owner for owner in after if owner[1]]) < FEWEST_OWNERS:
        return ""
    found = before_after(before, after)
    enough = min(found.before[1], found.after[1]) >= FEWEST_ATTEMPTS
    if enough and found.p_better_by_10 >= 0.95 and found.q05_after >= TARGET:
        return TicketState.VERIFIED
    if found.p_better >= 0.90:
        return TicketState.PARTIAL
    if enough and found.p_better_by_10 <= 0.20:
        return TicketState.NOT_FIXED
    return ""
