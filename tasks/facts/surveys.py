"""Facts of surveys. What somebody chose is in none of them."""

from __future__ import annotations

from kocforum.ledger.facts import fact


@fact
class PollEdited:
    task_id: int


@fact
class PollAnswered:
    """Somebody answered, or changed the answer. Who is in the row; what, only in the response."""

    task_id: int
    changed: bool
