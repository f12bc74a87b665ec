"""Jobs of a worker that fell silent go to another; those of a living one do not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kocforum.ledger import heartbeats
from kocforum.ledger.models import Heartbeat

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(minutes=5)


@pytest.fixture
def running_job():
    """A job that a worker began five minutes ago."""

    def make(*workers: str) -> DBTaskResult:
        return DBTaskResult.objects.create(
            status="RUNNING",
            started_at=timezone.now() - LONG_AGO,
            worker_ids=list(workers),
            args_kwargs={"args": [[]], "kwargs": {}},
            task_path="kocforum.ledger.deliveries.deliver",
            backend_name="default",
        )

    return make


def test_the_job_of_a_silent_worker_runs_again(running_job, run_deliveries):
    job = running_job("silent")
    Heartbeat.objects.create(worker="silent", place="x:1", at=timezone.now() - LONG_AGO)
    assert heartbeats.recover_jobs() == 1
    assert heartbeats.recover_jobs() == 0
    run_deliveries()
    job.refresh_from_db()
    assert job.status == "SUCCESSFUL"
    assert len(job.worker_ids) == 2


def test_the_job_of_a_living_worker_is_left_to_it_however_long_it_takes(running_job):
    job = running_job("alive")
    heartbeats.beat("alive")
    assert heartbeats.recover_jobs() == 0
    job.refresh_from_db()
    assert job.status == "RUNNING"


def test_a_job_that_takes_every_worker_down_is_given_up(running_job):
    job = running_job(*"abcde")
    assert heartbeats.recover_jobs() == 0
    job.refresh_from_db()
    assert (job.status, job.traceback) == ("FAILED", "Its worker died 5 times.")


def test_somebody_works_while_a_heart_beats():
    assert not heartbeats.someone_works()
    heartbeats.beat("a")
    assert heartbeats.someone_works()
    Heartbeat.objects.update(at=timezone.now() - LONG_AGO)
    assert not heartbeats.someone_works()
