"""Two at a time: what beats what, and which two to ask about next."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from kocforum.stats.counts import NAN, whole
from kocforum.stats.intervals import normal_quantile

if TYPE_CHECKING:
    import numpy as np

PRIOR = 0.5
DRAWS = 400
SEED = 20_260_101
STEPS = 100
EXACTLY, ROUGHLY = 1e-9, 1e-4  # the last step; the one after it would be about its square
ALIKE = 0.9

Duel = tuple[Hashable, Hashable]


@dataclass(frozen=True, slots=True)
class Contender:
    """How `item` stands after `n` duels of its own.

    `strength` in logits, 0 on average: it beats another with probability 1/(1 + e^−(difference)).
    `wins_against_random`: the share of duels, 0 … 1, that it would win against another item picked at random, with the
    interval `low` … `high`. The interval is nan where fewer than two people judged anything; all is nan for an only
    item.
    """

    item: Hashable
    strength: float
    wins_against_random: float
    low: float
    high: float
    n: int


def bradley_terry(
    duels: Iterable[Duel],
    items: Iterable[Hashable],
    people: Iterable[Hashable] | None = None,
    *,
    prior: float = PRIOR,
    draws: int = DRAWS,
    confidence: float = 0.95,
) -> tuple[Contender, ...]:
    """The `items`, best first, from `duels` (winner, loser); `people`: who judged each, or None for a person per duel.

    Every item also won and lost `prior` duels against a phantom of strength 0: next to nothing, and what always won, or
    was never asked about, stays finite. The interval is of `draws` fits with random weights of people (mean 1,
    exponential) and of the phantom's duels, from a fixed seed: it knows that one person's duels hang together, and an
    item with three wins out of three is not sure of the fourth. Equal ones stand in the order of `items`. Undecided
    duels are to be left out.
    Raises ValueError for an unknown item, one against itself or twice in `items`, lengths that differ, a prior that is
    not positive.
    Sources: Bradley, Terry (1952), Biometrika 39:324–345; Rubin (1981), Annals of Statistics 9:130–134, for the
    weights; Fong, Lyddon, Holmes (2019), ICML, for a prior among them; Hesterberg (2015), The American Statistician
    69:371–386, for the wider percentiles of few people.
    """
    import numpy as np

    place = _places(items)
    if not 0 < prior < math.inf:
        raise ValueError(f"prior must be a positive number, not {prior!r}")
    normal_quantile(confidence)
    draws = whole(draws, "draws")
    pairs = _read(duels, place)
    judges = list(range(len(pairs))) if people is None else list(people)
    if len(judges) != len(pairs):
        raise ValueError(f"{len(pairs)} duels but {len(judges)} people")
    count = len(place)
    if count < 2:
        return tuple(Contender(item, NAN, NAN, NAN, NAN, 0) for item in place)
    cells = np.array([winner * count + loser for winner, loser in pairs], dtype=np.int64)
    wins = _table(cells, None, count)
    phantom = np.full((2, count), prior)
    strength = _fit(wins, phantom, np.zeros(count))
    chance = _against_random(strength)
    low, high = _bootstrap(cells, judges, strength, prior, draws, confidence)
    met = (wins + wins.T).sum(axis=1)
    found = [
        Contender(
            item, float(strength[i] - strength.mean()), float(chance[i]), float(low[i]), float(high[i]), int(met[i])
        )
        for item, i in place.items()
    ]
    # Rounded, so that what is equal stays in order
    return tuple(sorted(found, key=lambda contender: -round(contender.strength, 9)))


def next_pair(
    duels: Iterable[Duel] | Mapping[Duel, int],
    items: Iterable[Hashable],
    seed: int | str = 0,
    *,
    asked: Iterable[Duel] = (),
    prior: float = PRIOR,
) -> Duel | None:
    """Two items of whose difference least is known, in random order; None where none is left to ask about.

    `duels` (winner, loser), or how often {(winner, loser): times}; `asked`: pairs not to come again, in either order.
    What is known is the variance of the difference were all equally strong: of how often the two met, directly or by
    way of others. Who won is left out on purpose: to pair the like with the like learns a ranking a little sooner, but
    stretches the strengths by half and more. Among the pairs within a tenth of the most uncertain `seed` picks, so that
    people who answer at once are not all asked the same.
    Raises ValueError as `bradley_terry` does.
    Sources: Klein, Randić (1993), Journal of Mathematical Chemistry 12:81–95, for the variance as a resistance; Bramley
    (2015), Investigating the reliability of adaptive comparative judgment, Cambridge Assessment, for the stretch.
    """
    import numpy as np

    place = _places(items)
    if not 0 < prior < math.inf:
        raise ValueError(f"prior must be a positive number, not {prior!r}")
    times = Counter(duels)
    pairs = _read(times, place)
    if any(n < 0 for n in times.values()):
        raise ValueError("a duel cannot have happened a negative number of times")
    done = {frozenset(pair) for pair in _read(asked, place)}
    count = len(place)
    left = [pair for pair in combinations(range(count), 2) if frozenset(pair) not in done]
    if not left:
        return None
    cells = np.array([winner * count + loser for winner, loser in pairs], dtype=np.int64)
    wins, phantom = _table(cells, np.array(list(times.values()), dtype=float), count), np.full((2, count), prior)
    spread = np.linalg.inv(_slopes(wins, phantom, np.zeros(count))[1])
    one, other = np.array(left).T
    doubt = spread[one, one] + spread[other, other] - 2 * spread[one, other]
    rng = random.Random(seed)
    pair = list(left[rng.choice(np.flatnonzero(doubt >= ALIKE * doubt.max()).tolist())])
    rng.shuffle(pair)
    names = list(place)
    return names[pair[0]], names[pair[1]]


def _places(items: Iterable[Hashable]) -> dict[Hashable, int]:
    items = list(items)
    place = {item: i for i, item in enumerate(items)}
    if len(place) < len(items):
        raise ValueError("an item stands twice among the items")
    return place


def _read(duels: Iterable[Duel], place: Mapping[Hashable, int]) -> list[tuple[int, int]]:
    pairs = []
    for one, other in duels:
        for item in (one, other):
            if item not in place:
                raise ValueError(f"{item!r} is not among the items")
        if one == other:
            raise ValueError(f"{one!r} cannot meet itself")
        pairs.append((place[one], place[other]))
    return pairs


def _table(cells: np.ndarray, weights: np.ndarray | None, count: int) -> np.ndarray:
    """How often the row beat the column."""
    import numpy as np

    return np.bincount(cells, weights, count * count).astype(float).reshape(count, count)


def _logistic(x: np.ndarray) -> np.ndarray:
    from scipy.special import expit

    return expit(x)


def _against_random(strength: np.ndarray) -> np.ndarray:
    """The mean chance against each other item; against itself it would be ½."""
    chance = _logistic(strength[:, None] - strength[None, :])
    return (chance.sum(axis=1) - 0.5) / (strength.size - 1)


def _slopes(wins: np.ndarray, phantom: np.ndarray, strength: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First derivatives of the log likelihood and minus the second ones."""
    import numpy as np

    met, games = wins + wins.T, phantom.sum(axis=0)
    chance, alone = _logistic(strength[:, None] - strength[None, :]), _logistic(strength)
    expected = met * chance
    slope = wins.sum(axis=1) + phantom[0] - expected.sum(axis=1) - games * alone
    curve = expected * (chance - 1)
    np.fill_diagonal(curve, 0)
    np.fill_diagonal(curve, games * alone * (1 - alone) - curve.sum(axis=1))
    return slope, curve


