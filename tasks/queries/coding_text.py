"""An entry as coders read it: in passages, each in pieces at every border of a mark or of markup."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ..rules.coding import passages_of, touches
from ..rules.source_marks import SourceMark, source_marks
from .coding import Mark

_OURS = re.compile(r"/(?!/)")  # an address on this site


def pieces_of(text: str, marks: Sequence[Mark]) -> list[list[dict[str, Any]]]:
    """Passages in pieces: `start`, `end`, `text`, the `marks` that lie on it, and its `kind` where it is markup or made by it.
    Nothing is left out, so that places on the page are places in the text."""
    found, signs = [], source_marks(text)
    for passage in passages_of(text):
        here = [mark for mark in marks if touches(mark.start, mark.end, passage)]
        markup = [sign for sign in signs if touches(sign.start, sign.end, passage)]
        borders = [at for one in [*here, *markup] for at in (one.start, one.end)]
        cuts = sorted({*passage, *(at for at in borders if passage[0] < at < passage[1])})
        found.append([_piece(text, first, last, here, markup) for first, last in zip(cuts, cuts[1:], strict=False)])
    return found


def _piece(text: str, first: int, last: int, marks: Sequence[Mark], signs: Sequence[SourceMark]) -> dict[str, Any]:
    sign = next((one for one in signs if touches(one.start, one.end, (first, last))), None)
    begins = sign is not None and sign.start == first
    return {
        "start": first,
        "end": last,
        "text": text[first:last],
        "marks": [one for one in marks if touches(one.start, one.end, (first, last))],
        "kind": sign.kind if sign else "",
        "picture": sign.address if sign and begins and _OURS.match(sign.address) else "",
    }
