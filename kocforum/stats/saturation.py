"""Whether one more story still tells something new."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass

from kocforum.stats.counts import whole

BASE, RUN = 4, 2
LITTLE = 0.05


@dataclass(frozen=True, slots=True)
class Saturation:
    """`new`: codes that no earlier entry had, by entry; `rates`: after the base, new codes of the last run over the codes of
    the base. `reached_at`: after how many entries the rate was at most the threshold for the first time, None if never."""

    new: tuple[int, ...]
    rates: tuple[float, ...]
    reached_at: int | None


def saturation(
    entries: Iterable[Collection[Hashable]], *, base: int = BASE, run: int = RUN, little: float = LITTLE
) -> Saturation:
    """`entries`: the codes of each, in the order in which they were read. A base without codes is never saturated.

    Raises ValueError for a base or a run below 1. The order matters: shuffle it to see how much.
    Source: Guest, Namey, Chen (2020), A simple method to assess and report thematic saturation, PLoS ONE 15(5):e0232076.
    """
    base, run = whole(base, "base"), whole(run, "run")
    if not base or not run:
        raise ValueError("a base and a run hold at least one entry")
    known: set[Hashable] = set()
    new: list[int] = []
    in_base = 0
    rates: list[float] = []
    for place, codes in enumerate(entries, start=1):
        fresh = set(codes) - known
        known |= fresh
        new.append(len(fresh))
        if place == base:
            in_base = len(known)
        if place >= base + run and in_base:
            rates.append(sum(new[-run:]) / in_base)
    first = next((place for place, rate in enumerate(rates) if rate <= little), None)
    return Saturation(tuple(new), tuple(rates), None if first is None else base + run + first)
