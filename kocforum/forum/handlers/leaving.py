"""A member left."""

from __future__ import annotations

from typing import Any

from kocforum.ledger.subscribers import on
from kocforum.members.facts import AccountClosed

from ..actions.leaving import leave_forum


@on(AccountClosed)
def let_go(told: AccountClosed, row: Any) -> None:
    """What they held open ends; what they wrote stays, under no name."""
    leave_forum(member_id=told.member_id)
