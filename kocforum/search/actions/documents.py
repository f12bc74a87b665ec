"""What is found follows what is written. Called inside the writer's transaction: found by the next search or undone.

These are the only actions that tell no fact: a document says nothing that its row does not say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction

from kocforum.text import bigrams, clean_line, codes, folded, plain

from ..kinds import THREAD, kinds
from ..models import SearchDocument
from ..queries.matching import INHERITED

# What stands after this many characters is shown and not found: a tsvector holds a megabyte at most.
LONGEST = 50_000
_KEPT = [
    "parent_id",
    "author_id",
    "at",
    "weight",
    "indexed_at",
    "title",
    "title_folded",
    "facets",
    "body",
    "lexemes",
]


def _document(
    *,
    kind: str,
    object_id: int,
    title: str,
    body: str,
    at: datetime,
    author_id: int | None = None,
    parent_id: int | None = None,
    weight: float = 1.0,
    **facets: Any,
) -> SearchDocument:
    title = clean_line(title)[:200]
    body = plain(body)[:LONGEST]
    known = kinds().get(kind)
    own = known is None or known.titled
    mark = "" if own else INHERITED
    return SearchDocument(
        kind=kind,
        object_id=object_id,
        parent_id=object_id if kind == THREAD else parent_id,
        author_id=author_id,
        at=at,
        weight=weight,
        title=title,
        title_folded=folded(title)[:400] if own else "",
        facets=facets,
        body=body,
        lexemes=[mark + lexeme for lexeme in codes(title) + bigrams(title)] + codes(body) + bigrams(body),
    )


@transaction.atomic(savepoint=False)
def index_many(documents: Iterable[Mapping[str, Any]]) -> int:
    """Index many documents, each given as the keywords of `index`. Answers how many."""
    count, waiting = 0, iter(documents)
    while some := list(islice(waiting, 200)):
        SearchDocument.objects.bulk_create(
            [_document(**document) for document in some],
            update_conflicts=True,
            unique_fields=["kind", "object_id"],
            update_fields=_KEPT,
        )
        count += len(some)
    return count


def index(
    *,
    kind: str,
    object_id: int,
    title: str,
    body: str,
    at: datetime,
    author_id: int | None = None,
    parent_id: int | None = None,
    weight: float = 1.0,
    **facets: Any,
) -> None:
    """Let a row be found by its title and body, or by its new ones.

    `body` is Markdown, HTML of ours or plain text. `parent_id` is the thread that the row stands in. Any further keyword
    is a facet: a plain value that `find(facets=…)` narrows by.
    """
    index_many(
        [
            {
                "kind": kind, "object_id": object_id, "title": title, "body": body, "at": at, "author_id": author_id,
                "parent_id": parent_id, "weight": weight, **facets,
            }
        ]
    )  # fmt: skip


@transaction.atomic(savepoint=False)
def forget(*, kind: str, object_id: int) -> None:
    """Let a row be found no longer."""
    SearchDocument.objects.filter(kind=kind, object_id=object_id).delete()
