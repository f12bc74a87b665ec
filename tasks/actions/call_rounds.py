"""A call goes on: what was sealed is revealed, the community joins, the talk draws together."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, require
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.search.actions import index_many

from ..enums import CallKind, EntryState, InvitationState, Readers, Round, TaskState
from ..facts import CallRevealed, RoundBegun
from ..models import Call, Entry, Invitation, Task
from ..queries.entries import document_of
from ..rules.calls import NEXT_ROUND, can_steer

GAVE = (EntryState.GIVEN, EntryState.PENDING)


def call_moved(task: Task, by: Member | None) -> None:
    """In the transaction of the task's move. Opening opens what is not sealed; closing opens the rest. What is cancelled before
    the reveal shows nobody's words to anybody."""
    call = Call.objects.filter(task=task).first()
    if call is None:
        return
    if task.state == TaskState.OPEN and not call.sealed:
        Call.objects.filter(pk=call.pk).update(revealed_at=timezone.now())
    elif task.state == TaskState.CLOSED:
        # The row is written in any case: who gives an entry holds it, so that the one comes after the other.
        Call.objects.filter(pk=call.pk).update(revealed_at=Coalesce("revealed_at", timezone.now()))
        if call.revealed_at is None:
            record(CallRevealed(task_id=task.pk), by=by)
        if call.sealed:
            _let_be_found(call, task)


@transaction.atomic
def reveal(*, by: Member, call: Call) -> Call:
    """Now, by hand, earlier than was promised or because nobody named a moment."""
    require(can_steer(by, call), _("Only researchers do that."))
    if not open_the_entries(call=call, by=by):
        raise Conflict(_("The entries are open already."))
    call.refresh_from_db()
    return call


def open_the_entries(*, call: Call, by: Member | None, due: QuerySet[Call] | None = None) -> bool:
    """The one update that reveals, in the caller's transaction; False where somebody was faster (L5). Where no later moment was
    promised the community joins at once."""
    sealed = (due if due is not None else Call.objects.running()).filter(pk=call.pk, revealed_at__isnull=True)
    if not sealed.update(revealed_at=timezone.now()):
        return False
    record(CallRevealed(task_id=call.task_id), by=by)
    push(f"task:{call.task_id}", "call.revealed", call.task_id)
    begin_round(call=call, to=Round.DISCUSSING, by=by, due=Call.objects.due_for_the_community())
    return True


def reveal_if_all_gave(*, call: Call) -> bool:
    """In the transaction of an entry, which holds the call's row: when nobody is left who was asked and has not given."""
    if call.kind != CallKind.INVITED or not call.is_sealed or not call.task.audience.frozen_at:
        return False
    gave = Entry.objects.filter(call=call, state__in=GAVE, writers__member=OuterRef("member"))
    gave = gave.filter(writers__accepted_at__isnull=False)
    asked = Invitation.objects.filter(task=call.task_id).exclude(state=InvitationState.DECLINED)
    if asked.filter(~Exists(gave)).exists():
        return False
    return open_the_entries(call=call, by=None)


@transaction.atomic
def next_round(*, by: Member, call: Call, expected: str) -> Call:
    """From writing to talking, from talking to drawing together, by hand."""
    require(can_steer(by, call), _("Only researchers do that."))
    to = NEXT_ROUND.get(Round(expected)) if expected in Round.values else None
    if to is None:
        raise Conflict(_("This is the last round. What comes next is the end."))
    if call.is_sealed:
        raise Conflict(_("Reveal the entries first."))
    if not begin_round(call=call, to=to, by=by, due=Call.objects.running().filter(round=expected)):
        raise Conflict(_("The call is in another round by now."))
    call.refresh_from_db()
    return call


def begin_round(*, call: Call, to: str, by: Member | None, due: QuerySet[Call]) -> bool:
    """One conditional update. False where it was not due or somebody was faster."""
    if not due.filter(pk=call.pk).update(round=to):
        return False
    record(RoundBegun(task_id=call.task_id, round=to), by=by)
    if to == Round.DISCUSSING and call.sealed:
        _let_be_found(call, call.task)
    push(f"task:{call.task_id}", "call.round", call.task_id)
    return True


def go_on_in_time() -> int:
    """Reveal what is due, and let the community join where it may. Returns how many calls went on."""
    gone = 0
    for pk in list(Call.objects.due_to_reveal().values_list("pk", flat=True)):
        gone += _in_time(pk=pk, reveals=True)
    for pk in list(Call.objects.due_for_the_community().values_list("pk", flat=True)):
        gone += _in_time(pk=pk, reveals=False)
    return gone


@transaction.atomic
def _in_time(*, pk: int, reveals: bool) -> bool:
    call = Call.objects.select_related("task").get(pk=pk)
    if reveals:
        return open_the_entries(call=call, by=None, due=Call.objects.due_to_reveal())
    return begin_round(call=call, to=Round.DISCUSSING, by=None, due=Call.objects.due_for_the_community())


def _let_be_found(call: Call, task: Task) -> None:
    """The entries that everybody may read now; those of a confidential call never are."""
    if task.readers != Readers.CONFIDENTIAL:
        given: Any = Entry.objects.given().filter(call=call).select_related("author")
        index_many(document_of(entry) for entry in given)
