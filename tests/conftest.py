"""What every test stands on: fast passwords, files in a temporary folder, jobs that run when the test says so."""

from __future__ import annotations

import importlib
import os
from functools import cache

import pytest
import redis
from django.conf import settings
from django.db import connection

TEST_REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")


def pytest_configure(config: pytest.Config) -> None:
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


frozen = importlib.import_module("insights.migrations.0002_frozen_rows")


@pytest.fixture(autouse=True)
def frozen_rows_thaw(request):
    """Frozen rows thaw after a test that commits on SQLite, whose flush deletes row by row."""
    marker = request.node.get_closest_marker("django_db")
    if not marker or not marker.kwargs.get("transaction") or connection.vendor != "sqlite":
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    with connection.cursor() as cursor:
        for statement in frozen.SQLITE_BACK:
            cursor.execute(statement)
        for table in frozen.TABLES[::-1]:
            cursor.execute(f"DELETE FROM {table}")
        for statement in frozen.SQLITE:
            cursor.execute(statement)
