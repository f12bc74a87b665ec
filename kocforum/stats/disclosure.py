"""Which counts to keep back, so that a published result gives no small number of people away."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from kocforum.stats.counts import whole

Key = TypeVar("Key", bound=Hashable)
Group = TypeVar("Group", bound=Hashable)


def suppress(counts: Mapping[Key, int], fewest: int = 5) -> set[Key]:
    """The keys to hide of one question whose options exclude each other; `counts` {option: people}.

    A count of 1 … fewest − 1 is hidden; 0 stays visible, there is nobody to protect. Readers know the base, so the
    smallest visible count above 0 is hidden as well for as long as the hidden ones are a single cell, come to fewer
    than `fewest`, or are 1 each (a hidden cell is known to hold somebody: as many people as cells means one in each).
    Where that leaves nothing to hide behind, every key is returned, zeros too: show neither the row nor its base. The
    same where nobody shares an option with more than one other, for zeros beside it would tell the ones.
    Ties are broken by the order given. Raises ValueError for broken counts or a `fewest` below 1.
    Source: primary and complementary cell suppression; Willenborg, de Waal (2001), Elements of Statistical Disclosure
    Control, ch. 1.
    """
    fewest = _least(fewest)
    counts = {key: whole(count) for key, count in counts.items()}
    hidden = {key for key, count in counts.items() if 0 < count < fewest}
    others = sorted((key for key, count in counts.items() if count >= fewest), key=counts.__getitem__)
    while hidden and _tells([counts[key] for key in hidden], fewest):
        if not others:
            return set(counts)
        hidden.add(others.pop(0))
    if hidden and not others and all(counts[key] <= 2 for key in hidden):
        return set(counts)
    return hidden


def suppress_groups(
    table: Mapping[Group, Mapping[Key, int]],
    fewest: int = 5,
    exclusive: bool = True,
    *,
    bases: Mapping[Group, int] | None = None,
) -> set[Group]:
    """The groups of a cross-table to hide whole, cells and base; `table` {group: {option: people}}.

    A group is hidden where its base is below `fewest` or a cell holds 1 … fewest − 1. Totals of every option and of
    the bases are published, and total minus visible is the sum of the hidden: so the smallest visible group follows for
    as long as one group alone is hidden, the hidden bases come to fewer than `fewest` or to one person each, or the
    hidden cells of an option come to 1 … fewest − 1. (An option with so few people in all is not the business of the
    groups: `suppress` hides it in the totals.) A group of nobody is hidden, but nobody hides behind it.

    `exclusive`: one option per person, `bases` {group: people asked} may be left out and are then the sums. Otherwise
    (several options per person) `bases` is needed; who did not tick an option is not a cell, pass it as one if it is.
    Raises ValueError for broken counts, a group without a base, or cells that exceed theirs.
    """
    fewest = _least(fewest)
    cells = {group: {key: whole(count) for key, count in row.items()} for group, row in table.items()}
    people = _bases(cells, bases, exclusive)
    totals: dict[Key, int] = {}
    for row in cells.values():
        for key, count in row.items():
            totals[key] = totals.get(key, 0) + count
    known = [key for key, total in totals.items() if total >= fewest]
    hidden = {
        group
        for group, row in cells.items()
        if people[group] < fewest or any(0 < count < fewest for count in row.values())
    }
    visible = sorted((group for group in cells if group not in hidden), key=people.__getitem__)
    while visible:
        behind = [people[group] for group in hidden if people[group]]
        if behind and _tells(behind, fewest):
            hidden.add(visible.pop(0))
            continue
        thin = [key for key in known if 0 < sum(cells[group].get(key, 0) for group in hidden) < fewest]
        if not thin:
            break
        # A group that has nobody in the thin option would be hidden for nothing; one that has somebody always exists.
        helps = next(group for group in visible if any(cells[group].get(key) for key in thin))
        visible.remove(helps)
        hidden.add(helps)
    return hidden


def _tells(hidden: list[int], fewest: int) -> bool:
    """Whether the sum of these hidden numbers of people, none of them 0, says too much."""
    return len(hidden) == 1 or sum(hidden) < fewest or sum(hidden) == len(hidden)


def _bases(cells: Mapping[Group, Mapping[Key, int]], bases: Mapping[Group, int] | None, exclusive: bool) -> dict:
    if bases is None:
        if not exclusive:
            raise ValueError("several options per person: the cells do not add up to the bases, so give `bases`")
        return {group: sum(row.values()) for group, row in cells.items()}
    people = {}
    for group, row in cells.items():
        if group not in bases:
            raise ValueError(f"no base is given for the group {group!r}")
        people[group] = whole(bases[group], "a base")
        most = _most(row.values(), exclusive)
        if most > people[group]:
            raise ValueError(f"the group {group!r} has {people[group]} people but {most} in its cells")
    return people


def _most(counts: Iterable[int], exclusive: bool) -> int:
    return sum(counts) if exclusive else max(counts, default=0)


def _least(fewest: int) -> int:
    fewest = whole(fewest, "fewest")
    if not fewest:
        raise ValueError("fewest must be at least 1")
    return fewest
