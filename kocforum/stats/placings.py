"""Rankings of many people brought into one order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from kocforum.stats.counts import NAN
from kocforum.stats.intervals import Interval, wilson


@dataclass(frozen=True, slots=True)
class Placing:
    """Where `item` stands: `points`, the mean Borda score from 0 (last with everybody) to 1 (first with everybody), so
    ½ is the middle; `first_share` of the `n` people with a ranking who put it first, with Wilson's interval `first_ci`.
    """

    item: Hashable
    points: float
    first_share: float
    first_ci: Interval
    n: int


def borda(
    rankings: Iterable[Sequence[Hashable]], items: Iterable[Hashable], confidence: float = 0.95
) -> tuple[Placing, ...]:
    """The `items` by mean Borda score, best first; `rankings`: one person's items each, best first.

    The place r from 0 among m items scores (m − 1 − r)/(m − 1): the share of the others it comes before. What a person
    left out shares the places that are left, equally. Who ranked nothing at all is not counted. Equal points go by
    first places, then by the order of `items`. Nan for nobody, and for the points of an only item.
    Raises ValueError for an item that is unknown or stands twice.
    Sources: Borda (1781); Emerson (2013), Social Choice and Welfare 40:353–358, compares the rules for partial ballots.
    """
    items = list(items)
    known = set(items)
    if len(known) < len(items):
        raise ValueError("an item stands twice among the items")
    doubled = dict.fromkeys(items, 0)  # twice the points, so that half a place is a whole number
    unranked = n = 0
    firsts: Counter[Hashable] = Counter()
    last = len(items) - 1
    for ranking, people in Counter(map(tuple, rankings)).items():
        _check(ranking, known)
        if not ranking:
            continue
        n += people
        firsts[ranking[0]] += people
        rest = last - len(ranking)  # twice the mean of the places left
        unranked += people * rest
        for place, item in enumerate(ranking):
            doubled[item] += people * (2 * (last - place) - rest)
    order = sorted(items, key=lambda item: (-doubled[item], -firsts[item]))
    return tuple(
        Placing(
            item=item,
            points=(doubled[item] + unranked) / (2 * last * n) if n and last else NAN,
            first_share=firsts[item] / n if n else NAN,
            first_ci=wilson(firsts[item], n, confidence),
            n=n,
        )
        for item in order
    )


def _check(ranking: Sequence[Hashable], known: set[Hashable]) -> None:
    for item in ranking:
        if item not in known:
            raise ValueError(f"{item!r} is not among the items")
    if len(set(ranking)) < len(ranking):
        raise ValueError(f"an item stands twice in the ranking {list(ranking)!r}")
