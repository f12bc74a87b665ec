"""What every test stands on: fast passwords, files in a temporary folder, jobs that run when the test says so."""

from __future__ import annotations

import os
from functools import cache

import pytest
import redis
from django.conf import settings
from django.db import connection
from hypothesis import settings as properties

TEST_REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")


def pytest_configure(config: pytest.Config) -> None:
    # How long an example takes says how busy the machine is, not whether a promise is kept.
    properties.register_profile("house", deadline=None)
    properties.load_profile("house")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    on_postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    for item in items:
        if item.get_closest_marker("postgres") and not on_postgres:
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: set DATABASE_URL"))
        if item.get_closest_marker("redis") and not _redis_answers():
            item.add_marker(pytest.mark.skip(reason="needs Redis: set TEST_REDIS_URL"))


@cache
def _redis_answers() -> bool:
    try:
        return bool(redis.Redis.from_url(TEST_REDIS_URL, socket_connect_timeout=1).ping())
    except redis.RedisError:
        return False


@pytest.fixture(autouse=True)
def files_in_a_temporary_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "uploads"},
        },
    }


@pytest.fixture(autouse=True)
def empty_cache():
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def redis_url() -> str:
    """A Redis for tests marked `redis`."""
    return TEST_REDIS_URL


@pytest.fixture
def run_deliveries(db):
    """Call it to run every queued job, deliveries among them, until nothing is left; what fails fails the test.

    `run_deliveries(strict=False)` lets a delivery fail, as a test of a failing handler wants it.
    """
    from django.db.models import Q
    from django_tasks_db.models import DBTaskResult

    from kocforum.ledger.models import Delivery
    from kocforum.ledger.worker import run_queued_jobs

    def run(*, strict: bool = True) -> None:
        run_queued_jobs()
        if strict:
            failed = Delivery.objects.filter(~Q(error=""))
            assert not failed, "\n".join(f"{delivery}: {delivery.error}" for delivery in failed)
            broken = DBTaskResult.objects.failed()
            assert not broken, "\n".join(f"{job.task_path}: {job.traceback}" for job in broken)

    return run


@pytest.fixture(autouse=True)
def frozen_rows_thaw(request):
    """Frozen rows thaw after a test that commits on SQLite, whose flush deletes row by row."""
    marker = request.node.get_closest_marker("django_db")
    if not marker or not marker.kwargs.get("transaction") or connection.vendor != "sqlite":
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    guards = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%!_no!_%' ESCAPE '!'"
    with connection.cursor() as cursor:
        guarded = cursor.execute(guards).fetchall()
        for name, _table, _sql in guarded:
            cursor.execute(f"DROP TRIGGER {name}")
        for table in dict.fromkeys(table for _name, table, _sql in reversed(guarded)):
            cursor.execute(f"DELETE FROM {table}")
        for _name, _table, sql in guarded:
            cursor.execute(sql)
