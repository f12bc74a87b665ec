"""Best and worst of a few at a time: which sets to show, and what the choices are worth."""

from __future__ import annotations

import math
import random
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, TypeVar

from kocforum.stats.counts import share, whole

if TYPE_CHECKING:
    import numpy as np

STARTS = 8
SWEEPS = 30
SPREAD = 3.0

Item = TypeVar("Item", bound=Hashable)
Choice = tuple[Sequence[Item], Item | None, Item | None]


def maxdiff_sets(
    items: Iterable[Item], per_set: int = 4, times: int = 3, seed: int | str = 0
) -> tuple[tuple[Item, ...], ...]:
    """Sets of `per_set` items in which each is shown at least `times`, and none more than once more than another.

    The fewest sets that do, ⌈items · times / per_set⌉. Pairs meet about equally often: sets are filled with what has
    met least, then items are swapped between sets while that evens the pairs out, from several starts. The same
    arguments give the same sets; another seed others. Sets and places within them are shuffled.
    Raises ValueError for an item that stands twice, a set of less than 2 or of more than all items, or times of 0.
    Source: Louviere, Flynn, Marley (2015), Best–Worst Scaling, on balanced incomplete block designs.
    """
    items = list(items)
    per_set, times = whole(per_set, "per_set"), whole(times, "times")
    if len(set(items)) < len(items):
        raise ValueError("an item stands twice among the items")
    if not items:
        return ()
    if not 2 <= per_set <= len(items) or not times:
        raise ValueError(f"sets of 2 to {len(items)} items, each shown at least once, not {per_set} and {times}")
    count = -(-len(items) * times // per_set)
    rng = random.Random(seed)
    least = _evenest(len(items), per_set, count)
    best, cost = [], math.inf
    for _ in range(STARTS):
        sets = _filled(len(items), per_set, count, rng)
        reached = _evened(sets, len(items))
        if reached < cost:
            best, cost = sets, reached
        if cost <= least:
            break
    rng.shuffle(best)
    for chosen in best:
        rng.shuffle(chosen)
    return tuple(tuple(items[i] for i in chosen) for chosen in best)


def count_scores(shown: Mapping[Item, int], best: Mapping[Item, int], worst: Mapping[Item, int]) -> dict[Item, float]:
    """(best − worst) / shown per item of `shown`, in [−1, 1]; nan for what was never shown.

    Raises ValueError for broken counts, more choices than showings, or a choice of what was not shown.
    """
    for item in (*best, *worst):
        if item not in shown:
            raise ValueError(f"{item!r} was chosen but not shown")
    scores = {}
    for item, times in shown.items():
        good, bad, times = whole(best.get(item, 0)), whole(worst.get(item, 0)), whole(times)
        if good + bad > times:
            raise ValueError(f"{item!r} was chosen {good + bad} times but shown {times}")
        scores[item] = share(good - bad, times)
    return scores


def utilities(choices: Iterable[Choice], spread: float = SPREAD) -> dict[Item, float]:
    """Logit utilities {item: utility}, best first, 0 on average; a choice is (items shown, best, worst).

    The best of a set is chosen with probability e^u / Σ e^u, then the worst of the rest with e^−u / Σ e^−u; either may
    be None, not told. Utilities have a normal prior around 0 with the standard deviation `spread`: next to nothing
    against real choices, it keeps finite what was never, or always, chosen. Equal ones stand in the order first shown.
    Raises ValueError for a set of less than two or with an item twice, a choice that was not shown or is both best and
    worst, or a spread that is not positive.
    Sources: McFadden (1974), Conditional logit analysis of qualitative choice behavior; Marley, Louviere (2005),
    Journal of Mathematical Psychology 49:464–480, for best, then worst.
    """
    if not 0 < spread < math.inf:
        raise ValueError(f"spread must be a positive number, not {spread!r}")
    place: dict[Item, int] = {}
    contests: dict[tuple[int, int], list[list[int]]] = {}  # {(items, 1 best or −1 worst): places, the chosen first}
    for shown, best, worst in choices:
        _check(shown, best, worst)
        where = [place.setdefault(item, len(place)) for item in shown]
        if best is not None:
            contests.setdefault((len(where), 1), []).append(_first(where, place[best]))
        if worst is not None:
            rest = [i for i in where if best is None or i != place[best]]
            contests.setdefault((len(rest), -1), []).append(_first(rest, place[worst]))
    if not place:
        return {}
    found = _fit(contests, len(place), spread)
    found -= found.mean()
    order = sorted(place, key=lambda item: -found[place[item]])
    return {item: float(found[place[item]]) for item in order}


def _fit(contests: Mapping[tuple[int, int], list[list[int]]], count: int, spread: float) -> np.ndarray:
    import numpy as np
    from scipy.optimize import minimize

    groups = [(sign, np.array(places)) for (_, sign), places in contests.items()]

    def loss(u: np.ndarray) -> tuple[float, np.ndarray]:
        """Minus the logarithm of the posterior density, and its slope."""
        value, slope = float(u @ u) / (2 * spread**2), u / spread**2
        for sign, places in groups:
            worth = sign * u[places]
            worth -= worth.max(axis=1, keepdims=True)
            odds = np.exp(worth)
            total = odds.sum(axis=1, keepdims=True)
            value += float(np.log(total).sum() - worth[:, 0].sum())
            slope += sign * np.bincount(places.ravel(), (odds / total).ravel(), count)
            slope -= sign * np.bincount(places[:, 0], minlength=count)
        return value, slope

    size = 1 + sum(len(places) for _, places in groups)
    precise = {"maxiter": 1000, "ftol": 1e-15, "gtol": 1e-9 * size}
    return minimize(loss, np.zeros(count), jac=True, method="L-BFGS-B", options=precise).x


def _first(places: list[int], chosen: int) -> list[int]:
    return [chosen, *(i for i in places if i != chosen)]


def _check(shown: Sequence[Item], best: Item | None, worst: Item | None) -> None:
    if len(shown) < 2 or len(set(shown)) < len(shown):
        raise ValueError(f"a set shows at least two items, each once, not {shown!r}")
    for item in (best, worst):
        if item is not None and item not in shown:
            raise ValueError(f"{item!r} was chosen but not shown")
    if best is not None and best == worst:
        raise ValueError(f"{best!r} cannot be both best and worst")


def _filled(items: int, per_set: int, count: int, rng: random.Random) -> list[list[int]]:
    """Sets of what was shown least; among that, of what has met the rest of the set least."""
    shown, met = [0] * items, [[0] * items for _ in range(items)]
    sets = []
    for _ in range(count):
        chosen: list[int] = []
        left = list(range(items))
        rng.shuffle(left)
        while len(chosen) < per_set:
            item = min(left, key=lambda i: (shown[i], sum(met[i][j] for j in chosen)))
            left.remove(item)
            chosen.append(item)
        for i in chosen:
            shown[i] += 1
        _meet(met, chosen)
        sets.append(chosen)
    return sets


def _evened(sets: list[list[int]], items: int) -> int:
    """Swap items between the sets, in place, while that lowers Σ (times a pair meets)², and return that sum."""
    met = [[0] * items for _ in range(items)]
    for chosen in sets:
        _meet(met, chosen)
    for _ in range(SWEEPS):
        better = False
        for one, other in combinations(sets, 2):
            for i in range(len(one)):
                for j in range(len(other)):
                    better |= _swapped(met, one, i, other, j)
        if not better:
            break
    return sum(met[i][j] ** 2 for i, j in combinations(range(items), 2))


def _swapped(met: list[list[int]], one: list[int], i: int, other: list[int], j: int) -> bool:
    """Let one[i] and other[j] change places if the pairs meet more evenly then."""
    x, y = one[i], other[j]
    if x in other or y in one:
        return False
    from_x = [a for a in one if a != x and a not in other]
    from_y = [b for b in other if b != y and b not in one]
    mine, theirs = met[x], met[y]
    # (m − 1)² − m² = 1 − 2m for a pair that parts, (m + 1)² − m² = 1 + 2m for one that meets
    gain = sum(theirs[a] - mine[a] + 1 for a in from_x) + sum(mine[b] - theirs[b] + 1 for b in from_y)
    if gain >= 0:
        return False
    for item, parted, meets in ((x, from_x, from_y), (y, from_y, from_x)):
        for others, by in ((parted, -1), (meets, 1)):
            for a in others:
                met[item][a] += by
                met[a][item] += by
    one[i], other[j] = y, x
    return True


def _meet(met: list[list[int]], chosen: Iterable[int]) -> None:
    for i, j in combinations(chosen, 2):
        met[i][j] += 1
        met[j][i] += 1


def _evenest(items: int, per_set: int, count: int) -> int:
    """Σ (times a pair meets)² if all pairs met equally often, or as equally as whole numbers allow."""
    pairs = items * (items - 1) // 2
    low, more = divmod(count * per_set * (per_set - 1) // 2, pairs)
    return (pairs - more) * low**2 + more * (low + 1) ** 2
