"""A clock that can be set back, so that what the demo tells happened when it says.

Actions read the time themselves, and what they write (ledger, evidence, audit chain, notifications) can never be changed
afterwards: the chain is hashed and the database refuses updates. So the time is moved while the action runs, not the
rows after it. Django asks for the time in one place, `django.utils.timezone.now`, which asks the `datetime` of its
module; that name is replaced for one event. It holds for the whole process: only a command that runs alone may use it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Let it be `moment` inside; the clock goes on from there."""
    started = dt.datetime.now(dt.UTC)

    class Moved(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
            passed = dt.datetime.now(dt.UTC) - started
            return (moment + passed).astimezone(tz)

    kept = timezone.datetime
    timezone.datetime = Moved
    try:
        yield
    finally:
        timezone.datetime = kept
