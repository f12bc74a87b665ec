"""Entries as pages show them, and as search is given them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Left

from kocforum.text import differences
from kocforum.uploads.models import Upload
from kocforum.uploads.queries import attached_to, beside

from ..enums import EntryState, Readers, Round
from ..models import Call, Entry, EntryVersion, Writer
from ..models.entries import ENDED, ENTRIES_KIND

PER_PAGE = 20
OPENING = 600


def entries_of(call: Call, user: Any) -> QuerySet[Entry]:
    """What this person may read of what was given to a call, the first given first."""
    found = Entry.objects.visible_to(user).filter(call=call)
    return found.filter(state__in=[EntryState.GIVEN, EntryState.PENDING, EntryState.HIDDEN])


def cards_of(call: Call, user: Any) -> QuerySet[Entry]:
    """The same as a list shows them: with the beginning of each text, and who wrote it."""
    rows = entries_of(call, user).annotate(opening=Left("body", OPENING)).defer("body", "html", "outline")
    return with_writers(rows).order_by("given_at", "pk")


def stories_for(user: Any) -> QuerySet[Entry]:
    """Kept entries that this person may read, the one kept last first, with writers, opening and call."""
    rows = Entry.objects.visible_to(user).kept().select_related("call__task")
    rows = rows.annotate(opening=Left("body", OPENING)).defer("body", "html", "outline")
    return with_writers(rows).order_by("-kept_at", "-pk")


def with_writers(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Each with `signed`: who wrote it, as was agreed."""
    writers = Writer.objects.filter(accepted_at__isnull=False).select_related("member")
    return entries.prefetch_related(Prefetch("writers", queryset=writers, to_attr="signed"))


def own_entry(call: Call, user: Any) -> Entry | None:
    """The entry that this person writes or wrote, alone or with others; the own one first."""
    if not user.is_authenticated:
        return None
    mine = Entry.objects.by(user).filter(call=call).exclude(state=EntryState.WITHDRAWN)
    rows = sorted(mine.select_related("call__task__audience"), key=lambda row: row.author_id != user.pk)
    return rows[0] if rows else None


def written_by(user: Any, call: Call) -> tuple[Entry | None, list[Entry]]:
    """What this person writes or wrote to a call as its author, and what they write along."""
    mine = Entry.objects.by(user).filter(call=call).exclude(state=EntryState.WITHDRAWN).select_related("author")
    own = [row for row in mine if row.author_id == user.pk]
    return own[0] if own else None, [row for row in mine if row.author_id != user.pk]


def signed_by(entry: Entry) -> list[Writer]:
    """Who wrote it, with the shares that were agreed; the author first."""
    rows = getattr(entry, "signed", None)
    if rows is None:
        rows = Writer.objects.filter(entry=entry, accepted_at__isnull=False).select_related("member")
    return sorted(rows, key=lambda row: (row.member_id != entry.author_id, row.pk))


def files_of(entry: Entry) -> list[Upload]:
    """Pictures and films that belong to an entry and do not stand in its text."""
    return beside(attached_to(ENTRIES_KIND, [entry.pk]).get(entry.pk, []), entry.body)


def may_be_found(entry: Entry) -> bool:
    """Whether everybody may read it, so that search may hold its words."""
    call = entry.call
    if entry.state != EntryState.GIVEN or call.task.readers == Readers.CONFIDENTIAL:
        return False
    return not call.sealed or (
        call.revealed_at is not None and (call.round != Round.WRITING or call.task.state in ENDED)
    )


def document_of(entry: Entry) -> dict[str, Any]:
    """An entry as search takes it."""
    return {
        "kind": ENTRIES_KIND,
        "object_id": entry.pk,
        "title": entry.title,
        "body": entry.body,
        "at": entry.given_at,
        "author_id": entry.author_id,
    }


def documents() -> Iterator[dict[str, Any]]:
    """Every entry that may be found, to build the index anew."""
    given: Iterable[Entry] = Entry.objects.given().select_related("call__task").iterator(chunk_size=200)
    return (document_of(entry) for entry in given if may_be_found(entry))


def versions_of(entry: Entry) -> list[dict[str, Any]]:
    """What readers saw, the newest first, each with what it changed in the one before."""
    rows: list[EntryVersion] = list(entry.versions.select_related("by").order_by("number"))
    before = [None, *rows[:-1]]
    return [
        {
            "version": row,
            "title": differences(last.title, row.title) if last and last.title != row.title else [],
            "changes": differences(last.body, row.body) if last else [],
        }
        for last, row in reversed(list(zip(before, rows, strict=True)))
    ]
