"""`record`: tell one fact, in the transaction of the action that made it true."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from .deliveries import first_due, hand_out
from .facts import name_of, payload_of
from .models import Delivery, Fact, Subject
from .subscribers import listeners


def record(told: Any, *, by: Any) -> Fact:
    """Write one Fact, its subjects, and one delivery per subscriber. Must run inside the action's transaction.

    `by` is the member who acted, or None for the system.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() belongs inside the transaction of an action.")
    name = name_of(type(told))
    payload = payload_of(told)
    row = Fact.objects.create(name=name, payload=payload, by=by)
    Subject.objects.bulk_create(
        Subject(fact=row, kind=field.removesuffix("_id"), object_id=value)
        for field, value in payload.items()
        if field.endswith("_id") and isinstance(value, int)
    )
    due_at = first_due()
    hand_out(
        Delivery.objects.bulk_create(Delivery(fact=row, subscriber=path, due_at=due_at) for path in listeners(name))
    )
    return row
