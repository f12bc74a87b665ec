"""Facts, handlers and duties that exist for one test."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from kocforum.ledger import duties, facts, subscribers
from kocforum.ledger.facts import fact
from kocforum.ledger.models import Delivery
from kocforum.ledger.recording import record


@pytest.fixture(autouse=True)
def registries(monkeypatch):
    """What a test declares is forgotten after it; the house's own duties do not run in it."""
    monkeypatch.setattr(facts, "_known", dict(facts._known))
    monkeypatch.setattr(subscribers, "_handlers", dict(subscribers._handlers))
    monkeypatch.setattr(subscribers, "_listeners", {name: list(on) for name, on in subscribers._listeners.items()})
    monkeypatch.setattr(duties, "_duties", {})


@pytest.fixture
def bell_rung(registries) -> type:
    """A fact class."""

    @fact
    class BellRung:
        """Somebody rang the bell."""

        bell_id: int
        loud: bool = False

    return BellRung


@pytest.fixture
def ring(bell_rung) -> Callable[..., list[Delivery]]:
    """Tell a BellRung as an action does; answers its deliveries."""

    def ring(bell_id: int = 7, **values: Any) -> list[Delivery]:
        with transaction.atomic():
            row = record(bell_rung(bell_id=bell_id, **values), by=None)
        return list(row.deliveries.order_by("id"))

    return ring
