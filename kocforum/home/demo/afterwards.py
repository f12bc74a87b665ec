"""What follows from an event follows at once, at the time of the event."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django_tasks import task_backends
from django_tasks.backends.dummy import DummyBackend

DEFAULT = "default"


class Line(DummyBackend):
    """Jobs in memory, for as long as the story is told; those for a later time go to the site's queue.

    The site's own queue would keep a row of each, and one of its workers could take them at today's time.
    """

    def __init__(self, queue: Any) -> None:
        super().__init__(DEFAULT, {"QUEUES": list(queue.queues), "OPTIONS": {}})
        self.queue = queue

    def enqueue(self, task: Any, args: Any, kwargs: Any) -> Any:
        if task.run_after is not None:
            return self.queue.enqueue(task, args, kwargs)
        return super().enqueue(task, args, kwargs)

    def run(self) -> None:
        """Run what waits, and what that leads to."""
        while self.results:
            job = self.results.pop(0)
            job.task.call(*job.args, **job.kwargs)


@contextmanager
def at_once() -> Iterator[Line]:
    """Put the line in the place of the queue, for this thread."""
    queue = task_backends[DEFAULT]
    line = Line(queue)
    task_backends[DEFAULT] = line
    try:
        yield line
    finally:
        task_backends[DEFAULT] = queue
