"""Which version of an event's words and numbers somebody has before them."""

from __future__ import annotations

import json
from hashlib import sha256

from ..models import Event

TERMS = (
    "title",
    "starts_at",
    "ends_at",
    "city",
    "place",
    "capacity",
    "timezone",
    "about",
    "agenda",
    "party_most",
    "asks_car",
    "offer_hours",
    "offers_stop_hours",
    "waiver",
)


def version_of_terms(event: Event) -> str:
    """Another one whenever what its organisers wrote is another one; opening and closing it change nothing here. One query."""
    questions = list(event.questions.values_list("text", "required"))
    written = [[getattr(event, name) for name in TERMS], questions]
    return sha256(json.dumps(written, default=str).encode()).hexdigest()[:32]
