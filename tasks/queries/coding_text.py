"""An entry as coders read it: in passages, each in pieces at every border of a mark or of markup."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from ..rules.coding import passages_of
from ..rules.source_marks import SourceMark, source_marks
from .coding import Mark

_OURS = re.compile(r"/(?!/)")  # an address on this site


def pieces_of(text: str, marks: Sequence[Mark]) -> list[list[dict[str, Any]]]:
    """Passages in pieces: `start`, `end`, `text`, the `marks` that lie on it, and its `kind` where it is markup or made by it.
    Nothing is left out, so that places on the page are places in the text."""
    passages, signs = passages_of(text), source_marks(text)
    borders = sorted({at for one in [*marks, *signs] for at in (one.start, one.end)}.union(*passages))
    opening = sorted(range(len(marks)), key=lambda number: marks[number].start)
    found, live, opened, passed = [], set(), 0, 0
    for start, end in passages:
        pieces = []
        cuts = borders[bisect_left(borders, start) : bisect_right(borders, end)]
        for first, last in pairwise(cuts):
            while opened < len(opening) and marks[opening[opened]].start < last:
                live.add(opening[opened])
                opened += 1
            live = {number for number in live if marks[number].end > first}
            while passed < len(signs) and signs[passed].end <= first:
                passed += 1
            sign = signs[passed] if passed < len(signs) and signs[passed].start < last else None
            pieces.append(_piece(text, first, last, [marks[number] for number in sorted(live)], sign))
        found.append(pieces)
    return found


def _piece(text: str, first: int, last: int, marks: list[Mark], sign: SourceMark | None) -> dict[str, Any]:
    begins = sign is not None and sign.start == first
    return {
        "start": first,
        "end": last,
        "text": text[first:last],
        "marks": marks,
        "kind": sign.kind if sign else "",
        "picture": sign.address if sign and begins and _OURS.match(sign.address) else "",
    }
