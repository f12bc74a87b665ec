"""What search tells the world."""

from __future__ import annotations

from kocforum.ledger.facts import fact


@fact
class WordKept:
    """A word is cut as one from now on, or its proposal changed."""

    word_id: int
    text: str
    proposed: bool


@fact
class WordDropped:
    """A word is no longer known."""

    text: str
