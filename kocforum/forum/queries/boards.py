"""Boards as lists show them."""

from __future__ import annotations

from django.db.models import Count, Max, Q

from ..enums import PostState
from ..models import Board


def boards_with_counts(user) -> list[Board]:
    """All boards that this person may read, each with `thread_count` and `last_word_at`, in two queries at most."""
    seen = Q(threads__state=PostState.VISIBLE)
    return list(
        Board.objects.visible_to(user)
        .annotate(thread_count=Count("threads", filter=seen), last_word_at=Max("threads__last_post_at", filter=seen))
        .order_by("position", "id")
    )


def find_board(user, slug: str) -> Board | None:
    """A board that this person may read; a staff board does not exist for others."""
    return Board.objects.visible_to(user).select_related("parent").filter(slug=slug).first()
