"""Two addresses for whoever watches the site: `/healthz` (this process answers) and `/readyz` (it can do its work)."""

from __future__ import annotations

import logging
from functools import cache

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from kocforum.ledger import heartbeats

log = logging.getLogger(__name__)


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Touches nothing else, so that a slow database never gets a healthy process killed."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when everything that this process needs is there, else 503; the body names each part.

    A silent worker makes the embedded process unready, because the worker is a part of it. In production the workers
    are processes of their own: their silence is named and leaves the pages in service.
    """
    parts = {"database": _database(), "migrations": _migrations(), "worker": _worker()}
    if settings.REDIS_URL:
        parts["redis"] = _redis()
    needed = [said for part, said in parts.items() if part != "worker" or not settings.PRODUCTION]
    ready = all(said == "ok" for said in needed)
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503, headers={"Cache-Control": "no-store"})


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:
        log.exception("The database does not answer.")
        return "does not answer"
    return "ok"


@cache
def _all_migrated() -> bool:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise LookupError("not yet")  # an exception is not kept by the cache: asked again until it is true
    return True


def _migrations() -> str:
    try:
        _all_migrated()
    except LookupError:
        return "not applied"
    except Exception:
        return "unknown"
    return "ok"


def _worker() -> str:
    try:
        return "ok" if heartbeats.someone_works() else "silent"
    except Exception:
        return "unknown"


def _redis() -> str:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as client:
            client.ping()
    except redis.RedisError:
        log.exception("Redis does not answer.")
        return "does not answer"
    return "ok"
