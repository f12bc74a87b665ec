"""Facts of the trust envelope. What somebody wrote stands in its row alone."""

from __future__ import annotations

from kocforum.ledger.facts import fact


@fact
class PromiseContested:
    """Who led an initiative says that something counted wrongly."""

    initiative_id: int
    contest_id: int
    kind: str


@fact
class ContestAnswered:
    """An approver agreed, or not."""

    initiative_id: int
    contest_id: int
    state: str
