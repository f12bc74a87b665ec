"""How fast pages are, beside a bare Django page of the same size on the same server in the same run. Run by hand, prints,
asserts nothing:

python tests/bench/bench_pages.py [--seconds 5] [--connections 8] [--threads 2000] [--server granian|embedded|both]

Makes a synthetic community in a temporary folder (or in the database of DATABASE_URL, which must be empty), starts the
servers on free ports of 127.0.0.1, and asks each page over kept connections. Numbers of a busy machine mean nothing.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BARE = ROOT / "tests" / "bench" / "bare_page.py"
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass
class Page:
    """One thing that is asked for, with the cookie of a reader or without."""

    name: str
    path: str
    cookie: str = ""
    queries: str = ""
    body: bytes = b""


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=5)
    options.add_argument("--connections", type=int, default=8)
    options.add_argument("--threads", type=int, default=2000)
    options.add_argument("--server", choices=["granian", "embedded", "both"], default="both")
    said = options.parse_args()
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KOCFORUM_VAR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "kocforum.settings"
        pages = prepare(said.threads)
        kinds = ["granian", "embedded"] if said.server == "both" else [said.server]
        for kind in kinds:
            measure(kind, pages, said.seconds, said.connections)


def prepare(threads: int) -> list[Page]:
    """A community, a signed-in reader, and the pages with their query counts and sizes."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, connections
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from kocforum.forum.models import Board, Report, Thread
    from kocforum.members.models import Member

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("seed", threads=threads, posts_per_thread=20, reports=max(20, threads // 10), members=200, seed=1)
    reader = Client(headers={"host": "127.0.0.1"})
    reader.force_login(Member.objects.get(username="seed1_0"))
    cookie = f"{settings.SESSION_COOKIE_NAME}={reader.cookies[settings.SESSION_COOKIE_NAME].value}"
    talk = Thread.objects.filter(kind="talk", last_number=20).first()
    board = Board.objects.filter(threads=talk).first()
    asked = [
        ("thread of 20 posts", f"/t/{talk.pk}/"),
        ("report", f"/t/{Report.objects.order_by('pk').first().thread_id}/"),
        ("list", f"/boards/{board.slug}/"),
        ("front page", "/"),
        ("search", "/search/?q=%E6%B3%8A%E8%BD%A6"),
    ]
    pages = []
    for who, client, sent in (("anonymous", Client(headers={"host": "127.0.0.1"}), ""), ("signed in", reader, cookie)):
        for name, path in asked:
            counts = []
            for _ in range(2):
                with CaptureQueriesContext(connection) as caught:
                    answer = client.get(path)
                counts.append(len(caught))
            page = Page(f"{name}, {who}", path, sent, f"{counts[0]}/{counts[1]}", answer.content)
            pages.append(page)
            if not sent:
                weigh(page, settings.STATIC_ROOT)
    connections.close_all()
    return pages


def weigh(page: Page, static: Path) -> None:
    """Bytes over the wire: the page, and what it loads of scripts and styles."""
    parts = {"js": 0, "css": 0}
    for name in sorted(set(re.findall(rb'(?:src|href)="/static/([^"?]+[.](?:js|css))', page.body))):
        file = static / name.decode()
        if file.is_file():
            parts[file.suffix[1:]] += len(gzip.compress(file.read_bytes(), 6))
    html = len(gzip.compress(page.body, 6))
    print(
        f"{page.name:28} HTML {len(page.body) / 1024:6.1f} KB, {html / 1024:5.1f} gzip;"
        f" JS {parts['js'] / 1024:5.1f} + CSS {parts['css'] / 1024:5.1f} gzip"
    )


def measure(kind: str, pages: list[Page], seconds: float, connections: int) -> None:
    """Every page and its ceiling, one after the other, so that both meet the same machine."""
    port, bare_port = free_port(), free_port()
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{BARE.parent}"}
    servers = [
        start(kind, "kocforum.wsgi:application", port, environment),
        start(kind, "bare_page:application", bare_port, {**environment, "DJANGO_SETTINGS_MODULE": ""}),
    ]
    print(f"\n{kind}, {connections} connections, {seconds:g} s each")
    print(f"{'':28} {'req/s':>8} {'p50 ms':>7} {'p99 ms':>7} {'bare':>8} {'ratio':>6} {'queries cold/warm':>18}")
    try:
        wait_for(port)
        wait_for(bare_port)
        for page in pages:
            ask(port, page.path, page.cookie, 0.5, 1)  # warm
            rate, middle, worst, failed = ask(port, page.path, page.cookie, seconds, connections)
            bare = ask(bare_port, f"/{len(page.body)}", "", seconds, connections)[0]
            trouble = f"  {failed} failed" if failed else ""
            print(
                f"{page.name:28} {rate:8.0f} {middle:7.1f} {worst:7.1f} {bare:8.0f} {rate / max(bare, 1):6.0%}"
                f" {page.queries:>18}{trouble}"
            )
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


def start(kind: str, target: str, port: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """granian with one worker, or the embedded server's way: uvicorn, and a2wsgi with four threads."""
    if kind == "granian":
        command = ["granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "1", "--port", str(port)]
        command += ["--host", "127.0.0.1", "--no-access-log", "--log-level", "error", target]
        command[0] = str(Path(sys.executable).with_name("granian"))
    elif target.startswith("kocforum"):
        command = [sys.executable, "-m", "kocforum.server", "--port", str(port)]
    else:
        command = [sys.executable, str(BARE), str(port)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"nothing answers on port {port}")


def ask(port: int, path: str, cookie: str, seconds: float, connections: int) -> tuple[float, float, float, int]:
    """Requests a second, p50 and p99 in milliseconds, and how many did not answer 200."""
    times: list[float] = []
    failed = 0
    until = time.perf_counter() + seconds
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *([f"Cookie: {cookie}"] if cookie else []), "", ""]
    request = "\r\n".join(lines).encode()

    def load() -> None:
        nonlocal failed
        mine, wrong = [], 0
        line: socket.socket | None = None
        while (began := time.perf_counter()) < until:
            try:
                line = line or socket.create_connection(("127.0.0.1", port), 30)
                wrong += not fetch(line, request)
            except OSError:
                wrong, line = wrong + 1, None
            mine.append((time.perf_counter() - began) * 1000)
        if line:
            line.close()
        times.extend(mine)
        failed += wrong

    workers = [threading.Thread(target=load) for _ in range(connections)]
    began = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    took = time.perf_counter() - began
    times.sort()
    worst = times[min(len(times) - 1, int(len(times) * 0.99))]
    return len(times) / took, statistics.median(times), worst, failed


def fetch(line: socket.socket, request: bytes) -> bool:
    """One request on a kept connection. By hand, because on a small machine a client library costs more than the server."""
    line.sendall(request)
    got = b""
    while b"\r\n\r\n" not in got:
        got += received(line)
    head, _, body = got.partition(b"\r\n\r\n")
    if said := LENGTH.search(head):
        wanted = int(said[1]) - len(body)
        while wanted > 0:
            wanted -= len(received(line))
    else:  # in chunks
        while not body.endswith(b"0\r\n\r\n"):
            body = body[-8:] + received(line)
    return b" 200 " in head[:16]


def received(line: socket.socket) -> bytes:
    if not (part := line.recv(262_144)):
        raise ConnectionError("closed")
    return part


if __name__ == "__main__":
    main()
