"""`signal`: words from one open window to others, past the database and past the log.

A push (`pushing.py`) says that a row changed and carries ids only, because whoever hears it fetches the row and is asked for the right to
see it. What two browsers tell each other to find a way between them (session descriptions, candidates) is no row: nobody could fetch it,
it is of no use a second later, and it must be kept nowhere. So it travels itself. It goes to a group whose name only a server knows how
to join (no kind of `groups.py`, so that no page can subscribe to it), it is limited in size, and whoever sends asks for the right before.
"""

from __future__ import annotations

import asyncio

from django.conf import settings

from . import relay
from .hub import hub

LONGEST_SIGNAL = 80 * 1024  # a command of a socket, and who sent it


async def signal(group: str, text: str) -> None:
    """Hand it to the sockets of a group, of this process and of the others. Whoever is not there does not get it later. In the order of
    awaiting."""
    if len(text) > LONGEST_SIGNAL or len(text.encode()) > LONGEST_SIGNAL:
        raise ValueError(f"A signal of {len(text)} characters to {group}.")
    if settings.REDIS_URL and await asyncio.to_thread(relay.send, group, text):
        return  # comes back to this process, too
    hub.tell(group, text)
