"""Who thinks alike: groups of people by their votes on statements, and what all groups agree on."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kocforum.stats.counts import whole

if TYPE_CHECKING:
    import numpy as np

LEAST_VOTES = 7  # of a person, to be placed
FLOOR = 40  # people who can be placed, to draw groups at all
SMALLEST = 5  # people of a group: fewer would be made out
MOST_GROUPS = 5
STARTS = 20
SEED = 20_121_108


@dataclass(frozen=True, slots=True)
class Stand:
    """One statement in one group: `agree` and `disagree` of the `seen` who voted on it, passes included.

    `share` of agreement with Jeffreys' prior, (agree + ½) / (seen + 1). `z`: how much more often the group agrees than
    everybody else who was placed, in standard errors of the pooled difference; nan where nobody else, or none of them, voted.
    """

    agree: int
    disagree: int
    seen: int
    share: float
    z: float


@dataclass(frozen=True, slots=True)
class Opinions:
    """`groups`: of each person, from 0, the largest first; None for who voted on too little. `places`: where each stands in
    the picture (x, y), likewise. `sizes` of the groups, `silhouette` in [−1, 1]: how well they keep apart.

    `stands[group][statement]`, and `consensus` by statement: the geometric mean of the shares of agreement over the groups,
    so that one group that does not agree is enough to bring it down.
    """

    groups: tuple[int | None, ...]
    places: tuple[tuple[float, float] | None, ...]
    sizes: tuple[int, ...]
    silhouette: float
    stands: tuple[dict[Hashable, Stand], ...]
    consensus: dict[Hashable, float]


def opinion_groups(
    votes: Sequence[Mapping[Hashable, int]],
    statements: Sequence[Hashable],
    *,
    least_votes: int = LEAST_VOTES,
    floor: int = FLOOR,
    smallest: int = SMALLEST,
    most_groups: int = MOST_GROUPS,
) -> Opinions | None:
    """Groups of people; `votes`: one {statement: 1 agree, 0 pass, −1 disagree} each, without what was not seen.

    Two principal components of the votes with the mean of a statement where somebody did not vote; who voted on few is moved
    outwards by √(statements / votes), so that nobody stands in the middle for having been short of time. K-means for 2 to
    `most_groups`, best of many starts under one seed; the number whose mean silhouette is largest, among those that leave
    no group below `smallest`. None where fewer than `floor` people voted on `least_votes` (or on all, where there are fewer),
    where nobody differs, or where no division keeps to `smallest`.
    Raises ValueError for a vote that is none of the three, or on an unknown statement.
    Sources: Small, Bjorkegren, Erkkilä, Shaw, Megill (2021), Polis: scaling deliberation by mapping high dimensional opinion
    spaces, Recerca 26(2); Rousseeuw (1987), J. Comput. Appl. Math. 20:53–65; Arthur, Vassilvitskii (2007), k-means++.
    """
    import numpy as np

    statements = list(dict.fromkeys(statements))
    least = min(whole(least_votes, "least_votes"), len(statements))
    matrix = _matrix(votes, statements)
    placed = (~np.isnan(matrix)).sum(axis=1) >= max(1, least)
    some = matrix[placed]
    if len(some) < max(whole(floor, "floor"), 2):
        return None
    places = _places(some)
    if places is None:
        return None
    found = _divided(places, whole(smallest, "smallest"), whole(most_groups, "most_groups"))
    if found is None:
        return None
    labels, silhouette = found
    numbers, points = iter(labels.tolist()), iter(places.tolist())
    stands = tuple(_stands(some, labels == group, statements) for group in range(labels.max() + 1))
    return Opinions(
        groups=tuple(next(numbers) if there else None for there in placed),
        places=tuple(tuple(next(points)) if there else None for there in placed),
        sizes=tuple(np.bincount(labels).tolist()),
        silhouette=silhouette,
        stands=stands,
        consensus={
            name: math.exp(math.fsum(math.log(group[name].share) for group in stands) / len(stands))
            for name in statements
        },
    )


def _matrix(votes: Sequence[Mapping[Hashable, int]], statements: list[Hashable]) -> np.ndarray:
    """People by statements; nan where there is no vote."""
    import numpy as np

    column = {name: place for place, name in enumerate(statements)}
    matrix = np.full((len(votes), len(statements)), np.nan)
    for row, said in enumerate(votes):
        for name, vote in said.items():
            if vote not in (-1, 0, 1):
                raise ValueError(f"a vote is 1, 0 or -1, not {vote!r}")
            if name not in column:
                raise ValueError(f"{name!r} is not among the statements")
            matrix[row, column[name]] = vote
    return matrix


def _places(votes: np.ndarray) -> np.ndarray | None:
    """(people, 2); None where all votes are the same. The side that most people stand on is the right and the upper one."""
    import numpy as np

    there = ~np.isnan(votes)
    seen = there.sum(axis=0)
    means = np.divide(np.nansum(votes, axis=0), seen, out=np.zeros(votes.shape[1]), where=seen > 0)
    centred = np.where(there, votes - means, 0.0)
    if not centred.any():
        return None
    _left, _sizes, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes[:2]
    places = centred @ axes.T * np.sqrt(votes.shape[1] / there.sum(axis=1))[:, None]
    if places.shape[1] < 2:
        places = np.hstack([places, np.zeros((len(places), 1))])
    # A component has no sign of its own; without a rule the picture would flip from one vote to the next.
    return places * np.where(np.median(places, axis=0) < 0, -1.0, 1.0)


def _divided(places: np.ndarray, smallest: int, most_groups: int) -> tuple[np.ndarray, float] | None:
    """(group of each, mean silhouette) of the best number of groups."""
    import numpy as np

    distinct = len(np.unique(places, axis=0))
    best: tuple[np.ndarray, float] | None = None
    for count in range(2, min(most_groups, distinct) + 1):
        labels = _clustered(places, count)
        if np.bincount(labels, minlength=count).min() < max(1, smallest):
            continue
        apart = _silhouette(places, labels)
        if best is None or apart > best[1]:
            best = labels, apart
    return best


def _clustered(places: np.ndarray, count: int) -> np.ndarray:
    """The division of least squares among some starts; the largest group is 0."""
    import warnings

    import numpy as np
    from scipy.cluster.vq import kmeans2

    dice = np.random.default_rng(SEED)
    best, least = None, math.inf
    for _start in range(STARTS):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # an empty cluster: another start is better
            centres, labels = kmeans2(places, count, iter=50, minit="++", rng=dice)
        squares = float(((places - centres[labels]) ** 2).sum())
        if squares < least - 1e-9:
            best, least = labels, squares
    order = np.argsort(-np.bincount(best, minlength=count), kind="stable")
    rank = np.empty(count, dtype=int)
    rank[order] = np.arange(count)
    return rank[best]


def _silhouette(places: np.ndarray, labels: np.ndarray) -> float:
    """Mean over people; somebody alone in a group counts 0."""
    import numpy as np
    from scipy.spatial.distance import cdist

    sizes = np.bincount(labels)
    member = np.eye(len(sizes))[labels]
    total = 0.0
    for start in range(0, len(places), 1000):
        part = slice(start, start + 1000)
        sums = cdist(places[part], places) @ member
        own = labels[part]
        rows = np.arange(len(own))
        within = sums[rows, own] / np.maximum(sizes[own] - 1, 1)
        means = sums / sizes
        means[rows, own] = np.inf
        nearest = means.min(axis=1)
        widest = np.maximum(within, nearest)
        apart = np.divide(nearest - within, widest, out=np.zeros(len(own)), where=widest > 0)
        total += float(apart[sizes[own] > 1].sum())
    return total / len(places)


def _stands(votes: np.ndarray, inside: np.ndarray, statements: list[Hashable]) -> dict[Hashable, Stand]:
    import numpy as np

    mine, others = votes[inside], votes[~inside]
    agree, disagree = (mine == 1).sum(axis=0), (mine == -1).sum(axis=0)
    seen, other_seen = (~np.isnan(mine)).sum(axis=0), (~np.isnan(others)).sum(axis=0)
    other_agree = (others == 1).sum(axis=0)
    return {
        name: Stand(
            agree=int(agree[place]),
            disagree=int(disagree[place]),
            seen=int(seen[place]),
            share=float((agree[place] + 0.5) / (seen[place] + 1)),
            z=_z(int(agree[place]), int(seen[place]), int(other_agree[place]), int(other_seen[place])),
        )
        for place, name in enumerate(statements)
    }


def _z(agree: int, seen: int, other_agree: int, other_seen: int) -> float:
    if not seen or not other_seen:
        return math.nan
    pooled = (agree + other_agree) / (seen + other_seen)
    error = math.sqrt(pooled * (1 - pooled) * (1 / seen + 1 / other_seen))
    return (agree / seen - other_agree / other_seen) / error if error else 0.0
