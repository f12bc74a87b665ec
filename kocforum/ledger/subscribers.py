"""Who listens to what. Handlers live in `<app>/handlers.py`, which the ledger imports when the site starts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .facts import name_of

Handler = Callable[[Any, Any], None]
_listeners: dict[str, list[str]] = {}
_handlers: dict[str, Handler] = {}


def on(*fact_classes: type) -> Callable[[Handler], Handler]:
    """Subscribe a handler `(fact, row)` to fact classes.

    `fact` is the frozen dataclass, `row` the ledger's Fact (id, at, by). It runs in a job, at least once, in a
    transaction of its own: make it idempotent with a unique constraint, not with memory. The transaction holds
    SQLite's only write lock, so keep the network out of it: queue a job for a letter or a call, it goes with the commit.
    """

    def subscribe(handler: Handler) -> Handler:
        path = f"{handler.__module__}.{handler.__qualname__}"
        _handlers[path] = handler
        for cls in fact_classes:
            listening = _listeners.setdefault(name_of(cls), [])
            if path not in listening:
                listening.append(path)
        return handler

    return subscribe


def listeners(fact_name: str) -> list[str]:
    """Dotted paths of the handlers of a fact, in the order of their declaration."""
    return list(_listeners.get(fact_name, []))


def handler(path: str) -> Handler | None:
    """The handler at a dotted path, or None when the code no longer has it."""
    return _handlers.get(path)


def known_handlers() -> list[str]:
    """Dotted paths of all handlers."""
    return sorted(_handlers)
