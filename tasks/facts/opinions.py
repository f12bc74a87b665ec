"""Facts of the opinion map. What somebody said to a statement is not in them."""

from __future__ import annotations

from kocforum.ledger.facts import fact


@fact
class StatementDrawn:
    """A statement was drawn from an entry."""

    task_id: int
    entry_id: int
    statement_id: int


@fact
class StatementRemoved:
    """Who drew it took it back before anybody voted."""

    task_id: int
    statement_id: int


@fact
class StatementModerated:
    """A moderator hid a statement, or let it be voted on."""

    task_id: int
    statement_id: int
    state: str


@fact
class StatementVoted:
    """Somebody voted, or voted anew."""

    task_id: int
    statement_id: int
