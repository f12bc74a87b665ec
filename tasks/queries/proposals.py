"""A proposal as it is frozen: what was submitted, as canonical JSON with its hash."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ..models import Initiative


def content_of(initiative: Initiative) -> dict[str, Any]:
    """Every word of the row as it is now, with its lines and clubs. Who is meant stands in it by user name."""
    return {
        "title": initiative.title,
        "summary": initiative.summary,
        "plan": initiative.plan,
        "begins_on": initiative.begins_on.isoformat() if initiative.begins_on else None,
        "ends_on": initiative.ends_on.isoformat() if initiative.ends_on else None,
        "place": initiative.place,
        "for_whom": initiative.for_whom,
        "heads": initiative.heads,
        "safety": list(initiative.safety),
        "proposer": initiative.proposer.username if initiative.proposer else None,
        "deputy": initiative.deputy.username if initiative.deputy else None,
        "clubs": [club.name for club in initiative.clubs.order_by("pk")],
        "asks": [
            {"kind": ask.kind, "what": ask.what, "amount_minor": ask.amount_minor, "currency": ask.currency}
            for ask in initiative.asks.all()
        ],
    }


def canonical(content: Any) -> str:
    """The same content is the same text, on every machine."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(content: Any) -> str:
    return hashlib.sha256(canonical(content).encode()).hexdigest()
