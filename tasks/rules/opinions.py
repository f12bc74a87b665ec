"""Who draws statements from entries, who votes on them, who sees the map."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden
from kocforum.forum.enums import PostState
from kocforum.forum.rules.posts import can_moderate
from kocforum.members.rules import can_write

from ..enums import Round, TaskState
from ..models import Call, Entry, Statement, Task
from .tasks import can_ask

MOST_OF_ONE = 5  # statements that one member draws in a call
MOST = 100  # in a call: nobody votes on more


def can_map(member: Any, call: Call) -> Any:
    """Who may write, while the call is open and its entries can be read."""
    if (writes := can_write(member)) is not True:
        return writes
    if call.is_sealed:
        return Conflict(_("The map begins when the entries are revealed."))
    return Task.objects.running().filter(pk=call.task_id).exists() or Conflict(_("The call has ended."))


def can_draw_statement(member: Any, entry: Entry) -> Any:
    """Whoever reads the entry, so many each; researchers as many as there is room for."""
    if (may := can_map(member, entry.call)) is not True:
        return may
    if not Entry.objects.visible_to(member).given().filter(pk=entry.pk).exists():
        return Forbidden(_("You cannot read this entry."))
    drawn = Statement.objects.filter(call=entry.call).exclude(state=PostState.REMOVED)
    if drawn.count() >= MOST:
        return Conflict(_("%(most)s statements are enough for one map.") % {"most": MOST})
    if not can_ask(member) and drawn.filter(by=member.pk).count() >= MOST_OF_ONE:
        return Conflict(_("You have drawn %(most)s statements. Leave room for the others.") % {"most": MOST_OF_ONE})
    return True


def can_vote(member: Any, statement: Statement) -> Any:
    """Owners; colleagues read the map and do not make it."""
    if (may := can_map(member, statement.call)) is not True:
        return may
    if member.is_staff:
        return Forbidden(_("Owners vote here; colleagues read the map."))
    if statement.state != PostState.VISIBLE:
        return Conflict(_("This statement waits for a moderator, so nobody votes on it yet."))
    return Statement.objects.visible_to(member).filter(pk=statement.pk).exists()


def can_remove_statement(member: Any, statement: Statement) -> Any:
    """Who drew it, until somebody has voted."""
    if not member.is_authenticated or statement.by_id != member.pk:
        return False
    if statement.state not in {PostState.VISIBLE, PostState.PENDING}:
        return Conflict(_("This statement is already gone."))
    return not statement.votes.exists() or Conflict(_("Others have voted on it, so it stays."))


def can_moderate_statement(user: Any) -> bool:
    """Operators, and researchers where a statement says two things at once or leads."""
    return can_moderate(user) or can_ask(user)


def can_read_map(user: Any, call: Call, *, needed: int, statements: int) -> bool:
    """Nobody is told what others think before saying what they think themselves, until the talk draws together."""
    if call.round == Round.CONVERGING or call.task.state != TaskState.OPEN:
        return True
    if user.is_authenticated and user.is_staff:
        return True
    return bool(statements) and not needed
