"""Draw statements from entries, vote on them, and draw the map."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.forum.enums import PostState
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.text import clean_line

from ..facts import StatementDrawn, StatementModerated, StatementRemoved, StatementVoted
from ..models import Call, Entry, OpinionMap, Statement, StatementVote
from ..models.opinions import LONGEST_STATEMENT
from ..queries.opinion_maps import drawing_of, stamp_of_votes
from ..rules.opinions import can_draw_statement, can_moderate_statement, can_remove_statement, can_vote
from .content import wants_a_look

SHORTEST = 4


@once(Statement)
@transaction.atomic
def draw_statement(*, by: Member, entry: Entry, text: str) -> Statement:
    """A sentence from an entry to which everybody can say yes or no."""
    Call.objects.select_for_update(of=("self",)).get(pk=entry.call_id)  # so that the counts hold
    require(can_draw_statement(by, entry), _("You cannot draw statements here."))
    text = clean_line(text)
    if not SHORTEST <= len(text) <= LONGEST_STATEMENT:
        raise Invalid({"text": _("A statement has 4 to 140 characters.")})
    pending = wants_a_look(text) and not by.is_staff
    try:
        with transaction.atomic():
            row = Statement.objects.create(
                call=entry.call,
                entry=entry,
                text=text,
                by=by,
                state=PostState.PENDING if pending else PostState.VISIBLE,
            )
    except IntegrityError:
        raise Invalid({"text": _("This statement is there already.")})
    record(StatementDrawn(task_id=entry.call.task_id, entry_id=entry.pk, statement_id=row.pk), by=by)
    return row


@transaction.atomic
def remove_statement(*, by: Member, statement: Statement) -> None:
    """Take back what one drew, before anybody has voted on it."""
    statement = Statement.objects.select_for_update(of=("self",)).select_related("call").get(pk=statement.pk)
    require(can_remove_statement(by, statement), _("Only who drew it takes it back."))
    Statement.objects.filter(pk=statement.pk).update(state=PostState.REMOVED)
    record(StatementRemoved(task_id=statement.call.task_id, statement_id=statement.pk), by=by)


@transaction.atomic
def moderate_statement(*, by: Member, statement: Statement, hide: bool, reason: str = "") -> Statement:
    """Hide a statement, with a reason, or let it be voted on. Its votes are kept and not counted while it is hidden."""
    require(can_moderate_statement(by), _("Only moderators do that."))
    reason = clean_line(reason)[:300]
    if hide and not reason:
        raise Invalid({"reason": _("Say why. Who drew it reads it.")})
    to, seen = (
        (PostState.HIDDEN, [PostState.VISIBLE, PostState.PENDING])
        if hide
        else (PostState.VISIBLE, [PostState.PENDING, PostState.HIDDEN])
    )
    here = Statement.objects.filter(pk=statement.pk, state__in=seen)
    if not here.update(state=to, reason=reason if hide else ""):
        raise Conflict(_("This statement is no longer where you saw it."))
    record(StatementModerated(task_id=statement.call.task_id, statement_id=statement.pk, state=to), by=by)
    statement.refresh_from_db()
    return statement


@transaction.atomic
def cast_vote(*, by: Member, statement: Statement, vote: int) -> StatementVote:
    """Agree (1), disagree (−1) or pass (0). Said again it takes the place of what was said before."""
    if vote not in (-1, 0, 1):
        raise Invalid({"vote": _("Agree, disagree or pass.")})
    # Held against being taken back in the same moment.
    statement = (
        Statement.objects.select_for_update(of=("self",), no_key=True).select_related("call__task").get(pk=statement.pk)
    )
    require(can_vote(by, statement), _("You cannot vote on this."))
    row, _made = StatementVote.objects.update_or_create(
        statement=statement, member=by, defaults={"vote": vote, "at": timezone.now()}
    )
    record(StatementVoted(task_id=statement.call.task_id, statement_id=statement.pk), by=by)
    return row


def redraw_map(*, call: Call) -> bool:
    """Draw the map anew where votes or statements have changed since. Returns whether it was drawn."""
    stamp = stamp_of_votes(call)
    if OpinionMap.objects.filter(call=call, stamp=stamp).exists() or not call.statements.exists():
        return False
    drawing, members = drawing_of(call)
    values: dict[str, Any] = {"drawing": drawing, "members": members, "stamp": stamp, "drawn_at": timezone.now()}
    with transaction.atomic():
        OpinionMap.objects.update_or_create(call=call, defaults=values)
        push(f"task:{call.task_id}", "map.drawn", call.task_id)
    return True


def redraw_maps() -> int:
    """Of all open calls. Returns how many were drawn."""
    return sum(redraw_map(call=call) for call in Call.objects.running().filter(statements__isnull=False).distinct())
