"""Real processes around a real database, for tests that kill them."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

PATIENCE_SECONDS = 120
SECONDS_OF_A_VERB = 300  # all migrations, or a whole demo, on a busy machine
ROOT = Path(__file__).resolve().parents[1]
_prepared: dict[str, bytes] = {}


def until(seen: Callable[[], Any], what: str) -> Any:
    """Wait for something to be true."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if answer := seen():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"never seen: {what}")


class House:
    """A database and the processes around it: on PostgreSQL the test database itself, on SQLite a file of its own.

    `script` is a module with the verb `prepare`, which makes the tables it needs.
    """

    def __init__(self, script: str, folder: Path) -> None:
        self.script = script
        self.diary_path = folder / "diary"
        self.started: list[subprocess.Popen] = []
        on_postgres = connection.vendor == "postgresql"
        self.file = folder / "house.sqlite3"
        self.env = {
            **os.environ,
            "DATABASE_URL": _url_of_test_database() if on_postgres else f"sqlite:///{self.file}",
            "DIARY": str(self.diary_path),
            "KOCFORUM_VAR": str(folder),
            "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])),
        }
        if not on_postgres:
            self._prepare()

    def _prepare(self) -> None:
        """Make the tables once for each script, and copy the file after that."""
        if self.script not in _prepared:
            self.run("prepare")
            _prepared[self.script] = self.file.read_bytes()
        self.file.write_bytes(_prepared[self.script])

    def start(self, *words: str) -> subprocess.Popen:
        process = subprocess.Popen([sys.executable, "-m", self.script, *words], cwd=ROOT, env=self.env)
        self.started.append(process)
        return process

    def run(self, *words: str) -> None:
        assert self.start(*words).wait(SECONDS_OF_A_VERB) == 0

    def close(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.kill()
                process.wait()

    def diary(self) -> list[str]:
        return self.diary_path.read_text().split("\n")[:-1] if self.diary_path.exists() else []

    def go(self) -> None:
        """Let what waits in the middle go on."""
        Path(f"{self.diary_path}.go").touch()

    def rows(self, sql: str) -> list[tuple]:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return list(cursor.fetchall())
        file = sqlite3.connect(self.file, timeout=20)
        try:
            return file.execute(sql).fetchall()
        finally:
            file.close()


def _url_of_test_database() -> str:
    name = settings.DATABASES["default"]
    at = f"{name['USER']}:{name['PASSWORD']}@{name['HOST']}:{name['PORT'] or 5432}"
    return f"postgres://{at}/{connection.settings_dict['NAME']}"
