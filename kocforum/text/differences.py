"""What changed from one text to another, in words."""

from __future__ import annotations

from dataclasses import dataclass

from diff_match_patch import diff_match_patch

PATIENCE = 0.5  # seconds; after it the rest counts as rewritten
_HOW = {-1: "removed", 0: "same", 1: "added"}


@dataclass(frozen=True, slots=True)
class Difference:
    """`how` is same, added or removed."""

    how: str
    text: str


def differences(before: str, after: str) -> list[Difference]:
    """The two texts as one, in order; what belongs together stays together. Joining all but the added ones gives `before`, all
    but the removed ones `after`.

    Source: E. Myers, An O(ND) Difference Algorithm, Algorithmica 1, 1986, with the semantic clean-up of diff-match-patch.
    """
    compare = diff_match_patch()
    compare.Diff_Timeout = PATIENCE
    changes = compare.diff_main(before, after)
    compare.diff_cleanupSemantic(changes)
    return [Difference(_HOW[how], text) for how, text in changes]
