"""`push`: say, after commit, that something changed. Ids only; the page refetches what it may see."""

from __future__ import annotations

from django.db import transaction

from .hub import publish


def push(group: str, kind: str, object_id: int | None = None) -> None:
    """Send `{group, type, id}` to every open page that subscribed to `group`, once the transaction has committed."""
    transaction.on_commit(lambda: publish(group, kind, object_id), robust=True)
