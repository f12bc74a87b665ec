"""Open a board for something above the forum; what follows when staff change who reads one. Rows of boards are kept in admin."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from kocforum.ledger.recording import record
from kocforum.members.models import Member

from ..facts import BoardOpened
from ..models import Board, Thread, Topic, TopicLink


@transaction.atomic
def open_board(
    *,
    by: Member,
    slug: str,
    name: str,
    name_en: str = "",
    about: str = "",
    about_en: str = "",
    under: Board | None = None,
    only_staff_opens: bool = False,
    position: int = 0,
) -> Board:
    """A board that belongs to something above the forum. Whoever calls has asked whether `by` may."""
    board = Board.objects.create(
        slug=slug,
        name=name,
        name_en=name_en,
        about=about,
        about_en=about_en,
        parent=under,
        only_staff_opens=only_staff_opens,
        position=position,
    )
    record(BoardOpened(board_id=board.pk), by=by)
    return board


@transaction.atomic
def show_boards_anew(*, boards: Iterable[Board]) -> None:
    """Kept pages of their threads, and of the topics that list these, are made anew: who may read them has changed."""
    threads = Thread.objects.filter(board__in=list(boards))
    threads.update(version=F("version") + 1, changed_at=timezone.now())
    holding = TopicLink.objects.filter(report__thread__in=threads.values("pk"), unlinked_at__isnull=True)
    Topic.objects.filter(pk__in=holding.values("topic")).update(version=F("version") + 1)
