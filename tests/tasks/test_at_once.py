"""Two and many at once: real threads on PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest

from kocforum.errors import Conflict
from kocforum.notifications.models import Notification
from tasks.actions.audiences import freeze_some, invite_some, reach_out, remind_all
from tasks.actions.moves import move_task
from tasks.actions.participations import set_budget
from tasks.models import ContactBudget, Invitation, Participation, Response, Task
from tests.at_once import at_once
from tests.people import make_member
from tests.tasks.stories import WHEELS, drafted, make_researcher, opened, voted

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def errors(results: list[Any]) -> list[Any]:
    return [result for result in results if isinstance(result, Exception)]


def test_one_person_in_many_windows_has_one_response():
    task, lin = opened(), make_member()
    results = at_once(*(lambda label=label: voted(task, lin, label) for label in WHEELS * 2))
    assert Response.objects.count() == Participation.objects.count() == 1
    assert all(isinstance(error, Conflict) for error in errors(results)), results


def test_a_rush_of_members_counts_each_once():
    task = opened()
    members = [make_member(f"m{number}") for number in range(24)]
    results = at_once(*(lambda member=member: voted(task, member, WHEELS[member.pk % 3]) for member in members))
    assert not errors(results)
    assert Participation.objects.count() == Response.objects.count() == 24


def test_two_staff_moving_one_task_have_one_result_and_one_conflict():
    task, first, second = drafted(), make_researcher(), make_researcher("second")

    def move(by, to):
        return lambda: move_task(by=by, task=task, to=to, expected="draft", reason="换一种问法")

    results = at_once(move(first, "open"), move(second, "cancelled"))
    assert len(errors(results)) == 1 and isinstance(errors(results)[0], Conflict), results
    assert Task.objects.get().transitions.count() == 2


def test_what_is_answered_while_it_closes_is_counted_or_refused_never_late():
    task, by = opened(), make_researcher()
    members = [make_member(f"m{number}") for number in range(12)]

    def close():
        return move_task(by=by, task=task, to="closed", expected="open")

    works = [lambda member=member: voted(task, member) for member in members]
    results = at_once(*works[:6], close, *works[6:])
    refused = errors(results)
    assert all(isinstance(error, Conflict) for error in refused), results
    assert Participation.objects.count() == Response.objects.count() == 12 - len(refused)
    with pytest.raises(Conflict):
        voted(task, "late")


def test_s21_two_workers_invite_and_remind_each_once():
    for number in range(30):
        make_member(f"m{number}")
    task = opened()
    assert not errors(at_once(*[lambda: reach_out(task=task)] * 3))
    assert Invitation.objects.filter(state="invited").count() == 30
    assert Notification.objects.filter(kind="task.invited", count=1).count() == 30
    assert not errors(at_once(*[lambda: remind_all(task=task)] * 3))
    assert Notification.objects.filter(kind="task.reminded", count=1).count() == 30


def test_two_workers_freeze_one_audience_once():
    for number in range(40):
        make_member(f"m{number}")
    task = drafted()
    from django.utils import timezone

    Task.objects.filter(pk=task.pk).update(state="open", opened_at=timezone.now())

    def freeze():
        while freeze_some(task=task, most=7):
            pass

    assert not errors(at_once(freeze, freeze, freeze))
    assert Invitation.objects.filter(task=task).count() == 40
    task.audience.refresh_from_db()
    assert task.audience.size == 40


def test_two_tasks_that_invite_together_stay_within_the_budget():
    members = [make_member(f"m{number}") for number in range(10)]
    for member in members:
        set_budget(by=member, minutes=1)
    tasks = [opened(title=f"第{number}问", minutes="0.4") for number in range(4)]
    assert not errors(at_once(*(lambda task=task: invite_some(task=task) for task in tasks)))
    assert Invitation.objects.filter(state="invited").count() == 20
    assert {row.spent for row in ContactBudget.objects.all()} == {48}


def test_one_op_id_at_once_answers_once():
    import uuid

    task, lin, op_id = opened(), make_member(), uuid.uuid4()
    results = at_once(*[lambda: voted(task, lin, op_id=op_id)] * 3)
    assert not errors(results)
    assert len({row.pk for row in results}) == 1
    assert Response.objects.filter(survey__task=task).count() == 1
