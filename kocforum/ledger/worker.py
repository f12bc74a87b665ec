"""The worker: one thread that runs jobs and periodic duties, in the embedded server and in `manage.py jobs` alike."""

from __future__ import annotations

import logging
import threading
import time
import uuid
import weakref
from typing import Any

from django.db import DatabaseError, InterfaceError, close_old_connections, connections, transaction
from django_tasks.signals import task_enqueued
from django_tasks_db.management.commands.db_worker import Worker as Batch
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from . import duties, heartbeats

log = logging.getLogger("kocforum.jobs")

BACKEND = "default"
A_BATCH_HOLDS = 20  # jobs between two looks at the schedule
LOOK_AT_SCHEDULE_SECONDS = 1.0
AFTER_TROUBLE_SECONDS = 2.0

_here: weakref.WeakSet[Worker] = weakref.WeakSet()


class Worker:
    """Takes ready jobs in turn. A job that was queued in this process wakes it; others are found by looking.

    What is running when it is told to stop is finished. What a kill interrupts is given to another worker: see
    `deliveries` and `heartbeats`. One worker is one thread; run more processes for more at once.
    """

    def __init__(self, *, look_every: float = 0.3) -> None:
        self.name = uuid.uuid4().hex
        self.look_every = look_every
        self._stopping = threading.Event()
        self._wake = threading.Event()
        self._batch: Batch | None = None
        self._schedule_seen = 0.0
        self._ended = threading.Event()

    def start(self) -> None:
        """Run in a thread of its own. A daemon: a process that must end now does not wait for a long job."""
        threading.Thread(target=self.run, name="worker", daemon=True).start()

    def stop(self) -> None:
        """Begin nothing more. Returns at once; may be called from a signal handler's thread or a loop."""
        self._stopping.set()
        if self._batch is not None:
            self._batch.running = False
        self._wake.set()

    def join(self, timeout: float | None = None) -> bool:
        """Wait until the running job is finished. True when the worker has ended."""
        # Not Thread.join: interrupted by a signal, Python 3.11 takes a living thread for ended.
        return self._ended.wait(timeout)

    def wake(self) -> None:
        """Look now."""
        self._wake.set()

    def run(self) -> None:
        """Work until told to stop, through databases that are locked, restarted or not yet migrated."""
        _here.add(self)
        try:
            if self._try(self._report_for_work):
                with heartbeats.beating(self.name):
                    self._work()
        finally:
            _here.discard(self)
            connections.close_all()
            self._ended.set()

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                worked = self.turn()
            except (DatabaseError, InterfaceError):
                log.exception("The database is in trouble; the worker goes on.")
                connections.close_all()
                worked = False
                self._stopping.wait(AFTER_TROUBLE_SECONDS)
            if not worked:
                self._wake.wait(self.look_every)

    def run_until_idle(self) -> None:
        """Do what is due and queued now, in the calling thread, and return (`manage.py jobs --once`)."""
        self._report_for_work()
        with heartbeats.beating(self.name):
            while self.turn():
                pass

    def turn(self) -> bool:
        """One look at the schedule and one batch of jobs. True when there was something to do."""
        close_old_connections()
        worked = False
        if time.monotonic() - self._schedule_seen >= LOOK_AT_SCHEDULE_SECONDS:
            self._schedule_seen = time.monotonic()
            worked = duties.run_due() > 0
        # Asked without a lock first: the library's look takes SQLite's only write lock.
        if DBTaskResult.objects.ready().filter(backend_name=BACKEND).exists():
            self._run_batch()
            worked = True
        return worked

    def _run_batch(self) -> None:
        self._batch = _batch(self.name, A_BATCH_HOLDS)
        # In this order, as `stop` has it the other way round: one of the two sees the other.
        if not self._stopping.is_set():
            self._batch.run()
        self._batch = None

    def _report_for_work(self) -> None:
        heartbeats.beat(self.name)
        duties.enlist()

    def _try(self, call: Any) -> bool:
        """Call until it works or the worker is told to stop: at the first start the tables may still be made."""
        while not self._stopping.is_set():
            try:
                call()
                return True
            except (DatabaseError, InterfaceError) as error:
                log.warning("The worker waits for the database: %s", error)
                connections.close_all()
                self._stopping.wait(AFTER_TROUBLE_SECONDS)
        return False


def _batch(worker: str, most: int | None) -> Batch:
    """The library's worker for one call: it returns when the queue is empty or `most` jobs are done."""
    return Batch(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=0.1,
        batch=True,
        backend_name=BACKEND,
        startup_delay=False,
        max_tasks=most,
        worker_id=worker,
    )


def run_queued_jobs() -> None:
    """Run everything that is queued in this thread and on its connection, without the schedule: for tests and the demo."""
    batch = _batch(uuid.uuid4().hex, None)
    while True:
        with exclusive_transaction():
            job = DBTaskResult.objects.ready().filter(backend_name=BACKEND).get_locked()
            if job is None:
                return
            job.claim(batch.worker_id)
        batch.run_task(job)


def wake_workers_here(**signal: Any) -> None:
    """A job was queued: once that is committed, this process's workers look at once."""
    if _here:
        transaction.on_commit(_wake_all)


def _wake_all() -> None:
    for worker in list(_here):
        worker.wake()


task_enqueued.connect(wake_workers_here, dispatch_uid="kocforum.ledger.worker")
