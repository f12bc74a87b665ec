"""How fast live and jobs are. Run by hand: `python -m tests.bench.bench_live [--sockets 500] [--redis URL]`.

Starts the embedded server on a scratch database and prints, in milliseconds: from a page's thread to one socket, from
an action through a job to one socket, and until every one of many sockets is told. Asserts nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import websockets

ROOT = Path(__file__).resolve().parents[2]


async def subscribed(address: str) -> websockets.ClientConnection:
    socket = await websockets.connect(f"ws://{address}/ws/", compression=None)
    await socket.send('{"subscribe": ["probe:1"]}')
    await socket.recv()
    return socket


def get(address: str, path: str) -> None:
    line = http.client.HTTPConnection(address, timeout=30)
    line.request("GET", path)
    line.getresponse().read()
    line.close()


async def latency(address: str, path: str, times: int) -> list[float]:
    """Milliseconds from the request's first byte to the event on one socket."""
    socket, taken = await subscribed(address), []
    for number in range(times):
        began = time.perf_counter()
        asked = asyncio.create_task(asyncio.to_thread(get, address, f"{path}?id={number}"))
        while json.loads(await socket.recv())["id"] != number:
            pass
        taken.append((time.perf_counter() - began) * 1000)
        await asked
    await socket.close()
    return taken


async def crowd(address: str, sockets: int, times: int) -> list[float]:
    """Milliseconds from the request until the last of many sockets has its event."""
    everyone = await asyncio.gather(*(subscribed(address) for _ in range(sockets)))
    taken = []
    for number in range(times):
        began = time.perf_counter()
        asked = asyncio.create_task(asyncio.to_thread(get, address, f"/push/?id={number}"))
        await asyncio.gather(*(socket.recv() for socket in everyone))
        taken.append((time.perf_counter() - began) * 1000)
        await asked
    await asyncio.gather(*(socket.close() for socket in everyone))
    return taken


def say(what: str, taken: list[float]) -> None:
    ordered = sorted(taken)
    worst = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    print(f"{what:<44} p50 {statistics.median(ordered):7.1f} ms   p99 {worst:7.1f} ms")


async def measure(address: str, sockets: int) -> None:
    await latency(address, "/push/", 20)  # warm
    say("a page alone, without an event", [await page_alone(address) for _ in range(100)])
    say("page thread -> one socket", await latency(address, "/push/", 200))
    say("action -> job -> one socket", await latency(address, "/job/", 100))
    say(f"page thread -> all of {sockets} sockets", await crowd(address, sockets, 20))


async def page_alone(address: str) -> float:
    began = time.perf_counter()
    await asyncio.to_thread(get, address, "/healthz")
    return (time.perf_counter() - began) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, default=500)
    parser.add_argument("--port", type=int, default=8013)
    parser.add_argument("--redis", default="", metavar="URL")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        env = {
            **os.environ,
            "KOCFORUM_VAR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "REDIS_URL": options.redis,
        }
        script = [sys.executable, "-W", "ignore", "-m", "tests.live.processes"]
        subprocess.run([*script, "prepare"], cwd=ROOT, env=env, check=True)
        server = subprocess.Popen([*script, "serve", str(options.port)], cwd=ROOT, env=env)
        address = f"127.0.0.1:{options.port}"
        try:
            until_it_answers(address)
            print(
                f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores" + (", through Redis" * bool(options.redis))
            )
            asyncio.run(measure(address, options.sockets))
        finally:
            server.terminate()
            server.wait()


def until_it_answers(address: str) -> None:
    for _ in range(600):
        try:
            return get(address, "/healthz")
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The server does not answer.")


if __name__ == "__main__":
    main()
