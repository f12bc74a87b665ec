"""Every read of uploads that is worth a name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import IO

from django.db.models import QuerySet
from django.utils import timezone

from .enums import Kind, State
from .models import Upload
from .rules import limit

_ADDRESS = re.compile(r"/uploads/([A-Za-z0-9_-]{8,40})/")


def attached_to(kind: str, numbers: Iterable[int]) -> dict[int, list[Upload]]:
    """The uploads of many things in one query, in their order. Ask only for things that the reader may see."""
    found: dict[int, list[Upload]] = defaultdict(list)
    for upload in Upload.objects.filter(attached_to=kind, number__in=list(numbers)).exclude(state=State.DISCARDED):
        found[upload.number].append(upload)
    return dict(found)


def attached_as(kinds: Iterable[str], number: int) -> dict[str, list[Upload]]:
    """The uploads of one thing that has several kinds of them, by kind and in their order. One query."""
    found: dict[str, list[Upload]] = defaultdict(list)
    for upload in Upload.objects.filter(attached_to__in=list(kinds), number=number).exclude(state=State.DISCARDED):
        found[upload.attached_to].append(upload)
    return dict(found)


def takeable(member, ids: Iterable[int], *, kind: str = "", number: int | None = None) -> list[Upload]:
    """Of these ids, in this order: the member's own that belong to nothing yet, or already to this very thing."""
    wanted = list(dict.fromkeys(ids))
    own = Upload.objects.filter(pk__in=wanted, owner=member).exclude(state=State.DISCARDED)
    rows = {
        row.pk: row for row in own if row.number is None or (number and (row.attached_to, row.number) == (kind, number))
    }
    return [rows[pk] for pk in wanted if pk in rows]


def named_in(member, text: str) -> list[Upload]:
    """The member's own that belong to nothing yet and whose address stands in a text, as pasted pictures do, in that order. A PDF is
    no part of a text."""
    tokens = list(dict.fromkeys(_ADDRESS.findall(text)))
    if not tokens or member is None:
        return []
    rows = {
        row.token: row for row in Upload.objects.filter(token__in=tokens, owner=member).exclude(kind=Kind.PAPER).loose()
    }
    return [rows[token] for token in tokens if token in rows]


def beside(files: Iterable[Upload], text: str) -> list[Upload]:
    """Of the files of a thing, those to show beside its text: all but the pictures that stand in it."""
    tokens = set(_ADDRESS.findall(text))
    return [file for file in files if file.kind == Kind.VIDEO or file.token not in tokens]


def uploads_of(member) -> QuerySet[Upload]:
    """Everything that a member gave and that is still kept, for the download of one's own data."""
    return Upload.objects.filter(owner=member).exclude(state=State.DISCARDED).order_by("id")


def files_of(member) -> Iterator[tuple[str, IO[bytes]]]:
    """The full view of each, or the PDF itself, under a name that says which it is, for the same download. One whose file is lost is
    left out."""
    for upload in uploads_of(member).iterator():
        best = upload.document or upload.display
        try:
            file = best.open("rb")
        except FileNotFoundError:
            continue
        yield f"uploads/{upload.pk}-{served_name(upload, best.name)}", file


def orphans() -> QuerySet[Upload]:
    """Those that belong to nothing for longer than the limit, and those whose removal was interrupted."""
    long_ago = timezone.now() - timezone.timedelta(hours=limit("LOOSE_HOURS"))
    return Upload.objects.filter(number__isnull=True, loose_since__lt=long_ago).order_by("id")


def served_name(upload: Upload, file_name: str) -> str:
    """The name of a download: the stem that the owner chose, the extension of what the bytes really are."""
    stem = upload.original_name.rpartition(".")[0] or upload.original_name
    return f"{stem}.{file_name.rpartition('.')[2]}"
