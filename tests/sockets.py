"""Sockets on a real server: kocforum.asgi behind uvicorn, in a thread of the test's own process."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from django.db import connection
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from tests.house import until


@contextmanager
def serving(settings, monkeypatch) -> Iterator[str]:
    """The address of a server that ends with the block."""
    from kocforum.asgi import application

    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    settings.REDIS_URL = ""
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)  # no thread of a pool keeps the test database open
    config = uvicorn.Config(application, port=0, log_level="warning", lifespan="off", ws_max_size=128 * 1024)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started, "the server started")
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)


def cookie_of(user) -> dict[str, str]:
    browser = Client()
    browser.force_login(user)
    return {"Cookie": f"sessionid={browser.cookies['sessionid'].value}"}


def hear(socket: ClientConnection) -> dict:
    return json.loads(socket.recv(timeout=20))


def close_code(socket: ClientConnection) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            socket.recv(timeout=20)
    return closed.value.rcvd.code
