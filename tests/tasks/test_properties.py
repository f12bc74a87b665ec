"""Whatever people and staff do in whatever order: one response each, no budget overdrawn, nobody shown, nobody pestered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kocforum.errors import Refused
from kocforum.notifications.models import Notification
from tasks.actions.audiences import freeze_some, invite_some, remind_some
from tasks.actions.moves import move_task
from tasks.actions.participations import decline, set_budget
from tasks.actions.polls import answer_poll
from tasks.models import AskingPolicy, ContactBudget, Invitation, Option, Participation, Response, Survey, Task
from tasks.queries.results import results_of
from tasks.queries.surveys import figures_of
from tasks.rules.surveys import FEWEST
from tests.people import make_member
from tests.tasks.stories import drafted, make_researcher

pytestmark = pytest.mark.django_db

MEMBERS, TASKS, OPTIONS = 7, 2, 3
NEWS = ("task.invited", "task.reminded")
USUAL = 2  # minutes a month of the house; a poll here costs one

who = st.integers(0, MEMBERS - 1)
which = st.integers(0, TASKS - 1)
answering = st.tuples(st.just("answer"), which, who, st.integers(0, OPTIONS - 1))
operations = st.one_of(
    answering,
    answering,  # people answer more often than they do anything else
    st.tuples(st.just("decline"), which, who),
    st.tuples(st.just("budget"), st.just(0), who, st.integers(0, 3)),
    st.tuples(st.just("invite"), which, st.integers(1, MEMBERS)),
    st.tuples(st.just("remind"), which, st.integers(1, MEMBERS)),
    st.tuples(st.just("freeze"), which, st.integers(1, MEMBERS)),
    st.tuples(st.just("close"), which),
    st.tuples(st.just("cancel"), which),
    st.tuples(st.just("month"), st.just(0)),
)


class House:
    """Seven members, two polls for everybody, and what must never happen, written down as it happens."""

    def __init__(self) -> None:
        self.by = make_researcher()
        AskingPolicy.objects.update_or_create(pk=1, defaults={"budget_minutes": USUAL})
        self.members = [make_member(f"m{number}") for number in range(MEMBERS)]
        self.tasks = [self.opened(number) for number in range(TASKS)]
        self.shown: dict[int, tuple[int, str]] = {}  # answers and state at the last look at the results
        for task in self.tasks:
            freeze_some(task=task, most=MEMBERS - 2)

    def opened(self, number: int) -> Task:
        """Open, and frozen in part only, so that freezing on is one of the operations."""
        task = drafted(by=self.by, title=f"第{number}问", minutes="1")
        now = timezone.now()
        Task.objects.filter(pk=task.pk).update(state="open", opened_at=now, closes_at=now + timedelta(days=1))
        return task

    def do(self, name: str, which: int, *rest: int) -> None:
        """One operation; a refusal is an answer too. Nobody hears of a task who had answered it or turned it down before."""
        task = Task.objects.get(pk=self.tasks[which].pk)
        silent = set(Participation.objects.filter(task=task).values_list("member", flat=True))
        silent |= set(Invitation.objects.filter(task=task, state="declined").values_list("member", flat=True))
        news = self.news(task)
        try:
            getattr(self, name)(task, *rest)
        except Refused as refusal:
            assert str(refusal)
        pestered = {pk for pk, count in self.news(task).items() if count > news.get(pk, 0)} & silent
        assert not pestered, f"{name}: told again after an answer or a no"
        self.promises_hold(task)

    def news(self, task: Task) -> dict[int, int]:
        """How often each member was invited or reminded."""
        told: dict[int, int] = {}
        rows = Notification.objects.filter(kind__in=NEWS, object_id=task.pk)
        for member, count in rows.values_list("member", "count"):
            told[member] = told.get(member, 0) + count
        return told

    def answer(self, task: Task, member: int, option: int) -> None:
        options = list(Option.objects.filter(question__survey__task=task).select_related("question"))
        answer_poll(by=self.members[member], task=task, option=options[option])

    def decline(self, task: Task, member: int) -> None:
        decline(by=self.members[member], task=task)

    def budget(self, task: Task, member: int, minutes: int) -> None:
        set_budget(by=self.members[member], minutes=minutes)

    def invite(self, task: Task, most: int) -> None:
        limits = self.limits()
        before = self.spendings()
        invite_some(task=task, most=most)
        for member, seconds in self.spendings().items():
            if seconds > before.get(member, 0):
                assert seconds <= limits[member], "an invitation spent more than the member gives"

    def remind(self, task: Task, most: int) -> None:
        remind_some(task=task, most=most)

    def freeze(self, task: Task, most: int) -> None:
        freeze_some(task=task, most=most)

    def close(self, task: Task) -> None:
        move_task(by=self.by, task=task, to="closed", expected="open")

    def cancel(self, task: Task) -> None:
        move_task(by=self.by, task=task, to="cancelled", expected=task.state, reason="问错了")

    def month(self, task: Task) -> None:
        """What was spent was spent last month."""
        first = timezone.localdate().replace(day=1)
        ContactBudget.objects.update(month=(first - timedelta(days=1)).replace(day=1))

    def limits(self) -> dict[int, int]:
        """Seconds a month that each gives."""
        own = dict(ContactBudget.objects.filter(minutes__isnull=False).values_list("member", "minutes"))
        return {member.pk: own.get(member.pk, USUAL) * 60 for member in self.members}

    def spendings(self) -> dict[int, int]:
        """Seconds of this month by member."""
        month = timezone.localdate().replace(day=1)
        return dict(ContactBudget.objects.filter(month=month).values_list("member", "spent"))

    def promises_hold(self, task: Task) -> None:
        """After every operation on a task."""
        took = Participation.objects.filter(task=task).count()
        answers = list(Response.objects.filter(survey__task=task).values_list("answers", flat=True))
        assert len(answers) == took, "one response of each"
        assert all(list(one) == ["q1"] and isinstance(one["q1"], str) for one in answers), "one choice of each"
        again = Notification.objects.filter(kind__in=NEWS, object_id=task.pk, count__gt=1)
        assert not again.exists(), "invited and reminded at most once each"
        state = Task.objects.values_list("state", flat=True).get(pk=task.pk)
        if self.shown.get(task.pk) != (took, state):
            self.shows_nobody(task, took)
            self.shown[task.pk] = (took, state)

    def shows_nobody(self, task: Task, took: int) -> None:
        survey = Survey.objects.select_related("task__audience").get(task=task)
        for found in (row for reader in (self.by, self.members[0]) for row in results_of(survey, reader) or []):
            assert found.suppressed or took >= FEWEST
            assert took >= FEWEST or not found.options
            assert all(one.suppressed or one.count == 0 or one.count >= FEWEST for one in found.options)
        for question in figures_of(task)["questions"]:
            assert took >= FEWEST or "options" not in question


def test_no_order_of_operations_breaks_a_promise():
    house = House()

    @settings(
        max_examples=16,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(steps=st.lists(operations, min_size=10, max_size=20))
    def in_any_order(steps: list[tuple[Any, ...]]) -> None:
        with transaction.atomic():
            house.shown = {}
            for step in steps:
                house.do(*step)
            transaction.set_rollback(True)

    in_any_order()
