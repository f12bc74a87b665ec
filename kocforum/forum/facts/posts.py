"""Threads and posts."""

from kocforum.ledger.facts import fact


@fact
class ThreadOpened:
    """A thread can be read: at once, or when its review let it through."""

    thread_id: int
    board_id: int
    post_id: int


@fact
class PostWritten:
    """An answer can be read: at once, or when its review let it through."""

    thread_id: int
    post_id: int
    number: int
    kind: str
    reply_to_post_id: int | None = None


@fact
class PostEdited:
    thread_id: int
    post_id: int
    revision: int


@fact
class PostRemoved:
    """Its author withdrew it; a tombstone stays."""

    thread_id: int
    post_id: int


@fact
class ThreadFollowed:
    """A member wants to hear of a thread, or with `muted` no longer does."""

    thread_id: int
    muted: bool
