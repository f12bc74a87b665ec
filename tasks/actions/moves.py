"""A task moves: by the table, by who may, with what the move needs, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.forum.actions.writing import touch_thread
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.text import clean_line

from ..enums import DebtPolicy, TaskState
from ..facts import TaskMoved
from ..instruments import instrument_of
from ..models import AskingPolicy, Task, TaskTransition
from ..queries.placing import forget_places
from ..rules.states import moves_from
from ..rules.tasks import can_move_task
from .audiences import begin_freezing


@transaction.atomic
def move_task(*, by: Member, task: Task, to: str, expected: str, reason: str = "") -> Task:
    """Move a task from the state that the person saw. To reported it goes by `reports.report_task`, which says what came of it."""
    task = look_before_moving(by=by, task=task, to=to, expected=expected)
    reason = clean_line(reason)[:300]
    if to == TaskState.REPORTED:
        raise Invalid({"changed": _("Say what changes, or what does not and why.")})
    if to == TaskState.CANCELLED and not reason:
        raise Invalid({"reason": _("Those who took part read why it was cancelled. Write a sentence.")})
    if to in {TaskState.SCHEDULED, TaskState.OPEN}:
        if instrument := instrument_of(task.form):
            require(instrument.may_open(by, task), _("Only researchers move tasks."))
        check_ready(task, to)
    values: dict[str, Any] = {}
    if to == TaskState.CLOSED:
        values = closing_values()
    if to in {TaskState.CLOSED, TaskState.CANCELLED} and task.state == TaskState.OPEN:
        values["closes_at"] = min(task.closes_at, values.get("closed_at") or timezone.now())
    step(task=task, to=to, by=by, reason=reason, values=values)
    if to == TaskState.OPEN:
        begin_freezing(task=task)
    return task


def look_before_moving(*, by: Member, task: Task, to: str, expected: str) -> Task:
    """The task as it is now, its row held, when this person may move it there from what they saw."""
    if to not in TaskState.values:
        raise Invalid({"to": _("There is no such state.")})
    require(can_move_task(by, task, to), _("Only researchers move tasks."))
    task = hold_task(task.pk)
    if task.state != expected:
        raise Conflict(
            _("The task is no longer where you saw it: it is %(state)s now.") % {"state": task.get_state_display()}
        )
    if to not in moves_from(task.state):
        raise Conflict(
            _("A task does not go from %(here)s to %(there)s.")
            % {"here": task.get_state_display(), "there": TaskState(to).label}
        )
    return task


def hold_task(pk: int) -> Task:
    """Take the task's row for a move. Whoever takes part holds it too, weakly, by the foreign key of the participation:
    so a move waits for answers that are being written, and answers that come later find the new state."""
    return Task.objects.select_for_update(of=("self",)).select_related("audience").get(pk=pk)


def step(*, task: Task, to: str, by: Member | None, reason: str = "", values: dict[str, Any] | None = None) -> None:
    """One move that the table allows, in the caller's transaction: row, history, fact. `by` None: its time had come."""
    here = task.state
    if to == TaskState.OPEN:
        now = timezone.now()
        values = {"opened_at": now, "opens_at": min(task.opens_at or now, now), **(values or {})}
    if not Task.objects.filter(pk=task.pk, state=here).update(state=to, **(values or {})):
        raise Conflict(_("The task is no longer where you saw it."))
    task.refresh_from_db()
    TaskTransition.objects.create(task=task, from_state=here, to_state=to, reason=reason, by=by)
    if instrument := instrument_of(task.form):
        instrument.moved(task, by)
    record(TaskMoved(task_id=task.pk, from_state=here, to_state=to), by=by)
    forget_places()
    transaction.on_commit(forget_places)
    if task.thread is not None:
        touch_thread(task.thread)  # its kept pages show what stands beside it
    push(f"task:{task.pk}", "task.moved", task.pk)


def closing_values() -> dict[str, Any]:
    """What closing sets: when it was, and by when those who took part hear of it."""
    now = timezone.now()
    return {"closed_at": now, "report_due_at": now + timedelta(days=AskingPolicy.current().report_within_days)}


def check_ready(task: Task, to: str) -> None:
    """Everything that must stand before anybody is asked: decision, window, the form's own part, no late reports where that is the rule."""
    problems: dict[str, object] = {}
    if not task.decision:
        problems["decision"] = _("Say what is decided with the answers. Without a decision nobody is asked.")
    now = timezone.now()
    if task.closes_at is None:
        problems["closes_at"] = _("Say when it ends.")
    elif task.closes_at <= now:
        problems["closes_at"] = _("The end lies in the past.")
    if to == TaskState.SCHEDULED and (task.opens_at is None or task.opens_at <= now):
        problems["opens_at"] = _("Say when it opens, in the future; or open it now.")
    instrument = instrument_of(task.form)
    against = instrument.problems(task) if instrument else [_("This form cannot be opened here.")]
    if against:
        problems[""] = against
    if problems:
        raise Invalid(problems)
    late = Task.objects.late().exclude(pk=task.pk)
    if AskingPolicy.current().debt == DebtPolicy.BLOCK and (first := late.first()):
        raise Conflict(
            _("First tell those who took part in “%(title)s” what came of it. Until then nothing new is opened.")
            % {"title": first.title}
        )


def open_due() -> int:
    """Open what was scheduled and whose time has come. Returns how many."""
    return _each_due(Task.objects.due_to_open(), TaskState.OPEN)


def close_due() -> int:
    """Close what has reached its end. Returns how many."""
    return _each_due(Task.objects.due_to_close(), TaskState.CLOSED)


def _each_due(due: QuerySet[Task], to: str) -> int:
    return sum(_move_in_time(pk=pk, due=due, to=to) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _move_in_time(*, pk: int, due: QuerySet[Task], to: str) -> bool:
    """One task whose time has come, if it still has: somebody may have been faster."""
    task = hold_task(pk)
    if not due.filter(pk=pk).exists():
        return False
    step(task=task, to=to, by=None, values=closing_values() if to == TaskState.CLOSED else {})
    if to == TaskState.OPEN:
        begin_freezing(task=task)
    return True
