"""500 people for the last 50 places of an event, at once; then everybody who has one gives it up. Run by hand, prints, asserts nothing
but that nobody came too many:

DATABASE_URL=postgres://… python -m tests.bench.bench_rsvps [--people 500] [--places 50] [--threads 8]

Makes and drops the database test_<name>.
"""

from __future__ import annotations

import argparse
import os
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any


def rush(people: list[Any], threads: int, act: Callable[[Any], Any]) -> tuple[float, list[float], list[Exception]]:
    """Everybody does it once, from several threads: seconds in all, milliseconds of each, what went wrong."""
    from django.db import connections

    line, took, errors = iter(people), [], []
    door = threading.Lock()

    def work() -> None:
        while True:
            with door:
                one = next(line, None)
            if one is None:
                connections.close_all()
                return
            started = time.perf_counter()
            try:
                act(one)
            except Exception as error:
                errors.append(error)
            took.append((time.perf_counter() - started) * 1000)

    hands = [threading.Thread(target=work) for _hand in range(threads)]
    started = time.perf_counter()
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    return time.perf_counter() - started, took, errors


def tell(name: str, seconds: float, took: list[float], errors: list[Exception]) -> None:
    ordered = sorted(took)
    last = ordered[int(len(ordered) * 0.99) - 1]
    print(
        f"  {name}: {len(took)} in {seconds:.2f} s, {len(took) / seconds:.0f} a second; "
        f"half within {statistics.median(took):.0f} ms, 99 of 100 within {last:.0f} ms; {len(errors)} errors"
    )


def main() -> None:
    from django.db import connection

    from tasks.models import Event, Rsvp
    from tests.people import make_member
    from tests.tasks.initiatives import comes, counters_tell_the_rows, opened_event, stays_away

    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("--people", type=int, default=500)
    asked.add_argument("--places", type=int, default=50)
    asked.add_argument("--threads", type=int, default=8)
    told = asked.parse_args()
    print(f"{connection.vendor}, {told.people} people, {told.places} places, {told.threads} threads")
    event = opened_event(capacity=told.places)
    people = [make_member(f"owner{number}") for number in range(told.people)]
    tell("come", *rush(people, told.threads, lambda one: comes(event, one)))
    counters_tell_the_rows(event)
    print("   ", dict(Counter(Rsvp.objects.values_list("state", flat=True))))
    going = [place.member for place in Rsvp.objects.going().select_related("member")]
    tell("give up", *rush(going, told.threads, lambda one: stays_away(event, one)))
    counters_tell_the_rows(event)
    print("   ", dict(Counter(Rsvp.objects.values_list("state", flat=True))), Event.objects.get().taken, "taken")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kocforum.settings")
    import django
    from django.test.utils import get_runner, setup_test_environment

    django.setup()
    setup_test_environment()
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    runner = get_runner(settings)(verbosity=0, interactive=False)
    made = runner.setup_databases()
    try:
        main()
    finally:
        runner.teardown_databases(made)
