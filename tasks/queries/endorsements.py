"""An endorsement as whoever checks it reads it."""

from __future__ import annotations

from typing import Any

from ..enums import AskKind
from ..models import Endorsement
from .proposals import hash_of


def certificate_of(endorsement: Endorsement) -> dict[str, Any]:
    """What was certified, whether it still is what was hashed, what holds now, what happened."""
    payload = endorsement.payload
    return {
        "endorsement": endorsement,
        "payload": payload,
        "untouched": hash_of(payload) == endorsement.sha256,
        "lends": [str(AskKind(kind).label) for kind in payload["lends"]],
        "changes": list(endorsement.changes.all()),
    }
