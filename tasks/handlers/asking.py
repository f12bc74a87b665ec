"""What follows from facts and from time: audiences are frozen and invited, windows open and close, those who took part are told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django_tasks import task

from kocforum.ledger.duties import every
from kocforum.ledger.subscribers import on
from kocforum.members.facts import AccountClosed
from kocforum.notifications.actions import notify_all, withdraw

from .. import kinds
from ..actions.audiences import reach_out, remind_all
from ..actions.leaving import forget_member, sweep_drafts
from ..actions.moves import close_due, open_due
from ..enums import TaskForm, TaskState
from ..facts import TaskMoved
from ..instruments import instrument_of
from ..models import Task

REMIND_BEFORE = timedelta(hours=24)


@task()
def reach(task_id: int) -> None:
    """The job: freeze and invite, batch after batch. A job whose worker died is taken up by `go_on_reaching`."""
    if found := Task.objects.filter(pk=task_id).first():
        reach_out(task=found)


@on(TaskMoved)
def reach_who_is_asked(told: TaskMoved, row: Any) -> None:
    """What was opened goes out; what is over asks nobody any more."""
    if told.to_state == TaskState.OPEN:
        reach.enqueue(told.task_id)
    else:
        withdraw(kind=kinds.INVITED, object_id=told.task_id)
        withdraw(kind=kinds.REMINDED, object_id=told.task_id)


@on(TaskMoved)
def tell_who_took_part(told: TaskMoved, row: Any) -> None:
    """The word at the end, and at a cancellation; each person once."""
    kind = {TaskState.REPORTED: kinds.REPORTED, TaskState.CANCELLED: kinds.CANCELLED}.get(TaskState(told.to_state))
    if kind is None:
        return
    found = Task.objects.get(pk=told.task_id)
    members = set(found.participations.values_list("member_id", flat=True))
    if instrument := instrument_of(found.form):
        members.update(instrument.listeners(found))
    notify_all(members=sorted(members), kind=kind, object_id=found.pk, params={}, fact_id=row.pk)


@on(AccountClosed)
def let_a_member_go(told: AccountClosed, row: Any) -> None:
    """Who left is asked nothing any more."""
    forget_member(member_id=told.member_id)


@every(minutes=1)
def keep_the_windows() -> None:
    """Open what was scheduled, close what has ended."""
    open_due()
    close_due()


@every(minutes=5)
def go_on_reaching() -> None:
    """Take up audiences whose freezing or inviting stopped half way."""
    for found in Task.objects.running():
        reach_out(task=found)


@every(hours=1)
def sweep() -> None:
    """Drafts that nobody will send go."""
    sweep_drafts()


@every(hours=1)
def remind() -> None:
    """A day before the end, or at the last quarter of a shorter window, once."""
    now = timezone.now()
    # A workshop has a beginning, of which its own handlers remind; its end is only when the house tidies up.
    for found in Task.objects.running().filter(opened_at__isnull=False).exclude(form=TaskForm.WORKSHOP):
        window = found.closes_at - found.opened_at
        if found.closes_at - now <= min(REMIND_BEFORE, window / 4):
            remind_all(task=found)
