"""Gives each process of a parallel run a Redis of its own, since every test empties it: `pytest -p tests.own_redis -n 2`.

Loaded before the settings are read. The first process keeps the database that was named, the others take those below it.
"""

from __future__ import annotations

import os

worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
for name, default in (("REDIS_URL", ""), ("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")):
    if address := os.environ.get(name, default):
        server, _, database = address.rpartition("/")
        os.environ[name] = f"{server}/{int(database) - int(worker.removeprefix('gw'))}"
