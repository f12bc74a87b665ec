"""In which order a person sees options, sets and pairs: drawn from one seed, so the same at every look."""

from __future__ import annotations

import random
from itertools import combinations

from kocforum.stats.maxdiff import maxdiff_sets

from .questionnaire import Choice, Item

PER_SET, TIMES = 4, 3
MOST_PAIRS_SHOWN = 10


def in_order(item: Item, seed: int) -> list[Choice]:
    """What can be chosen. Shuffled where the question says so; “none” and “other” stay at the end."""
    kept = [one for one in item.choices if not one.retired]
    if not item.shuffled:
        return kept
    last = [one for one in kept if one.exclusive or one.words]
    first = [one for one in kept if one not in last]
    _random(item, seed).shuffle(first)
    return first + last


def sets_of(item: Item, seed: int) -> list[list[Choice]]:
    """Sets to name the best and the worst of, each option in about three of them."""
    kept = [one for one in item.choices if not one.retired]
    if len(kept) < 2:
        return []
    by_key = {one.key: one for one in kept}
    sets = maxdiff_sets(list(by_key), min(PER_SET, len(kept)), TIMES, f"{seed}:{item.key}")
    return [[by_key[key] for key in one] for one in sets]


def pairs_of(item: Item, seed: int) -> list[list[Choice]]:
    """Up to ten different pairs, each side drawn."""
    draw = _random(item, seed)
    pairs = [list(pair) for pair in combinations([one for one in item.choices if not one.retired], 2)]
    drawn = draw.sample(pairs, min(MOST_PAIRS_SHOWN, len(pairs)))
    for pair in drawn:
        draw.shuffle(pair)
    return drawn


def _random(item: Item, seed: int) -> random.Random:
    return random.Random(f"{seed}:{item.key}")
