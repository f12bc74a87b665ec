"""Real worker processes, really killed: nothing is lost, nothing is done by halves."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator

import pytest

from tests.house import PATIENCE_SECONDS, House, until


@pytest.fixture
def house(tmp_path, transactional_db) -> Iterator[House]:
    house = House("tests.ledger.processes", tmp_path)
    yield house
    house.close()


def test_a_delivery_whose_worker_is_killed_in_the_middle_is_carried_by_the_next(house):
    house.run("tell")
    first = house.start("work")
    until(lambda: house.diary() == ["carry begins"], "the handler begins")
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert house.rows("SELECT name FROM ledger_schedule WHERE name LIKE 'parcel%'") == []
    assert house.rows("SELECT state, attempts FROM ledger_delivery") == [("pending", 1)]
    assert house.rows("SELECT status FROM django_tasks_database_dbtaskresult") == [("RUNNING",)]

    house.go()
    second = house.start("work")
    until(lambda: house.rows("SELECT state, attempts FROM ledger_delivery") == [("done", 2)], "the delivery done")
    jobs = "SELECT DISTINCT status FROM django_tasks_database_dbtaskresult"
    until(lambda: house.rows(jobs) == [("SUCCESSFUL",)], "the killed worker's job closed")
    assert house.diary() == ["carry begins", "carry begins", "carry ends"]
    assert house.rows("SELECT name FROM ledger_schedule WHERE name LIKE 'parcel%'") == [("parcel 1",)]
    assert second.poll() is None


def test_a_plain_job_whose_worker_is_killed_runs_again(house):
    house.run("paint")
    first = house.start("work")
    until(lambda: house.diary() == ["paint begins"], "the job begins")
    first.send_signal(signal.SIGKILL)
    first.wait()
    house.go()
    house.start("work")
    until(lambda: house.diary() == ["paint begins", "paint begins", "paint ends"], "the job ends")


def test_sigterm_lets_the_running_job_finish(house):
    house.run("tell")
    worker = house.start("work")
    until(lambda: house.diary() == ["carry begins"], "the handler begins")
    worker.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(0.5)
    house.go()
    assert worker.wait(PATIENCE_SECONDS) == 0
    assert house.diary() == ["carry begins", "carry ends"]
    assert house.rows("SELECT state, attempts FROM ledger_delivery") == [("done", 1)]
    assert house.rows("SELECT count(*) FROM ledger_heartbeat") == [(0,)]
