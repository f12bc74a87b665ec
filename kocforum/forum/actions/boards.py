"""What follows when staff change who reads a board. The board's own row is kept in admin."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ..models import Board, Thread, Topic, TopicLink


@transaction.atomic
def show_boards_anew(*, boards: Iterable[Board]) -> None:
    """Kept pages of their threads, and of the topics that list these, are made anew: who may read them has changed."""
    threads = Thread.objects.filter(board__in=list(boards))
    threads.update(version=F("version") + 1, changed_at=timezone.now())
    holding = TopicLink.objects.filter(report__thread__in=threads.values("pk"), unlinked_at__isnull=True)
    Topic.objects.filter(pk__in=holding.values("topic")).update(version=F("version") + 1)
