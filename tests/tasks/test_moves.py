"""The table of states, walked: every allowed edge, every forbidden one refused with a sentence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.ledger.models import Fact
from tasks.actions.moves import close_due, move_task, open_due
from tasks.actions.reports import report_task
from tasks.enums import TaskState
from tasks.handlers.asking import keep_the_windows
from tasks.models import AskingPolicy, Task, TaskReport
from tasks.rules.states import moves_from
from tests.people import make_member, make_staff
from tests.tasks.stories import drafted, make_researcher, moved, opened, voted

pytestmark = pytest.mark.django_db

WAY = {
    "draft": (),
    "scheduled": ("scheduled",),
    "open": ("open",),
    "closed": ("open", "closed"),
    "analysed": ("open", "closed", "analysed"),
    "reported": ("open", "closed", "analysed", "reported"),
    "cancelled": ("cancelled",),
}


def brought_to(state: str) -> Task:
    task = drafted(opens_at=timezone.now() + timedelta(hours=1))
    return moved(task, *WAY[state], reason="换一种问法")


def push_to(task: Task, to: str):
    by = make_researcher()
    if to == "reported":
        return report_task(by=by, task=task, expected=task.state, unchanged="两款差不多，先不定。")
    return move_task(by=by, task=task, to=to, expected=task.state, reason="换一种问法")


@pytest.mark.parametrize(("here", "there"), [(here, there) for here in TaskState for there in moves_from(here)])
def test_every_allowed_edge_is_walked_and_told_once(here, there):
    task = brought_to(here)
    before = task.transitions.count()
    push_to(task, there)
    task.refresh_from_db()
    assert task.state == there
    assert task.transitions.count() == before + 1
    last = Fact.objects.filter(name="tasks.TaskMoved").last()
    assert (last.payload["from_state"], last.payload["to_state"]) == (here, there)


@pytest.mark.parametrize(
    ("here", "there"), [(here, there) for here in TaskState for there in TaskState if there not in moves_from(here)]
)
def test_every_other_edge_is_refused_with_a_sentence(here, there):
    task = brought_to(here)
    with pytest.raises(Conflict) as refused:
        push_to(task, there)
    assert str(TaskState(there).label) in str(refused.value)
    assert Task.objects.get(pk=task.pk).state == here


def test_a_move_from_an_older_state_is_a_conflict_that_says_where_it_is():
    task = drafted()
    moved(task, "open")
    with pytest.raises(Conflict) as refused:
        move_task(by=make_researcher(), task=task, to="open", expected="draft")
    assert str(TaskState.OPEN.label) in str(refused.value)


@pytest.mark.parametrize("role", ["operator", "engineer", "approver"])
def test_only_researchers_move(role):
    task = drafted()
    for somebody in (make_staff("other", role=role), make_member("lin")):
        with pytest.raises(Forbidden):
            move_task(by=somebody, task=task, to="open", expected="draft")


def test_without_a_decision_nobody_is_asked_and_the_database_says_so_too():
    task = drafted(decision="")
    with pytest.raises(Invalid) as refused:
        move_task(by=make_researcher(), task=task, to="open", expected="draft")
    assert "decision" in refused.value.fields
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(state="open")


@pytest.mark.parametrize(
    ("values", "field"),
    [({"closes_at": None}, "closes_at"), ({"closes_at": timezone.now() - timedelta(days=1)}, "closes_at")],
)
def test_a_window_that_cannot_be_is_named(values, field):
    with pytest.raises(Invalid) as refused:
        moved(drafted(**values), "open")
    assert field in refused.value.fields


def test_scheduling_needs_a_beginning_in_the_future():
    with pytest.raises(Invalid) as refused:
        moved(drafted(), "scheduled")
    assert "opens_at" in refused.value.fields


def test_a_cancellation_needs_a_reason():
    with pytest.raises(Invalid) as refused:
        moved(drafted(), "cancelled")
    assert "reason" in refused.value.fields


def test_a_report_says_what_changes_or_why_not():
    task = moved(opened(), "closed", "analysed")
    with pytest.raises(Invalid) as refused:
        report_task(by=make_researcher(), task=task, expected="analysed", changed="  ")
    assert "changed" in refused.value.fields
    with pytest.raises(Invalid):
        move_task(by=make_researcher(), task=task, to="reported", expected="analysed")
    with pytest.raises(IntegrityError), transaction.atomic():
        TaskReport.objects.create(task=task)


def test_the_numbers_of_a_report_are_frozen():
    task = opened()
    for number in range(11):
        voted(task, f"owner{number}", "飞羽" if number < 6 else "星轨")
    task = moved(task, "closed", "analysed", "reported")
    question = task.report.figures["questions"][0]
    assert question["base"] == 11
    assert [row["count"] for row in question["options"]] == [5, 6, 0]


def test_windows_open_and_close_by_the_clock_of_the_database():
    soon = drafted(opens_at=timezone.now() + timedelta(hours=1))
    moved(soon, "scheduled")
    late = opened()
    assert (open_due(), close_due()) == (0, 0)
    Task.objects.filter(pk=soon.pk).update(opens_at=timezone.now() - timedelta(seconds=5))
    long_ago = timezone.now() - timedelta(days=1)
    Task.objects.filter(pk=late.pk).update(opens_at=long_ago, closes_at=timezone.now() - timedelta(seconds=5))
    keep_the_windows()
    assert Task.objects.get(pk=soon.pk).state == "open"
    closed = Task.objects.get(pk=late.pk)
    assert closed.state == "closed" and closed.transitions.last().by is None
    assert closed.report_due_at > timezone.now() + timedelta(days=13)
    assert (open_due(), close_due()) == (0, 0)


def test_closing_by_hand_ends_the_window_now():
    task = moved(opened(), "closed")
    assert task.closes_at <= timezone.now() and task.closed_at <= timezone.now()


def test_a_late_report_warns_or_blocks_as_the_brand_says():
    owed = moved(opened(), "closed")
    Task.objects.filter(pk=owed.pk).update(report_due_at=timezone.now() - timedelta(days=1))
    moved(drafted(title="可以问"), "open")
    AskingPolicy.objects.create(debt="block")
    with pytest.raises(Conflict, match=owed.title):
        moved(drafted(title="不可以问"), "open")
    moved(owed, "analysed", "reported")
    moved(drafted(title="又可以问"), "open")
