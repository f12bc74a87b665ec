"""The index made again from the rows of every kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.db.models import Q
from django.utils import timezone

from ..kinds import kinds
from ..models import SearchDocument
from .documents import index_many

# A transaction each, so that writers wait for one batch only.
_BATCH = 200


def _of(kind: str, documents: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    return ({**document, "kind": kind} for document in documents)


def rebuild(names: Iterable[str] = ()) -> Iterator[tuple[str, int, int]]:
    """Index every row of these kinds, or of all, and forget what no longer has one. Gives name, indexed and forgotten.

    Search goes on meanwhile; a kind that tells no documents is left as it is.
    """
    wanted = list(names)
    for name, kind in kinds().items():
        if kind.documents is None or (wanted and name not in wanted):
            continue
        began = timezone.now()
        count, waiting = 0, _of(name, kind.documents())
        while some := list(islice(waiting, _BATCH)):
            count += index_many(some)
        stale = SearchDocument.objects.filter(kind=name, indexed_at__lt=began)
        yield name, count, stale.delete()[0]
    if not wanted:
        left = SearchDocument.objects.filter(~Q(kind__in=kinds())).delete()[0]
        if left:
            yield "-", 0, left
