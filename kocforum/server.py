"""The embedded server: pages, sockets, background jobs and periodic duties in one process.

    python -m kocforum.server --port 8000

uvicorn takes the connections; pages go to Django's WSGI handler in four threads, sockets to Channels on the loop, and a
worker thread runs from start to end. Ctrl-C or SIGTERM ends all of it within two seconds: whatever a job loses by
that is given again at the next start.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import threading
from typing import Any

import uvicorn

from kocforum.asgi import application as connections
from kocforum.asgi import pages
from kocforum.ledger.worker import Worker

SECONDS_TO_END = 1.9
LARGEST_SOCKET_MESSAGE = 128 * 1024  # consumers set their own, lower limit and say so with a close code


class Embedded:
    """The ASGI application with a worker that lives as long as the server."""

    def __init__(self) -> None:
        self.worker = Worker()

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            await connections(scope, receive, send)

    async def _live(self, receive: Any, send: Any) -> None:
        await receive()
        self.worker.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.worker.stop()
        await asyncio.to_thread(self.worker.join, 0.5)
        pages.executor.shutdown(wait=False, cancel_futures=True)
        await send({"type": "lifespan.shutdown.complete"})


application = Embedded()


class Server(uvicorn.Server):
    """Tells the worker at the first signal, and does not let a hanging request keep the process."""

    def handle_exit(self, sig: int, frame: Any) -> None:
        if not self.should_exit:
            threading.Thread(target=application.worker.stop, daemon=True).start()
            last_word = threading.Timer(SECONDS_TO_END, os._exit, (0,))
            last_word.daemon = True
            last_word.start()
        super().handle_exit(sig, frame)


def serve(host: str, port: int) -> None:
    """Run until Ctrl-C or SIGTERM."""
    config = uvicorn.Config(
        application,
        host=host,
        port=port,
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        ws_max_size=LARGEST_SOCKET_MESSAGE,
        ws_per_message_deflate=False,  # events are a few dozen bytes; a compressor for each socket is 64 KB
    )
    with contextlib.suppress(KeyboardInterrupt):
        Server(config).run()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m kocforum.server", description="The embedded server.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    serve(options.host, options.port)


if __name__ == "__main__":
    main()
