"""The doors of tasks: what an address names, as far as this person may see it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from kocforum.errors import Refused
from kocforum.forum.models import Thread

from ..enums import EntryState
from ..models import Advice, Entry, Initiative, Reply, Task
from ..queries.entries import with_writers


def task_or_404(user: Any, pk: int, among: QuerySet[Task] | None = None) -> Task:
    """A task that this person may know of, with what its page needs."""
    among = Task.objects.all() if among is None else among
    tasks = among.visible_to(user).select_related("audience", "report", "thread", "parent", "created_by")
    return get_object_or_404(tasks, pk=pk)


def survey_or_404(user: Any, pk: int) -> Task:
    """A survey that this person may know of."""
    tasks = Task.objects.visible_to(user).select_related("audience", "survey", "parent")
    return get_object_or_404(tasks, pk=pk, survey__isnull=False)


def call_or_404(user: Any, pk: int) -> Task:
    """A call that this person may know of."""
    tasks = Task.objects.visible_to(user).select_related("audience", "call")
    found = get_object_or_404(tasks, pk=pk, call__isnull=False)
    found.call.task = found
    return found


def entry_or_404(user: Any, pk: int, entry: int) -> Entry:
    """An entry whose words this person may read."""
    entries = with_writers(Entry.objects.visible_to(user)).select_related("call__task__audience", "author")
    return get_object_or_404(entries.exclude(state=EntryState.WITHDRAWN), pk=entry, call__task=pk)


def reply_or_404(user: Any, entry: Entry, number: int) -> Reply:
    """A reply under an entry that this person may read."""
    row = get_object_or_404(Reply.objects.visible_to(user).filter(entry=entry).select_related("author"), pk=number)
    row.entry = entry
    return row


def initiative_or_404(user: Any, pk: int) -> Initiative:
    """An initiative that this person may know of."""
    return get_object_or_404(Initiative.objects.visible_to(user).select_related("proposer", "deputy"), pk=pk)


def written_or_404(user: Any, pk: int, entry: int) -> Entry:
    """An entry that this person writes, alone or with others."""
    entries = Entry.objects.by(user).select_related("call__task__audience", "author")
    return get_object_or_404(entries.exclude(state=EntryState.WITHDRAWN), pk=entry, call__task=pk)


def unindexed(response: HttpResponse, task: Task) -> HttpResponse:
    """What is confidential stands in no index and in no cache (L15)."""
    if task.is_confidential:
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Cache-Control"] = "private, no-store"
    return response


def sources(request: HttpRequest) -> tuple[Advice | None, Task | None, Thread | None]:
    """Where a new draft comes from: an advice that is not used yet, the task of the wave before, a thread."""
    user, named = request.user, {name: number_in(request.GET.get(name)) for name in ("advice", "parent", "thread")}
    return (
        Advice.objects.visible_to(user).filter(pk=named["advice"], task__isnull=True).first(),
        Task.objects.visible_to(user).select_related("audience").filter(pk=named["parent"]).first(),
        Thread.objects.visible_to(user).listed().filter(pk=named["thread"]).first(),
    )


def number_in(text: str | None) -> int:
    """The number of a row in an address or a form; 0, which is nobody's, for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


def sent_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """An address of an entry to which something is only sent. Who comes to look, after signing in again, finds the page on which
    it is written; or the call, who does not write it."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int, entry: int) -> HttpResponse:
        if request.method == "POST":
            return view(request, pk, entry)
        if request.user.is_authenticated and not Entry.objects.by(request.user).filter(pk=entry).exists():
            return redirect("task", pk=pk)
        return redirect("entry_write", pk=pk, entry=entry)

    return guarded


def do_and_say(request: HttpRequest, act: Callable[[], object], sentence: str) -> None:
    """Do it, and say what became of it."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, sentence)
