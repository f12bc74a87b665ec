"""An endorsement as whoever checks it reads it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext, pgettext_lazy

from ..enums import AskKind
from ..models import Endorsement
from .proposals import hash_of

# What is asked for has room to say what it may be; a certificate says it in a word.
LENT = {
    AskKind.NAME: pgettext_lazy("lent", "its name"),
    AskKind.MONEY: pgettext_lazy("lent", "money"),
    AskKind.MATERIAL: pgettext_lazy("lent", "material"),
    AskKind.STAGE: pgettext_lazy("lent", "its channels"),
}


def lent_words(payload: dict[str, Any]) -> str:
    """What the brand lends, in a line."""
    kinds = [kind for kind in AskKind if kind in payload["lends"]]
    return pgettext("between things of a line", ", ").join(str(LENT[kind]) for kind in kinds)


def certificate_of(endorsement: Endorsement) -> dict[str, Any]:
    """What was certified, whether it still is what was hashed, what holds now, what happened."""
    payload = endorsement.payload
    return {
        "endorsement": endorsement,
        "payload": payload,
        "untouched": hash_of(payload) == endorsement.sha256,
        "lends": lent_words(payload),
        "changes": list(endorsement.changes.all()),
    }
