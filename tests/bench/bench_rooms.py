"""A room full of sockets: loss, order, latency, processor and memory, and a bare set of sockets beside it in the same run.

python -m tests.bench.bench_rooms [--sockets 1000] [--people 30] [--rate 10] [--seconds 10] [--processes 1]

Starts the server on a scratch database (or on the empty database of DATABASE_URL), seats so many people, opens so many sockets among them and
lets them talk at that rate. Several processes divide the sockets between them and hear of each other through the Redis of REDIS_URL. Prints,
asserts nothing; senders and hearers share this machine with the server, so its numbers are a floor. The bare set is always one process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket as sockets_of
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

import websockets

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    options = argparse.ArgumentParser()
    for name, value in (("sockets", 1000), ("people", 30), ("rate", 10), ("seconds", 10), ("processes", 1)):
        options.add_argument(f"--{name}", type=int, default=value)
    said = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KOCFORUM_VAR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "kocforum.settings"
        import django

        django.setup()
        task, tokens = prepare(said.people)
        bare = ["uvicorn", "tests.bench.bare_sockets:app", "--log-level", "warning", "--lifespan", "off"]
        room = ["kocforum.server", "--no-jobs", "--processes", str(said.processes)]
        for name, module, path, keys in (("bare", bare, "/", [""]), ("room", room, f"/ws/workshops/{task}/", tokens)):
            print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", end="; ", flush=True)
            asyncio.run(measure(name, module, path, keys, said))


def prepare(people: int) -> tuple[int, list[str]]:
    """A live room in which so many sit, and a token of each."""
    from django.core.management import call_command
    from rest_framework.authtoken.models import Token

    from tests.tasks.workshops import person, room

    call_command("migrate", verbosity=0)
    names = tuple(f"m{number}" for number in range(people))
    here = room(names, phase="brief", seats=people)
    return here.task_id, [Token.objects.create(user=person(name)).key for name in names]


async def measure(name: str, module: list[str], path: str, tokens: list[str], said: argparse.Namespace) -> None:
    with sockets_of.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", *module, "--port", str(port)], cwd=ROOT)
    try:
        await _measure(name, f"ws://127.0.0.1:{port}{path}", tokens, said, server.pid)
    finally:
        server.terminate()
        server.wait(20)


async def _measure(name: str, address: str, tokens: list[str], said: argparse.Namespace, pid: int) -> None:
    opened: list[Any] = []
    began = time.perf_counter()
    for start in range(0, said.sockets, 50):
        opened += await asyncio.gather(
            *(enters(address, tokens[n % len(tokens)]) for n in range(start, min(start + 50, said.sockets)))
        )
    ready = time.perf_counter() - began
    pids = serving(pid)
    divided = " + ".join(str(lines(one)) for one in pids)
    heard: list[list[int]] = [[] for _ in opened]
    taken: list[float] = []
    listening = [asyncio.create_task(hears(one, heard[place], taken)) for place, one in enumerate(opened)]
    await asyncio.sleep(1)
    before, total = sum(map(processor, pids)), said.rate * said.seconds
    for number in range(total):
        words = json.dumps({"n": number, "t": time.perf_counter()})
        command = {"op_id": str(uuid.uuid4()), "kind": "chat.say", "payload": {"text": words}}
        await opened[number % len(tokens)].send(json.dumps(command))
        await asyncio.sleep(1 / said.rate)
    for _wait in range(100):
        if min(map(len, heard)) >= total:
            break
        await asyncio.sleep(0.1)
    used = sum(map(processor, pids)) - before
    lost = sum(total - len(one) for one in heard)
    disordered = sum(one != heard[0][: len(one)] for one in heard)
    taken.sort()
    print(
        f"{name}: {divided} sockets ready in {ready:.1f} s; {total} messages at {said.rate}/s, {lost} deliveries lost of"
        f" {total * len(opened)}, {disordered} sockets in another order; p50 {statistics.median(taken) * 1000:.0f} ms,"
        f" p99 {taken[int(len(taken) * 0.99)] * 1000:.0f} ms; processor {used / said.seconds:.0%}, memory {' + '.join(str(memory(one)) for one in pids)} MB"
    )
    for one in listening:
        one.cancel()
    await asyncio.gather(*(one.close() for one in opened), return_exceptions=True)


async def enters(address: str, token: str) -> Any:
    headers = {"Authorization": f"Token {token}"} if token else {}
    for _try in range(60):
        try:
            return await websockets.connect(address, additional_headers=headers, compression=None, open_timeout=30)
        except (OSError, websockets.InvalidHandshake):
            await asyncio.sleep(0.2)
    raise TimeoutError("the server does not answer")


async def hears(one: Any, numbers: list[int], taken: list[float]) -> None:
    async for text in one:
        said = json.loads(text)
        if said.get("kind") != "chat.say" or said.get("type") not in {None, "event"}:
            continue
        words = json.loads(said["payload"]["text"])
        numbers.append(words["n"])
        taken.append(time.perf_counter() - words["t"])


def serving(pid: int) -> list[int]:
    """The processes that serve: the children of the one that keeps them alive, or the one itself (Linux)."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()] or [pid]


def lines(pid: int) -> int:
    """How many sockets a process holds (Linux), with the few of its own."""
    held = Path(f"/proc/{pid}/fd")
    return sum(os.path.basename(os.readlink(one)).startswith("socket:") for one in held.iterdir())


def processor(pid: int) -> float:
    """Seconds of processor time so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> int:
    """Megabytes resident (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    main()
