"""What can be found. Each app above registers its kinds in `AppConfig.ready`; search itself knows no forum and no task."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

THREAD = "thread"
# In a document: what follows was not written by a person. It finds the row, but is no text to show.
KEYWORDS = "\n⁂\n"


@dataclass(frozen=True, kw_only=True)
class SearchKind:
    """One kind of thing that can be found.

    `queryset_for(user)` holds the rows that this person may see: nothing is found without it.
    `url_of(row)` is the row's page and `thread_of(row)` the id of the thread that it stands in, where it does; a search
    for threads finds a thread also by what stands in it. `titled=False` says that rows have no title of their own and are
    indexed with that of their thread, as replies are: it is shown, and alone it does not find them. `documents()` gives every row as the keywords of
    `actions.index` without `kind`, for `manage.py reindex`.
    """

    kind: str
    label: Any
    queryset_for: Callable[[Any], QuerySet]
    url_of: Callable[[Any], str] = lambda row: row.get_absolute_url()
    thread_of: Callable[[Any], int | None] | None = None
    titled: bool = True
    documents: Callable[[], Iterable[Mapping[str, Any]]] | None = None

    def rows(self, user: Any, ids: Iterable[int]) -> dict[int, Model]:
        """Those of these rows that the person may see, by id."""
        return {row.pk: row for row in self.queryset_for(user).filter(pk__in=set(ids))}


_kinds: dict[str, SearchKind] = {}


def register(kind: SearchKind) -> None:
    """Let rows of this kind be found. Registering a name again replaces it."""
    _kinds[kind.kind] = kind


def unregister(name: str) -> None:
    """Rows of this kind are found no longer."""
    _kinds.pop(name, None)


def kinds() -> dict[str, SearchKind]:
    """Every kind by name, in the order of registration."""
    return dict(_kinds)
