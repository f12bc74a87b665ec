"""Facts reach their handlers: at least once, with retries, never two at a time."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django_tasks_db.models import DBTaskResult

from kocforum.ledger import deliveries
from kocforum.ledger.deliveries import GIVE_UP_AFTER, attempt, give_again, sweep
from kocforum.ledger.models import Delivery, Fact, Schedule
from kocforum.ledger.recording import record
from kocforum.ledger.subscribers import on

pytestmark = pytest.mark.django_db


def make_late(delivery: Delivery) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now() - timedelta(seconds=1))


def test_every_listener_hears_the_fact_once(bell_rung, ring, run_deliveries):
    heard = []

    @on(bell_rung)
    def first(told, row):
        heard.append(("first", told.bell_id, told.loud, row.name))

    @on(bell_rung)
    def second(told, row):
        heard.append(("second", told.bell_id, told.loud, row.name))

    ring(3, loud=True)
    run_deliveries()
    run_deliveries()
    assert heard == [("first", 3, True, "conftest.BellRung"), ("second", 3, True, "conftest.BellRung")]
    assert set(Delivery.objects.values_list("state", "attempts")) == {("done", 1)}


def test_a_fact_that_is_rolled_back_leaves_no_job(bell_rung):
    @on(bell_rung)
    def listener(told, row): ...

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(bell_rung(bell_id=1), by=None)
        raise ZeroDivisionError
    assert (Fact.objects.count(), Delivery.objects.count(), DBTaskResult.objects.count()) == (0, 0, 0)


def test_telling_costs_the_same_for_one_listener_and_for_five(bell_rung, django_assert_num_queries):
    for number in range(5):

        @on(bell_rung)
        def listener(told, row): ...

        listener.__qualname__ = f"listener_{number}"
        on(bell_rung)(listener)
    with transaction.atomic(), django_assert_num_queries(4):  # fact, subjects, deliveries, job
        record(bell_rung(bell_id=1), by=None)
    assert Delivery.objects.count() >= 5
    assert DBTaskResult.objects.count() == 1


def test_a_failing_handler_leaves_nothing_but_its_error_and_is_tried_again_after_a_pause(
    bell_rung, ring, run_deliveries
):
    failing = [True]

    @on(bell_rung)
    def clumsy(told, row):
        Schedule.objects.create(name="effect")
        if failing:
            raise ZeroDivisionError("oops")

    (delivery,) = ring()
    run_deliveries(strict=False)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("pending", 1)
    assert "ZeroDivisionError: oops" in delivery.error
    assert timedelta(seconds=5) < delivery.due_at - timezone.now() < timedelta(seconds=13)
    assert not Schedule.objects.exists()

    assert sweep() == 0  # not yet
    make_late(delivery)
    failing.clear()
    assert sweep() == 1
    assert sweep() == 0  # handed out, not late any more
    run_deliveries()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.error) == ("done", 2, "")
    assert Schedule.objects.count() == 1


def test_one_failing_listener_does_not_stop_the_others(bell_rung, ring, run_deliveries):
    heard = []

    @on(bell_rung)
    def broken(told, row):
        raise ZeroDivisionError

    @on(bell_rung)
    def sound(told, row):
        heard.append(told.bell_id)

    ring(5)
    run_deliveries(strict=False)
    assert heard == [5]


def test_it_is_given_up_with_its_error_and_staff_can_give_it_again(bell_rung, ring, run_deliveries):
    @on(bell_rung)
    def broken(told, row):
        raise ZeroDivisionError("for good")

    (delivery,) = ring()
    for _ in range(GIVE_UP_AFTER):
        run_deliveries(strict=False)
        make_late(delivery)
        sweep()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("dead", GIVE_UP_AFTER)
    assert "for good" in delivery.error
    assert not DBTaskResult.objects.ready().exists()

    assert give_again(Delivery.objects.all()) == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("pending", 0)
    assert DBTaskResult.objects.ready().count() == 1


def test_what_is_done_is_not_given_again(bell_rung, ring, run_deliveries):
    @on(bell_rung)
    def listener(told, row): ...

    ring()
    run_deliveries()
    assert give_again(Delivery.objects.all()) == 0


def test_pauses_grow_and_are_never_the_same():
    first, last = deliveries.pause_after(1), deliveries.pause_after(GIVE_UP_AFTER - 1)
    assert timedelta(seconds=7) < first < timedelta(seconds=13)
    assert timedelta(hours=8) < last < timedelta(hours=15)
    assert len({deliveries.pause_after(1) for _ in range(20)}) > 1


def test_a_second_job_for_the_same_turn_begins_nothing(bell_rung, ring):
    heard = []

    @on(bell_rung)
    def listener(told, row):
        heard.append(told.bell_id)

    (delivery,) = ring()
    assert attempt(delivery.pk, 0) is True
    assert attempt(delivery.pk, 0) is False
    assert attempt(delivery.pk, 1) is False
    assert heard == [7]


def test_an_attempt_that_was_overtaken_is_rolled_back(bell_rung, ring):
    @on(bell_rung)
    def slow(told, row):
        Schedule.objects.create(name="effect")
        Delivery.objects.update(attempts=2)  # as another worker does when the lease has run out

    (delivery,) = ring()
    assert attempt(delivery.pk, 0) is False
    assert not Schedule.objects.exists()


def test_an_attempt_whose_worker_was_killed_is_given_again_after_its_lease(bell_rung, ring, run_deliveries):
    heard = []

    @on(bell_rung)
    def listener(told, row):
        heard.append(told.bell_id)

    (delivery,) = ring()
    DBTaskResult.objects.all().delete()
    Delivery.objects.update(attempts=1, due_at=timezone.now() + deliveries.LEASE)  # begun, and silence
    assert sweep() == 0
    make_late(delivery)
    assert sweep() == 1
    run_deliveries()
    assert heard == [7]


def test_a_delivery_that_kills_every_worker_is_given_up(bell_rung, ring):
    @on(bell_rung)
    def deadly(told, row): ...

    (delivery,) = ring()
    Delivery.objects.update(attempts=GIVE_UP_AFTER)
    make_late(delivery)
    assert sweep() == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == ("dead", "Its worker died at every attempt.")


def test_a_handler_that_this_code_does_not_know_is_kept_for_a_newer_worker(bell_rung, ring, run_deliveries):
    @on(bell_rung)
    def listener(told, row): ...

    (delivery,) = ring()
    Delivery.objects.update(subscriber="newer.handlers.listener")
    run_deliveries(strict=False)
    delivery.refresh_from_db()
    assert delivery.state == "pending"
    assert "No handler newer.handlers.listener" in delivery.error


def test_handlers_speak_the_site_language_whatever_ran_before(bell_rung, ring, run_deliveries):
    spoken = []

    @on(bell_rung)
    def listener(told, row):
        spoken.append(get_language())

    ring()
    run_deliveries()
    assert spoken == ["zh-hans"]


def test_old_done_deliveries_are_forgotten_and_facts_stay(bell_rung, ring, run_deliveries):
    @on(bell_rung)
    def listener(told, row): ...

    ring()
    ring()
    run_deliveries()
    old = Delivery.objects.earliest("id")
    Delivery.objects.filter(pk=old.pk).update(done_at=timezone.now() - timedelta(days=31))
    assert deliveries.forget_done() == 1
    assert Delivery.objects.count() == 1
    assert Fact.objects.count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_run_one_delivery_once(bell_rung, ring):
    heard, answers = [], []
    together = threading.Barrier(2)

    @on(bell_rung)
    def listener(told, row):
        heard.append(told.bell_id)

    def worker(delivery: Delivery) -> None:
        try:
            together.wait(10)
            answers.append(attempt(delivery.pk, 0))
        finally:
            connections.close_all()

    for bell in range(10):
        (delivery,) = ring(bell)
        threads = [threading.Thread(target=worker, args=(delivery,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    assert sorted(heard) == list(range(10))
    assert sorted(answers) == [False] * 10 + [True] * 10


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_hand_out_one_late_delivery_once(bell_rung, ring):
    @on(bell_rung)
    def listener(told, row): ...

    for bell in range(5):
        ring(bell)
    DBTaskResult.objects.all().delete()
    Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    together, given = threading.Barrier(2), []

    def worker() -> None:
        try:
            together.wait(10)
            given.append(sweep())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sum(given) == 5
