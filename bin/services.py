"""Finds what some tests need and a machine may lack: PostgreSQL, Redis, Chromium. Runs in `.venv`; answers as JSON.

Prints `{name: {"use": address or path}}` for what answers, `{name: {"missing": why}}` for what does not.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

# Two checkouts that test at the same time do not share a database.
CHECKOUT = "kocforum_" + sha256(str(Path(__file__).resolve()).encode()).hexdigest()[:6]


def postgres() -> dict[str, str]:
    """Tests make `test_<name>` from template0 beside the database that is named here, which need not be there."""
    import psycopg2

    said = os.environ.get("TEST_DATABASE_URL", "")
    why = ""
    for address in (
        [said] if said else ["postgres://postgres@127.0.0.1:5432", "postgres://127.0.0.1:5432", "postgres://"]
    ):
        parts = urlsplit(address)
        server = urlunsplit(("postgresql", parts.netloc, "/postgres", parts.query, ""))
        try:
            psycopg2.connect(server, connect_timeout=3).close()
        except psycopg2.OperationalError as error:
            why = str(error).strip().splitlines()[0]
        else:
            return {
                "use": urlunsplit(("postgres", parts.netloc, parts.path.rstrip("/") or f"/{CHECKOUT}", parts.query, ""))
            }
    return {"missing": f"no PostgreSQL answers ({why}); set TEST_DATABASE_URL"}


def redis() -> dict[str, str]:
    """The last of the sixteen databases by default: the tests empty it."""
    import redis

    address = os.environ.get("TEST_REDIS_URL") or "redis://127.0.0.1:6379/15"
    try:
        redis.from_url(address, socket_connect_timeout=3, socket_timeout=3).ping()
    except redis.RedisError as error:
        return {"missing": f"no Redis answers ({error}); set TEST_REDIS_URL"}
    return {"use": address}


def chromium() -> dict[str, str]:
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    return {"use": found} if found else {"missing": "no Chromium is installed (on Debian: apt-get install chromium)"}


if __name__ == "__main__":
    json.dump({"postgres": postgres(), "redis": redis(), "chromium": chromium()}, sys.stdout)
