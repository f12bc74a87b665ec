"""Periodic duties: done when due, by one worker, again after a failure."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from kocforum.ledger import duties
from kocforum.ledger.duties import Duty, enlist, every, forget_undeclared, known_duties, run_due
from kocforum.ledger.models import Schedule

pytestmark = pytest.mark.django_db


def test_a_duty_is_done_at_once_and_then_at_its_interval():
    done = []

    @every(minutes=10)
    def sweep_the_yard():
        done.append(1)

    enlist()
    assert (run_due(), run_due()) == (1, 0)
    row = Schedule.objects.get()
    assert row.name.endswith("sweep_the_yard")
    assert timedelta(minutes=9) < row.due_at - timezone.now() <= timedelta(minutes=10)
    assert row.last_done_at is not None
    Schedule.objects.update(due_at=timezone.now())
    assert run_due() == 1
    assert done == [1, 1]


def test_a_failing_duty_keeps_its_error_and_comes_back_soon():
    @every(days=1)
    def stumble():
        raise ZeroDivisionError("oops")

    enlist()
    run_due()
    row = Schedule.objects.get()
    assert "ZeroDivisionError: oops" in row.error
    assert row.last_done_at is None
    assert row.due_at - timezone.now() <= timedelta(minutes=5)


def test_a_time_of_day_is_that_of_the_site():
    @every(days=1, at="08:30")
    def morning():
        pass

    @every(days=7, at="08:30")
    def weekly():
        pass

    daily, week = known_duties().values()
    noon = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
    half_past_eight = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
    assert daily.after(noon, first=True) == half_past_eight
    assert daily.after(half_past_eight) == half_past_eight + timedelta(days=1)
    assert week.after(noon, first=True) == half_past_eight
    assert week.after(half_past_eight + timedelta(minutes=3)) == half_past_eight + timedelta(days=7)


def test_a_duty_needs_a_rhythm():
    with pytest.raises(ValueError):
        every()
    with pytest.raises(ValueError):
        every(minutes=10, at="08:30")


def test_a_shortened_interval_brings_the_next_time_forward():
    Schedule.objects.create(name="x.tidy", due_at=timezone.now() + timedelta(days=1))
    duties._duties["x.tidy"] = Duty("x.tidy", lambda: None, timedelta(minutes=5))
    enlist()
    assert Schedule.objects.get().due_at - timezone.now() <= timedelta(minutes=5)
    enlist()
    assert Schedule.objects.count() == 1


def test_rows_of_duties_that_the_code_no_longer_has_are_left_alone_and_in_the_end_forgotten():
    Schedule.objects.create(name="gone.recently", due_at=timezone.now() - timedelta(days=1))
    Schedule.objects.create(name="gone.long_ago", due_at=timezone.now() - timedelta(days=8))
    assert run_due() == 0
    assert forget_undeclared() == 1
    assert Schedule.objects.get().name == "gone.recently"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_a_duty_once():
    done, together = [], threading.Barrier(2)

    @every(hours=1)
    def count():
        done.append(1)

    enlist()

    def worker() -> None:
        try:
            together.wait(10)
            run_due()
        finally:
            connections.close_all()

    for times in range(1, 11):
        Schedule.objects.update(due_at=timezone.now() - timedelta(seconds=1))
        threads = [threading.Thread(target=worker) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert len(done) == times
