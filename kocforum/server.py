"""The server: pages, sockets, background jobs and periodic duties in one process, and one that keeps it alive.

    python -m kocforum.server --port 8000 [--no-jobs] [--processes 2]

uvicorn takes the connections; pages go to Django's WSGI handler in four threads, sockets to Channels on the loop, and a
worker thread runs from start to end. Ctrl-C or SIGTERM ends all of it within two seconds: whatever a job loses by
that is given again at the next start. Whoever is killed is replaced at once (`keeper.py`).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import socket
import sys
import threading
from importlib import import_module
from typing import Any

import uvicorn

from kocforum.asgi import application as answering
from kocforum.asgi import pages

# isort: split
from django.conf import settings
from django.db import connections
from django.utils import translation

from kocforum.keeper import keep
from kocforum.ledger.worker import Worker

SECONDS_TO_END = 1.9
BACKLOG = 2048
LARGEST_SOCKET_MESSAGE = 128 * 1024  # consumers set their own, lower limit and say so with a close code


class Embedded:
    """The ASGI application with a worker that lives as long as the server; with none where others do the jobs."""

    def __init__(self, *, jobs: bool = True) -> None:
        self.worker = Worker() if jobs else None

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await answering(scope, receive, send)

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        if self.worker:
            self.worker.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        if self.worker:
            self.worker.stop()
            await asyncio.to_thread(self.worker.join, 0.5)
        pages.executor.shutdown(wait=False, cancel_futures=True)
        await send({"type": "lifespan.shutdown.complete"})


class Server(uvicorn.Server):
    """Tells the worker at the first signal, and does not let a hanging request keep the process."""

    def handle_exit(self, sig: int, frame: Any) -> None:
        if not self.should_exit:
            if worker := self.config.app.worker:
                threading.Thread(target=worker.stop, daemon=True).start()
            last_word = threading.Timer(SECONDS_TO_END, os._exit, (0,))
            last_word.daemon = True
            last_word.start()
        super().handle_exit(sig, frame)


def serve(host: str, port: int, *, jobs: bool = True, processes: int = 1) -> int:
    """Run until Ctrl-C or SIGTERM. Answers the exit code."""
    listening = _listening(host, port, processes)

    def run(place: int) -> None:
        # Made in the fork: two workers are never one.
        config = uvicorn.Config(
            Embedded(jobs=jobs),
            lifespan="on",
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
            ws_max_size=LARGEST_SOCKET_MESSAGE,
            ws_per_message_deflate=False,  # events are a few dozen bytes; a compressor for each socket is 64 KB
        )
        with contextlib.suppress(KeyboardInterrupt):
            Server(config).run([listening[place]])

    _warm()
    return keep(run, processes)


def _listening(host: str, port: int, processes: int) -> list[socket.socket]:
    """A socket for each process, between which the kernel divides those who come. They outlive the processes."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family):
        pass  # refused where another server listens, which those that share would not be
    return [
        socket.create_server((host, port), family=family, backlog=BACKLOG, reuse_port=processes > 1)
        for _place in range(processes)
    ]


def _warm() -> None:
    """What the first who asks would wait for, and every fork again."""
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            translation.gettext("Save")
    import_module(settings.ROOT_URLCONF)  # every page, form and face of the API
    connections.close_all()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m kocforum.server", description="The server.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--no-jobs", action="store_true", help="others do the jobs: manage.py jobs")
    parser.add_argument("--processes", type=int, default=1, help="more than one needs REDIS_URL")
    options = parser.parse_args()
    if options.processes < 1:
        parser.error("One process at least.")
    if options.processes > 1 and not settings.REDIS_URL:
        parser.error("More than one process hear of each other through Redis only: set REDIS_URL.")
    sys.exit(serve(options.host, options.port, jobs=not options.no_jobs, processes=options.processes))


if __name__ == "__main__":
    main()
