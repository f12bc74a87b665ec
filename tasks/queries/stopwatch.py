"""How long somebody looked at a question before answering: a signed stamp in the form, nothing kept until then."""

from __future__ import annotations

import time

from django.core import signing

SALT = "tasks.shown"
LONGEST = 3600


def start() -> str:
    """The stamp of now, for a form."""
    return signing.dumps(int(time.time()), salt=SALT)


def seconds_since(stamp: str) -> int | None:
    """Seconds since the stamp was made; None for one that is missing, forged or older than an hour."""
    try:
        began = signing.loads(stamp, salt=SALT, max_age=LONGEST)
    except signing.BadSignature:
        return None
    return max(0, int(time.time()) - int(began))
