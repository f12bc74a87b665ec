"""The embedded server as a process: pages, sockets and jobs together, and its end."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from django.db import connection
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.house import House, until


class Server:
    """One running server."""

    def __init__(self, house: House) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = "127.0.0.1:{1}".format(*free.getsockname())
        self.process = house.start("serve", self.address.rpartition(":")[2])
        until(lambda: self._status("/healthz") == 200, "the server answers")

    def _status(self, path: str) -> int:
        assert self.process.poll() is None, "the server ended"
        try:
            return self.get(path)[0]
        except (OSError, http.client.HTTPException):
            return 0

    def listens(self) -> bool:
        host, _, port = self.address.partition(":")
        with socket.socket() as knocking:
            return knocking.connect_ex((host, int(port))) == 0

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(f"http://{self.address}{path}", timeout=20) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()


@pytest.fixture
def server(tmp_path, transactional_db) -> Iterator[Server]:
    house = House("tests.live.processes", tmp_path)
    house.env["REDIS_URL"] = ""
    yield Server(house)
    house.close()


def test_pages_and_jobs_reach_the_socket(server):
    with connect(f"ws://{server.address}/ws/", open_timeout=20) as page:
        page.send('{"subscribe": ["probe:1"]}')
        assert json.loads(page.recv(timeout=20))["subscribed"] == ["probe:1"]
        assert server.get("/push/?id=1") == (200, b"pushed")
        assert json.loads(page.recv(timeout=20)) == {"group": "probe:1", "type": "probe.page", "id": 1}
        assert server.get("/job/?id=2") == (200, b"told")
        assert json.loads(page.recv(timeout=20)) == {"group": "probe:1", "type": "probe.job", "id": 2}


def test_it_says_whether_it_is_ready(server):
    def ready() -> dict:
        return json.loads(server.get("/readyz")[1])

    until(lambda: ready()["worker"] == "ok", "the worker's heartbeat")
    assert ready()["database"] == "ok"
    if connection.vendor == "postgresql":  # on SQLite the house made only the tables that this test needs
        assert (server.get("/readyz")[0], ready()["migrations"]) == (200, "ok")
    else:
        assert (server.get("/readyz")[0], ready()["migrations"]) == (503, "not applied")


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_everything_even_while_a_page_hangs(server, sign):
    with connect(f"ws://{server.address}/ws/", open_timeout=20) as page:
        hanging = http.client.HTTPConnection(server.address)
        hanging.request("GET", "/hang/")
        page.send('{"ping": 1}')
        page.recv(timeout=20)
        server.process.send_signal(sign)
        try:
            server.process.wait(10)
        except subprocess.TimeoutExpired:
            pytest.fail("it does not end")
        with pytest.raises(ConnectionClosed) as closed:
            page.recv(timeout=20)
        assert closed.value.rcvd.code == 1012  # "the service restarts": the page comes back by itself
        hanging.close()


def test_whoever_is_killed_while_serving_is_replaced_at_the_same_address(server):
    serving = int(server.get("/serving/")[1])
    with connect(f"ws://{server.address}/ws/", open_timeout=20) as page:
        os.kill(serving, signal.SIGKILL)
        with pytest.raises(ConnectionClosed):
            page.recv(timeout=20)
    # Nobody is refused meanwhile: who knocks waits in the queue of a socket that was never closed.
    with connect(f"ws://{server.address}/ws/", open_timeout=20) as page:
        page.send('{"subscribe": ["probe:1"]}')
        assert json.loads(page.recv(timeout=20))["subscribed"] == ["probe:1"]
        assert int(server.get("/serving/")[1]) not in {serving, server.process.pid}
        assert server.get("/job/?id=3") == (200, b"told")  # the worker is back, too
        assert json.loads(page.recv(timeout=20)) == {"group": "probe:1", "type": "probe.job", "id": 3}


def test_nobody_serves_without_the_one_who_can_stop_it(server):
    with connect(f"ws://{server.address}/ws/", open_timeout=20) as page:
        server.process.kill()
        with pytest.raises(ConnectionClosed):
            page.recv(timeout=20)
    until(lambda: not server.listens(), "nobody listens there any more")
