"""Heartbeats: how the house knows that a worker lives, and gives its jobs to others when it does not."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, connections
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from .models import Heartbeat

log = logging.getLogger("kocforum.jobs")

EVERY_SECONDS = 5
SILENCE = timedelta(seconds=60)  # long enough for a busy SQLite, short enough for a person who waits
MOST_BEGINNINGS = 5  # a job that takes its worker down this often is left alone


def someone_works() -> bool:
    """At least one worker is alive."""
    return Heartbeat.objects.filter(at__gte=timezone.now() - SILENCE).exists()


@contextmanager
def beating(worker: str) -> Iterator[None]:
    """Keep a worker's row fresh from a thread of its own, so that a long job does not look like a death."""
    ended = threading.Event()
    heart = threading.Thread(target=_beat_until, args=(worker, ended), name="heart", daemon=True)
    heart.start()
    try:
        yield
    finally:
        ended.set()
        heart.join(timeout=5)


def beat(worker: str) -> None:
    """Say once that this worker lives."""
    place = f"{socket.gethostname()}:{os.getpid()}"[:120]
    Heartbeat.objects.update_or_create(worker=worker, defaults={"place": place, "at": timezone.now()})


def _beat_until(worker: str, ended: threading.Event) -> None:
    while not ended.wait(EVERY_SECONDS):
        try:
            beat(worker)
        except (DatabaseError, InterfaceError):
            log.warning("A heartbeat could not be written.", exc_info=True)
            connections.close_all()
    try:
        Heartbeat.objects.filter(worker=worker).delete()
    except (DatabaseError, InterfaceError):
        log.warning("The last heartbeat could not be taken away.", exc_info=True)
    connections.close_all()


def recover_jobs() -> int:
    """Put the running jobs of silent workers back into the queue. Jobs run at least once: they must bear a repetition."""
    quiet_since = timezone.now() - SILENCE
    alive = set(Heartbeat.objects.filter(at__gte=quiet_since).values_list("worker", flat=True))
    again = 0
    for job in DBTaskResult.objects.running().filter(started_at__lt=quiet_since):
        if job.worker_ids and job.worker_ids[-1] in alive:
            continue
        given_up = len(job.worker_ids) >= MOST_BEGINNINGS
        # Compared with what was seen: another process may recover it at this very moment.
        mine = DBTaskResult.objects.filter(pk=job.pk, status=TaskResultStatus.RUNNING, started_at=job.started_at)
        if given_up:
            said = f"Its worker died {len(job.worker_ids)} times."
            mine.update(status=TaskResultStatus.FAILED, finished_at=timezone.now(), traceback=said)
            log.error("Job %s (%s) is given up: %s", job.pk, job.task_path, said)
        elif mine.update(status=TaskResultStatus.READY, started_at=None):
            again += 1
            log.warning("Job %s (%s) runs again: its worker fell silent.", job.pk, job.task_path)
    return again


def forget_the_dead() -> None:
    """Remove the rows of workers that have been silent for a day."""
    Heartbeat.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()