def _loss(wins: np.ndarray, phantom: np.ndarray, strength: np.ndarray) -> float:
    import numpy as np

    gap = strength[:, None] - strength[None, :]
    lone = phantom[0] * np.logaddexp(0, -strength) + phantom[1] * np.logaddexp(0, strength)
    return float((wins * np.logaddexp(0, -gap)).sum() + lone.sum())


def _fit(wins: np.ndarray, phantom: np.ndarray, strength: np.ndarray, precision: float = EXACTLY) -> np.ndarray:
    """The likeliest strengths by Newton's method from `strength`; `phantom` holds the wins and losses against it."""
    import numpy as np

    for _ in range(STEPS):
        slope, curve = _slopes(wins, phantom, strength)
        step = np.linalg.solve(curve, slope)
        far = np.abs(step).max()
        if far > 0.5:  # a step this long may lead uphill
            size, loss = 1.0, _loss(wins, phantom, strength)
            while size > 1e-6 and _loss(wins, phantom, strength + size * step) > loss:
                size /= 2
            step *= size
        strength = strength + step
        if far < precision:
            break
    return strength


def _bootstrap(
    cells: np.ndarray, judges: list[Hashable], strength: np.ndarray, prior: float, draws: int, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    import numpy as np

    count = strength.size
    number = {judge: i for i, judge in enumerate(dict.fromkeys(judges))}
    if len(number) < 2 or not draws:
        return np.full(count, NAN), np.full(count, NAN)
    who = np.array([number[judge] for judge in judges])
    rng = np.random.default_rng(SEED)
    chances = np.empty((draws, count))
    tail = _tail(len(number), confidence)
    for draw in range(draws):
        weights = rng.exponential(size=len(number))
        wins = _table(cells, (weights / weights.mean())[who], count)
        chances[draw] = _against_random(_fit(wins, prior * rng.exponential(size=(2, count)), strength, ROUGHLY))
    low, high = np.quantile(chances, [tail, 1 - tail], axis=0)
    chance = _against_random(strength)
    return np.minimum(low, chance), np.maximum(high, chance)


def _tail(people: int, confidence: float) -> float:
    """The quantile of the draws that is the end of the interval: further out than it says for a handful of people."""
    from scipy.special import ndtr, stdtrit

    return float(ndtr(-stdtrit(people - 1, 0.5 + confidence / 2) * math.sqrt(people / (people - 1))))
