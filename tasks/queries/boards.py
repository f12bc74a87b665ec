"""The board of a room, kept in this process and caught up from the log before every use.

The log is the truth: a board that is kept is only a shorter way to it. Nothing is ever written from here.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from ..models import RoomEvent, Workshop
from ..rules.board_events import apply
from ..rules.boards import Board

MOST_KEPT = 64


class _Kept:
    def __init__(self) -> None:
        self.board, self.lock = Board(), threading.RLock()


_kept: OrderedDict[UUID, _Kept] = OrderedDict()
_guard = threading.Lock()


def _place_of(token: UUID) -> _Kept:
    with _guard:
        kept = _kept.setdefault(token, _Kept())
        _kept.move_to_end(token)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
        return kept


@contextmanager
def board_of(workshop: Workshop) -> Iterator[Board]:
    """The board as the log has it now; to be read, not changed, and not kept beyond the block. One query."""
    kept = _place_of(workshop.token)
    with kept.lock:
        fold(kept.board, workshop)
        yield kept.board


def fold(board: Board, workshop: Workshop) -> Board:
    """Bring a board up to the end of the log."""
    rows = RoomEvent.objects.filter(workshop=workshop, seq__gt=board.seq).order_by("seq")
    for seq, actor, kind, payload, at in rows.values_list("seq", "actor", "kind", "payload", "at"):
        apply(board, seq, actor, kind, payload, at.isoformat())
    return board
