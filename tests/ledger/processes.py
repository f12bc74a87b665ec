"""A slow handler and a slow job in real processes: `python -m tests.ledger.processes prepare|tell|work`.

They write what they do into the file $DIARY and wait in the middle until the file $DIARY.go is there.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kocforum.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django_tasks import task  # noqa: E402

from kocforum.ledger import deliveries, duties, heartbeats  # noqa: E402
from kocforum.ledger.facts import fact  # noqa: E402
from kocforum.ledger.models import Schedule  # noqa: E402
from kocforum.ledger.recording import record  # noqa: E402
from kocforum.ledger.subscribers import on  # noqa: E402

DIARY = Path(os.environ["DIARY"])


def write(line: str) -> None:
    with DIARY.open("a") as diary:
        diary.write(line + "\n")


def wait_in_the_middle() -> None:
    until = time.monotonic() + 60
    while not Path(f"{DIARY}.go").exists() and time.monotonic() < until:
        time.sleep(0.02)


@fact
class ParcelSent:
    parcel_id: int


@on(ParcelSent)
def carry(told, row) -> None:
    write("carry begins")
    Schedule.objects.create(name=f"parcel {told.parcel_id}")  # only the unique name keeps it from being there twice
    wait_in_the_middle()
    write("carry ends")


@task()
def paint(number: int) -> None:
    write("paint begins")
    wait_in_the_middle()
    write("paint ends")


def hurry() -> None:
    """The same rules at a pace for tests."""
    deliveries.LEASE = timedelta(seconds=1)
    heartbeats.EVERY_SECONDS, heartbeats.SILENCE = 0.3, timedelta(seconds=2)
    for name, duty in list(duties._duties.items()):
        if name.startswith("kocforum.ledger.") and duty.at is None:
            duties._duties[name] = replace(duty, interval=timedelta(seconds=0.2))
        else:
            del duties._duties[name]  # its tables are not there


if __name__ == "__main__":
    match sys.argv[1]:
        case "prepare":
            call_command("migrate", "ledger", verbosity=0)
            call_command("migrate", "django_tasks_database", verbosity=0)
        case "tell":
            with transaction.atomic():
                record(ParcelSent(parcel_id=1), by=None)
        case "paint":
            paint.enqueue(1)
        case "work":
            hurry()
            call_command("jobs")
