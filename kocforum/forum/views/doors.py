"""What a page is about, or 404: what may not be known does not exist."""

from __future__ import annotations

from typing import TypeVar

from django.http import Http404

from ..models import Board, Post, Report, Thread, Topic
from ..queries.boards import find_board
from ..queries.threads import find_thread
from ..queries.topics import find_topic

T = TypeVar("T")


def _there(row: T | None) -> T:
    if row is None:
        raise Http404
    return row


def board_or_404(user, slug: str) -> Board:
    return _there(find_board(user, slug))


def thread_or_404(user, pk: int) -> Thread:
    return _there(find_thread(user, pk))


def topic_or_404(user, pk: int) -> Topic:
    return _there(find_topic(user, pk))


def post_or_404(user, pk: int, number: int) -> Post:
    """A post by its thread and number, when this person may read it."""
    thread = thread_or_404(user, pk)
    posts = Post.objects.visible_to(user).select_related("author", "thread__board")
    return _there(posts.filter(thread=thread, number=number).first())


def report_or_404(user, pk: int) -> Report:
    """A report with what its pages show."""
    reports = Report.objects.visible_to(user).select_related(
        "thread__board", "thread__author", "observation__model", "function__parent", "failure_mode"
    )
    return _there(reports.filter(pk=pk).first())
