"""How long it takes to ask everybody, and whether anybody waits for it. Run by hand, prints, asserts nothing:

DATABASE_URL=postgres://… python -m tests.bench.bench_audience [--members 100000] [--rush 10000] [--threads 8]

Makes and drops the database test_<name>. A process of its own, as a worker is one, freezes the audience of a poll to
everybody and invites it in waves, while this one answers that poll and reads its card; beside it the same answers alone. Then
a sample of 5,000 is frozen, and many members answer one poll from several threads at once.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CITIES = ("杭州", "上海", "成都", "深圳", "北京")
WHEELS = ("星轨", "飞羽", "磐石")


def fill(count: int) -> None:
    """Members with one car each and the version that it runs."""
    from django.db import connection
    from django.utils import timezone

    from kocforum.garage.models import InstalledVersion, Vehicle, VehicleModel
    from kocforum.members.models import Agreement, Consent, Member

    dice, now = random.Random(7), timezone.now() - timedelta(hours=1)
    model, _new = VehicleModel.objects.get_or_create(slug="S7", defaults={"name": "远山 S7"})
    agreements = list(Agreement.objects.all())
    for start in range(0, count, 5000):
        members = Member.objects.bulk_create(
            Member(username=f"m{number}", phone_verified_at=now, date_joined=now, city=dice.choice(CITIES))
            for number in range(start, min(start + 5000, count))
        )
        cars = Vehicle.objects.bulk_create(
            Vehicle(owner=one, model=model, year=2025, is_default=True) for one in members
        )
        InstalledVersion.objects.bulk_create(
            InstalledVersion(vehicle=car, version=dice.choice(("4.2.1", "4.3.0")), installed_on=date(2026, 1, 1))
            for car in cars
        )
        Consent.objects.bulk_create(Consent(member=one, agreement=text) for one in members for text in agreements)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def poll(title: str, **values: Any) -> Any:
    """A poll, open; its first batch of people is frozen with it."""
    from tests.tasks.stories import drafted, moved

    task = drafted(title=title, **values)
    started = time.perf_counter()
    task = moved(task, "open")
    print(f"  opening “{title}”, with its first batch: {(time.perf_counter() - started) * 1000:.0f} ms")
    return task


def reach(pk: int) -> None:
    """The worker: freeze, then invite, and tell on one line of JSON how long each transaction took, in seconds."""
    from tasks.actions.audiences import freeze_some, invite_some
    from tasks.models import Task

    task = Task.objects.get(pk=pk)
    told: dict[str, list[float]] = {}
    for name, step in (("freezing", freeze_some), ("inviting", invite_some)):
        taken, more = told.setdefault(name, []), True
        print(json.dumps({"begins": name}), flush=True)
        while more:
            started = time.perf_counter()
            more = step(task=task)
            taken.append(time.perf_counter() - started)
    print(json.dumps(told), flush=True)


class Owners:
    """Members who answer, one after the other, and look at the card before; milliseconds of each by what the worker does."""

    def __init__(self, numbers: Iterable[int]) -> None:
        self.numbers = iter(numbers)
        self.writes: dict[str, list[float]] = {}
        self.reads: dict[str, list[float]] = {}
        self.errors: list[Exception] = []

    def go(self, task: Any, goes_on: Callable[[], str]) -> None:
        """Until `goes_on` answers with nothing; what it answers is what the worker does."""
        from kocforum.members.models import Member
        from tasks.actions.polls import answer_poll
        from tasks.models import Option
        from tasks.queries.inbox import waiting, with_instruments

        options = list(Option.objects.filter(question__survey__task=task).select_related("question"))
        while name := goes_on():
            member = Member.objects.get(pk=next(self.numbers))
            started = time.perf_counter()
            with_instruments(waiting(member), member)
            between = time.perf_counter()
            try:
                answer_poll(by=member, task=task, option=options[member.pk % len(options)])
            except Exception as error:
                self.errors.append(error)
            ended = time.perf_counter()
            self.reads.setdefault(name, []).append((between - started) * 1000)
            self.writes.setdefault(name, []).append((ended - between) * 1000)

    def say(self, name: str, title: str) -> None:
        for what, rows in (("answers", self.writes), ("inbox reads", self.reads)):
            print(f"  {what + ' ' + title:<34} {spread(rows.get(name, []))}")


def spread(taken: list[float]) -> str:
    """Milliseconds: the median, the slowest hundredth, the slowest."""
    if not taken:
        return "none"
    ordered = sorted(taken)
    worst = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return (
        f"p50 {statistics.median(ordered):7.1f} ms   p99 {worst:7.1f} ms   max {ordered[-1]:7.1f} ms   n {len(ordered)}"
    )


def ask_everybody(members: list[int], alone: int) -> None:
    from tasks.models import Invitation, Participation

    dice = random.Random(11)
    task = poll("三款新轮毂，你更喜欢哪一款？")
    owners = Owners(dice.sample(members, len(members) // 2))
    left = iter(range(alone + 50))
    owners.go(task, lambda: "" if (at := next(left, -1)) < 0 else "warm" if at < 50 else "alone")

    frozen_before = Invitation.objects.filter(task=task).count()
    worker = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.bench.bench_audience", "--reach", str(task.pk)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url()},
        stdout=subprocess.PIPE,
        text=True,
    )
    told: dict[str, Any] = {"begins": "starting"}

    def listen() -> None:
        for line in worker.stdout:  # type: ignore[union-attr]
            told.update(json.loads(line))
        told["begins"] = ""

    listening = threading.Thread(target=listen)
    listening.start()
    owners.go(task, lambda: told["begins"])
    listening.join()
    worker.wait()

    size = Invitation.objects.filter(task=task).count()
    for name, rows in (("freezing", size - frozen_before), ("inviting", size)):
        taken = told.get(name) or [0.0]
        print(
            f"  {name:<34} {rows} in {sum(taken):.1f} s, {rows / max(sum(taken), 1e-9):,.0f} rows/s, "
            f"{len(taken)} transactions, longest {max(taken) * 1000:.0f} ms"
        )
    owners.say("alone", "alone")
    owners.say("freezing", "while it freezes")
    owners.say("inviting", "while it invites")
    invited = Invitation.objects.filter(task=task, state="invited").count()
    answered = Participation.objects.filter(task=task).count()
    print(f"  invited {invited}, answered {answered}, errors {len(owners.errors)} {owners.errors[:1] or ''}")


def ask_a_sample(size: int) -> None:
    from tasks.actions.audiences import freeze_some

    task = poll(f"抽 {size} 人", criteria={"sample": size})
    taken, more = [], True
    while more:
        started = time.perf_counter()
        more = freeze_some(task=task)
        taken.append(time.perf_counter() - started)
    print(f"  the rest of a sample of {size}: {sum(taken):.2f} s, longest transaction {max(taken) * 1000:.0f} ms")


def rush(members: list[int], threads: int) -> None:
    from django.db import connections
    from django.db.models import Count

    from tasks.models import Participation, Response

    task = poll("大家一起答")
    parts = [members[place::threads] for place in range(threads)]
    owners = [Owners(part) for part in parts]

    def run(one: Owners, part: list[int]) -> None:
        left = iter(part)
        try:
            one.go(task, lambda: "rush" if next(left, None) else "")
        finally:
            connections.close_all()

    running = [threading.Thread(target=run, args=pair) for pair in zip(owners, parts, strict=True)]
    started = time.perf_counter()
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    taken = time.perf_counter() - started
    errors = [error for one in owners for error in one.errors]
    mine = Response.objects.filter(survey__task=task)
    doubles = mine.values("respondent").annotate(n=Count("pk")).filter(n__gt=1).count()
    print(
        f"  {len(members)} members, {threads} threads: {len(members) / taken:,.0f} answers/s, each with an inbox read before it"
    )
    print(f"  {'answers':<34} {spread([row for one in owners for row in one.writes.get('rush', [])])}")
    print(f"  {'inbox reads':<34} {spread([row for one in owners for row in one.reads.get('rush', [])])}")
    print(
        f"  participations {Participation.objects.filter(task=task).count()}, responses {mine.count()}, doubles {doubles}, "
        f"errors {len(errors)} {errors[:1] or ''}"
    )


def database_url() -> str:
    """Of the private database, for the worker."""
    from urllib.parse import quote

    from django.db import connection

    said = connection.settings_dict
    door = f"{quote(said['USER'])}:{quote(said['PASSWORD'])}".rstrip(":")
    return f"postgres://{door}@{said['HOST']}:{said['PORT'] or 5432}/{said['NAME']}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--members", type=int, default=100_000)
    options.add_argument("--rush", type=int, default=10_000)
    options.add_argument("--threads", type=int, default=8)
    options.add_argument("--alone", type=int, default=500)
    options.add_argument("--reach", type=int, help=argparse.SUPPRESS)
    said = options.parse_args()
    os.environ.setdefault("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/kocforum_bench_audience")
    folder = tempfile.TemporaryDirectory()
    os.environ["KOCFORUM_VAR"] = folder.name
    os.environ["DJANGO_SETTINGS_MODULE"] = "kocforum.settings"
    import django

    django.setup()
    if said.reach:
        reach(said.reach)
        return
    from django.test.utils import setup_databases, teardown_databases

    from kocforum.members.models import Member

    before = setup_databases(verbosity=0, interactive=False)
    try:
        started = time.perf_counter()
        fill(said.members)
        print(
            f"{said.members} members with cars in {time.perf_counter() - started:.0f} s; "
            f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
        )
        members = list(Member.objects.filter(is_staff=False).order_by("pk").values_list("pk", flat=True))
        print("Everybody")
        ask_everybody(members, said.alone)
        print("A sample")
        ask_a_sample(min(5000, said.members))
        print("A rush")
        rush(random.Random(13).sample(members, min(said.rush, said.members)), said.threads)
        print(f"load {os.getloadavg()[0]:.1f}")
    finally:
        teardown_databases(before, verbosity=0)
        folder.cleanup()


if __name__ == "__main__":
    main()
