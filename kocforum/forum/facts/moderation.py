"""Acts of moderation."""

from kocforum.ledger.facts import fact


@fact
class PostFlagged:
    thread_id: int
    post_id: int
    flag_id: int
    reason: str


@fact
class FlagResolved:
    post_id: int
    flag_id: int
    state: str


@fact
class PostHeld:
    """Waits for a moderator: by its board, by its words, or for what it tells."""

    thread_id: int
    post_id: int


@fact
class PostApproved:
    """A moderator let it through."""

    thread_id: int
    post_id: int


@fact
class PostHidden:
    """Hidden by moderation, or refused at review."""

    thread_id: int
    post_id: int
    reason: str


@fact
class PostRestored:
    """Visible again after having been hidden."""

    thread_id: int
    post_id: int
    reason: str


@fact
class ThreadMoved:
    thread_id: int
    from_board_id: int
    to_board_id: int
    reason: str


@fact
class ThreadSettingChanged:
    """Locked, unlocked, pinned or unpinned."""

    thread_id: int
    act: str
    reason: str
