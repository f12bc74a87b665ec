"""The ledger's own periodic duties."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from . import deliveries, heartbeats
from .duties import every, forget_undeclared


@every(seconds=10)
def give_late_deliveries_again() -> None:
    """Failed deliveries after their pause, and those whose worker was killed."""
    deliveries.sweep()


@every(seconds=30)
def recover_jobs_of_silent_workers() -> None:
    """A killed worker leaves its jobs running on paper."""
    heartbeats.recover_jobs()


@every(hours=1)
def forget_finished_jobs() -> None:
    """Jobs that went well are kept for a day, failed ones for two weeks."""
    now = timezone.now()
    DBTaskResult.objects.successful().filter(finished_at__lt=now - timedelta(days=1)).delete()
    DBTaskResult.objects.failed().filter(finished_at__lt=now - timedelta(days=14)).delete()


@every(days=1, at="04:10")
def forget_what_is_done() -> None:
    """Deliveries that were done long ago, workers that died, duties that no longer exist."""
    deliveries.forget_done()
    heartbeats.forget_the_dead()
    forget_undeclared()
