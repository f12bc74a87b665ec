"""Open a discussion."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from kocforum.errors import require
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.members.models import Member

from ..enums import PostState
from ..facts import ThreadOpened
from ..models import Board, Thread
from ..rules.posts import can_open_thread
from .writing import checked_body, checked_title, settle_state, start_thread


@once(Thread)
@transaction.atomic
def open_thread(*, by: Member, board: Board, title: str, body: str, uploads: Sequence[int] = ()) -> Thread:
    """Start a discussion on a board. It waits unseen where the board or the content check wants a look first."""
    require(can_open_thread(by, board), _("You cannot open a thread here."))
    title, body = checked_title(title), checked_body(body)
    thread, post = start_thread(
        author=by, board=board, title=title, body=body, state=settle_state(by, board, title, body), uploads=uploads
    )
    if thread.state == PostState.VISIBLE:
        record(ThreadOpened(thread_id=thread.pk, board_id=board.pk, post_id=post.pk), by=by)
    return thread
