"""Statements of a call as a reader votes on them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from kocforum.forum.enums import PostState
from kocforum.stats.opinions import LEAST_VOTES

from ..models import Call, Statement, StatementVote

ALIKE = 5  # votes: statements that have as many are asked in the reader's own order


@dataclass(frozen=True, slots=True)
class Ballot:
    """What there is to vote on for one reader: the next statement, how many of all are done."""

    next: Statement | None
    done: int
    total: int

    @property
    def needed(self) -> int:
        """Votes still to give before the map may be read."""
        return max(0, min(LEAST_VOTES, self.total) - self.done)


def statements_of(call: Call, user: Any) -> QuerySet[Statement]:
    """What this person may read, each with `own`: the own vote, None where there is none; and whether anybody `voted`."""
    mine = StatementVote.objects.filter(statement=OuterRef("pk"), member=user.pk if user.is_authenticated else None)
    rows = Statement.objects.visible_to(user).filter(call=call)
    anybody = Exists(StatementVote.objects.filter(statement=OuterRef("pk")))
    return rows.annotate(own=Subquery(mine.values("vote")[:1]), voted=anybody).select_related("entry__call", "call")


def ballot_of(statements: Iterable[Statement], user: Any) -> Ballot:
    """Of `statements_of` this reader. Which few have voted on comes first, in an order of one's own among those that are alike: no
    statement is always the last one that tired people see. One query."""
    standing = [row for row in statements if row.state == PostState.VISIBLE]
    counts = dict(
        StatementVote.objects.filter(statement__in=standing).values_list("statement").annotate(Count("pk")).order_by()
    )
    waiting = [row for row in standing if row.own is None]
    waiting.sort(key=lambda row: (counts.get(row.pk, 0) // ALIKE, _own_order(user, row)))
    return Ballot(next=waiting[0] if waiting else None, done=len(standing) - len(waiting), total=len(standing))


def _own_order(user: Any, statement: Statement) -> str:
    return hashlib.sha256(f"{user.pk}:{statement.pk}".encode()).hexdigest()
