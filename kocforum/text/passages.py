"""A passage of a text that stays itself when the text is edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diff_match_patch import diff_match_patch

CONTEXT = 32  # code points before and after, to tell the same words in two places apart
PATIENCE = 0.5  # seconds for one comparison; after it the rest counts as rewritten
STILL_ITSELF = 0.5  # of the words must be left for a passage to be the same


@dataclass(frozen=True, slots=True)
class Passage:
    """`exact` words with what stands before and after, and where: from `start` to before `end`, in Unicode code points, as
    Python counts. (JavaScript counts UTF-16 units, where an emoji is two.)

    Source: Web Annotation Data Model (W3C, 2017), §4.2.4 text quote selector, §4.2.5 text position selector.
    """

    start: int
    end: int
    exact: str
    prefix: str = ""
    suffix: str = ""


def passage(text: str, start: int, end: int) -> Passage:
    """Raises ValueError where it is empty or reaches beyond the text."""
    if not 0 <= start < end <= len(text):
        raise ValueError(f"{start} to {end} is no passage of a text of {len(text)}")
    return Passage(start, end, text[start:end], text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT])


def found_in(text: str, wanted: Passage) -> Passage | None:
    """Where the same words stand in another version: at the same place, else where most of the context is the same, else
    nearest. None where the words are nowhere."""
    if text[wanted.start : wanted.end] == wanted.exact and text[: wanted.start].endswith(wanted.prefix):
        return passage(text, wanted.start, wanted.end)
    starts, at = [], text.find(wanted.exact)
    while at >= 0:
        starts.append(at)
        at = text.find(wanted.exact, at + 1)
    if not starts:
        return None
    best = max(starts, key=lambda start: (_alike(text, start, wanted), -abs(start - wanted.start)))
    return passage(text, best, best + len(wanted.exact))


def followed(before: str, after: str, wanted: Passage) -> Passage | None:
    """The passage of `before` in `after`, also where its words were edited; None where less than half of them are left."""
    return all_followed(before, after, [wanted])[0]


def all_followed(before: str, after: str, wanted: Sequence[Passage]) -> list[Passage | None]:
    """Passages of `before` in `after`, in their order: the two texts are compared once."""
    compare = diff_match_patch()
    compare.Diff_Timeout = PATIENCE
    changes = compare.diff_main(before, after)
    return [_followed(after, one, compare, changes) for one in wanted]


def _followed(after: str, wanted: Passage, compare: diff_match_patch, changes: list[tuple[int, str]]) -> Passage | None:
    kept = place = 0
    for kind, words in changes:
        if kind == compare.DIFF_INSERT:
            continue
        if kind == compare.DIFF_EQUAL:
            kept += max(0, min(place + len(words), wanted.end) - max(place, wanted.start))
        place += len(words)
    if kept < STILL_ITSELF * len(wanted.exact):
        return found_in(after, wanted)
    start, end = compare.diff_xIndex(changes, wanted.start), compare.diff_xIndex(changes, wanted.end - 1) + 1
    end = min(max(end, start + 1), len(after))
    return passage(after, start, end) if start < end else None


def _alike(text: str, start: int, wanted: Passage) -> int:
    """How many code points of the context are the same, outwards from the passage."""
    end = start + len(wanted.exact)
    before = _shared(reversed(text[max(0, start - CONTEXT) : start]), reversed(wanted.prefix))
    return before + _shared(text[end : end + CONTEXT], wanted.suffix)


def _shared(one, other) -> int:
    count = 0
    for mine, yours in zip(one, other, strict=False):
        if mine != yours:
            break
        count += 1
    return count
