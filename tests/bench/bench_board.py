"""A room at work: thirty people, twenty operations a second; nothing lost, none doubled, the same board for all, also when its server is killed.

python -m tests.bench.bench_board [--people 30] [--rate 20] [--seconds 600] [--kill 0]

Starts the server on a scratch database (or on the empty database of DATABASE_URL) and seats so many people at a socket each. They write, edit,
move, group and talk at that rate; every command is sent until it is acknowledged. `--kill 1` kills without a word in the middle who serves,
`--kill 2` the whole server with the one who keeps it alive, and starts another. In the end each folds what it heard, and all boards are compared with the log. Prints the figures, and ends with 1 where
a promise was broken. Senders and hearers share this machine with the server, so its numbers are a floor.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import socket as sockets_of
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import websockets

from tests.bench.bench_rooms import memory, processor, serving

ROOT = Path(__file__).resolve().parents[2]
BACK_WITHIN = 5.0  # seconds after the server was killed


def main() -> None:
    options = argparse.ArgumentParser()
    for name, value in (("people", 30), ("rate", 20), ("seconds", 600), ("kill", 0)):
        options.add_argument(f"--{name}", type=int, default=value)
    said = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KOCFORUM_VAR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "kocforum.settings"
        import django

        django.setup()
        task, tokens, first = prepare(said.people)
        people = asyncio.run(work(task, tokens, first, said))
        broken = what_is_broken(task, people)
        print("nothing lost, none doubled, one board for all" if not broken else "\n".join(broken))
    sys.exit(bool(broken))


def prepare(people: int) -> tuple[int, list[str], int]:
    """A live room in which so many sit, a token of each, and the number of its last event."""
    from django.core.management import call_command
    from rest_framework.authtoken.models import Token

    from tests.tasks.workshops import person, room

    call_command("migrate", verbosity=0)
    names = tuple(f"m{number}" for number in range(people))
    here = room(names, phase="cluster", seats=people)
    return here.task_id, [Token.objects.create(user=person(name)).key for name in names], here.seq


class Person:
    """One client: an outbox by op_id, the events heard by number, and a line that comes back."""

    def __init__(self, address: str, token: str, first: int, sent_at: dict[str, float]) -> None:
        self.address, self.token, self.sent_at = address, token, sent_at
        self.seq = first
        self.heard: list[dict[str, Any]] = []
        self.outbox: dict[str, dict[str, Any]] = {}
        self.acknowledged: dict[str, int] = {}
        self.refused = 0
        self.taken: list[float] = []
        self.greeted: list[float] = []  # when
        self.away = 0.0  # seconds from the end of the server to the next greeting
        self.line: Any = None
        self.ready = asyncio.Event()

    async def live(self) -> None:
        while True:
            try:
                async with websockets.connect(
                    f"{self.address}?after={self.seq}",
                    additional_headers={"Authorization": f"Token {self.token}"},
                    compression=None,
                    open_timeout=10,
                ) as self.line:
                    await self.listen()
            except (OSError, websockets.WebSocketException, TimeoutError):
                await asyncio.sleep(random.uniform(0.15, 0.6))
            self.line = None

    async def listen(self) -> None:
        async for text in self.line:
            said = json.loads(text)
            if said["type"] == "hello":
                self.ready.set()
                self.greeted.append(time.perf_counter())
                for command in list(self.outbox.values()):
                    await self.line.send(json.dumps(command))
            elif said["type"] == "event":
                self.hear(said)
            elif said["type"] == "ack":
                self.acknowledged[said["op_id"]] = said["seq"]
                self.outbox.pop(said["op_id"], None)
            elif said["type"] == "refused":
                self.refused += 1
                self.outbox.pop(said["op_id"], None)

    def hear(self, event: dict[str, Any]) -> None:
        self.heard.append(event)
        self.seq = max(self.seq, event["seq"])
        if event["op_id"] in self.sent_at:
            self.taken.append(time.perf_counter() - self.sent_at[event["op_id"]])

    async def does(self, kind: str, payload: dict[str, Any]) -> None:
        op_id = str(uuid.uuid4())
        self.outbox[op_id] = command = {"op_id": op_id, "kind": kind, "payload": payload}
        self.sent_at[op_id] = time.perf_counter()
        if self.line is not None:
            try:
                await self.line.send(json.dumps(command))
            except websockets.WebSocketException:
                return  # it is sent again on the next line


def next_command(dice: random.Random, who: Person, number: int) -> tuple[str, dict[str, Any]]:
    """What people do while they group: mostly move and write. Most of it names what there is."""
    notes = [one["seq"] for one in who.heard[-400:] if one["kind"] == "note.add"]
    groups = [one["seq"] for one in who.heard[:2000] if one["kind"] == "group.add"][:12]
    kind = dice.choices(
        ["note.add", "note.move", "note.edit", "group.add", "chat.say", "question.ask", "hand.raise", "hand.lower"],
        [3 if number < 4000 else 0, 9, 2, 1 if len(groups) < 12 else 0, 3, 1, 0.5, 0.5],
    )[0]
    own = [one["seq"] for one in who.heard if one["kind"] == "note.add" and one["op_id"] in who.acknowledged][-20:]
    if kind == "note.move" and notes:
        after = dice.choice([dice.choice(notes), None])
        return kind, {"note": dice.choice(notes), "group": dice.choice([*groups, None]), "after": after}
    if kind == "note.edit" and own:
        return kind, {"note": dice.choice(own), "text": f"又想了一下：{number}"}
    if kind == "group.add":
        return kind, {"name": f"第{number}组"}
    if kind in {"note.add", "question.ask"}:
        return kind, {"text": f"第{number}件：松手前一秒先响一声"}
    return ("chat.say", {"text": f"第{number}句"}) if kind not in {"hand.raise", "hand.lower"} else (kind, {})


async def work(task: int, tokens: list[str], first: int, said: argparse.Namespace) -> list[Person]:
    with sockets_of.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = serve(port)
    sent_at: dict[str, float] = {}
    people = [Person(f"ws://127.0.0.1:{port}/ws/workshops/{task}/", token, first, sent_at) for token in tokens]
    lines = [asyncio.create_task(one.live()) for one in people]
    try:
        await asyncio.gather(*(one.ready.wait() for one in people))
        dice, total, used, before = random.Random(7), said.rate * said.seconds, 0.0, processor(serving(server.pid)[0])
        began = time.perf_counter()
        for number in range(total):
            who = people[number % len(people)]
            await who.does(*next_command(dice, who, number))
            if said.kill and number == total // 2:
                used, before = used + processor(serving(server.pid)[0]) - before, 0.0
                killed_at = time.perf_counter()
                os.kill(serving(server.pid)[0] if said.kill == 1 else server.pid, signal.SIGKILL)
                if said.kill > 1:
                    server.wait()
                    server = serve(port)
            await asyncio.sleep(max(0.0, began + (number + 1) / said.rate - time.perf_counter()))
        await settled(people)
        used += processor(serving(server.pid)[0]) - before
        taken = sorted(one for who in people for one in who.taken)
        print(
            f"{len(people)} people, {total} operations in {time.perf_counter() - began:.0f} s"
            f" ({sum(len(one.acknowledged) for one in people)} acknowledged, {sum(one.refused for one in people)} refused);"
            f" until somebody sees it p50 {statistics.median(taken) * 1000:.0f} ms, p99 {taken[int(len(taken) * 0.99)] * 1000:.0f} ms;"
            f" processor {used / said.seconds:.0%} of one core, memory {memory(serving(server.pid)[0])} MB"
        )
        if said.kill:
            for one in people:
                one.away = next((at for at in one.greeted if at > killed_at), killed_at + 3600) - killed_at
            away = [one.away for one in people]
            print(f"killed once: the first was back after {min(away):.2f} s, everybody after {max(away):.2f} s")
    finally:
        for one in lines:
            one.cancel()
        server.terminate()
        server.wait(20)
    return people


def serve(port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "kocforum.server", "--no-jobs", "--port", str(port)]
    # As bin/run and bin/update have it: with bytecode.
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.Popen(command, cwd=ROOT, env=variables)


async def settled(people: list[Person]) -> None:
    """Until everything is answered and everybody heard as much as the one who heard most."""
    for _wait in range(600):
        if not any(one.outbox for one in people) and len({one.seq for one in people}) == 1:
            return
        await asyncio.sleep(0.1)


def what_is_broken(task: int, people: list[Person]) -> list[str]:
    from tasks.models import RoomEvent, Workshop
    from tasks.queries.boards import fold
    from tasks.rules.board_events import apply
    from tasks.rules.boards import Board

    here = Workshop.objects.get(task=task)
    rows = list(RoomEvent.objects.filter(workshop=here).order_by("seq"))
    written = Counter((row.actor_id, str(row.op_id)) for row in rows)
    wanted = fold(Board(), here)
    broken = [f"written {count} times: {key}" for key, count in written.items() if count > 1]
    by_op = {str(row.op_id): row.seq for row in rows}
    start = rows[: len(rows) - len(people[0].heard)]
    for number, one in enumerate(people):
        if one.outbox:
            broken.append(f"m{number}: {len(one.outbox)} commands were never answered")
        if lost := [op_id for op_id, seq in one.acknowledged.items() if by_op.get(op_id) != seq]:
            broken.append(f"m{number}: {len(lost)} acknowledged and not in the log")
        if [event["seq"] for event in one.heard] != [row.seq for row in rows[len(start) :]]:
            broken.append(f"m{number}: heard with gaps, doubles or in another order")
            continue
        board = Board()
        for row in start:
            apply(board, row.seq, row.actor_id, row.kind, row.payload, row.at.isoformat())
        for event in one.heard:
            apply(board, event["seq"], event["actor"], event["kind"], event["payload"], event["at"])
        if board != wanted:
            broken.append(f"m{number}: another board")
    if (away := max(one.away for one in people)) > BACK_WITHIN:
        broken.append(f"somebody was back only {away:.1f} s after the server was killed")
    return broken


if __name__ == "__main__":
    main()
