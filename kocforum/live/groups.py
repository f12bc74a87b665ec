"""Names of live groups and who may listen. An app registers its kind in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

_kinds: dict[str, Callable[[Any], QuerySet]] = {}


def register_group(kind: str, queryset_for: Callable[[Any], QuerySet]) -> None:
    """Let pages subscribe to `kind:<pk>` when `queryset_for(user)` holds that row."""
    _kinds[kind] = queryset_for


def may_listen(user: Any, group: str) -> bool:
    """True when the user may see the thing that the group is named after. `member:<pk>` is for that member alone."""
    kind, _, key = group.partition(":")
    # ASCII and short: "²" is a digit to str.isdigit, and a number beyond 63 bits is an error to the database.
    if not (key.isascii() and key.isdigit() and len(key) <= 18):
        return False
    if kind == "member":
        return bool(user.is_authenticated) and key == str(user.pk)
    return kind in _kinds and _kinds[kind](user).filter(pk=int(key)).exists()
