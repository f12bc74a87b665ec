"""Boards and their lists."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..queries.boards import boards_with_counts
from ..queries.lines import lines_of
from ..queries.threads import THREADS_PER_PAGE, threads_of_board
from ..rules.posts import can_open_thread
from .doors import board_or_404


def boards(request: HttpRequest) -> HttpResponse:
    """All boards."""
    return render(request, "forum/boards/list.html", {"boards": boards_with_counts(request.user)})


def board(request: HttpRequest, slug: str) -> HttpResponse:
    """One board: its threads, numbered pages."""
    shown = board_or_404(request.user, slug)
    page = Paginator(threads_of_board(shown, request.user), THREADS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "board": shown,
        "page": page,
        "lines": lines_of(page.object_list),
        "may_open": not request.user.is_authenticated or can_open_thread(request.user, shown) is True,
    }
    return render(request, "forum/boards/detail.html", context)
