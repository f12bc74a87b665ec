"""Facts of boards."""

from __future__ import annotations

from kocforum.ledger.facts import fact


@fact
class BoardOpened:
    """A board began, for something above the forum."""

    board_id: int
