"""What the lens looks at: one case per owner and vehicle, and the sheet on which cases are counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

Condition = tuple[str, str]  # (dimension, value)
Cells = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Case:
    """How it went in one owner's vehicle, and under which conditions.

    `failing`: the outcome was failed or mixed; otherwise it worked. `observed` maps a dimension to the values that held
    (several may); a dimension left out, or given without a value, was not observed, which is not the same as "no".
    The last three are only needed for the highest level and may stay unknown (None): `prospective` the case was asked
    for before its outcome was known, `stimulated` it was told shortly after news about the trouble, `place` a city or a
    dealer.
    """

    owner: Hashable
    failing: bool
    observed: Mapping[str, Collection[str]] = field(default_factory=dict)
    vehicle: Hashable = None
    prospective: bool | None = None
    stimulated: bool | None = None
    place: Hashable = None


def standing_cases(cases: Iterable[Case]) -> list[Case]:
    """One case per owner and vehicle: a later one in the order given replaces an earlier one."""
    return list({(case.owner, case.vehicle): case for case in cases}.values())


class Sheet:
    """Cases as columns of bits: case i is bit i of every mask, so that a count is one `&` and one `bit_count`.

    `failing` and `fine` are the two columns of every table; `observed[dimension]` and `having[condition]` the rows.
    """

    def __init__(self, failing: Iterable[Case], fine: Iterable[Case]) -> None:
        first, second = list(failing), list(fine)
        self.cases: list[Case] = first + second
        size = len(self.cases)
        self.everyone = (1 << size) - 1
        self.failing = (1 << len(first)) - 1
        self.fine = self.everyone & ~self.failing
        observed: dict[str, list[int]] = defaultdict(list)
        having: dict[Condition, list[int]] = defaultdict(list)
        owned: dict[Hashable, list[int]] = defaultdict(list)
        for i, case in enumerate(self.cases):
            owned[case.owner].append(i)
            for dimension, values in case.observed.items():
                values = {values} if isinstance(values, str) else set(values)
                if values:
                    observed[dimension].append(i)
                for value in values:
                    having[dimension, value].append(i)
        self.observed = {dimension: _mask(places, size) for dimension, places in observed.items()}
        self.having = {condition: _mask(places, size) for condition, places in having.items()}
        self.single = _mask([places[0] for places in owned.values() if len(places) == 1], size)
        self.several = [_mask(places, size) for places in owned.values() if len(places) > 1]

    def with_and_without(self, condition: Condition) -> tuple[int, int]:
        """The cases with the condition, and those that observed its dimension and did not have it."""
        having = self.having.get(condition, 0)
        return having, self.observed.get(condition[0], 0) & ~having

    def cells(self, condition: Condition, within: int = -1) -> Cells:
        """(a, b, c, d) among the cases of `within` that observed the condition's dimension."""
        having, lacking = self.with_and_without(condition)
        failing, fine = self.failing & within, self.fine & within
        return (
            (having & failing).bit_count(),
            (having & fine).bit_count(),
            (lacking & failing).bit_count(),
            (lacking & fine).bit_count(),
        )

    def owners(self, mask: int) -> int:
        """How many different owners stand behind the cases of `mask`."""
        shared = mask & ~self.single
        return (mask & self.single).bit_count() + sum(1 for owned in self.several if owned & shared)

    def told_by(self, mask: int) -> Iterator[Case]:
        """The cases of `mask`."""
        while mask:
            lowest = mask & -mask
            yield self.cases[lowest.bit_length() - 1]
            mask ^= lowest

    def without_one_owner(self, *rows: int) -> Iterator[int]:
        """Masks of everyone but one owner, enough of them to meet every different table that leaving one out can give.

        Owners of one case in the same cell of the same rows are alike, so one of them speaks for all.
        """
        groups = [self.failing & self.single, self.fine & self.single]
        for row in rows:
            groups = [part for group in groups for part in (group & row, group & ~row) if part]
        for group in groups:
            if group:
                yield self.everyone & ~(group & -group)
        for owned in self.several:
            yield self.everyone & ~owned


def _mask(places: Iterable[int], size: int) -> int:
    bits = bytearray(size // 8 + 1)
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(bits, "little")
