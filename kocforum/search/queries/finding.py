"""`find`: the one way to rows by their words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.utils import timezone
from django.utils.safestring import SafeString

from ..kinds import THREAD, SearchKind, kinds
from ..models import SearchDocument
from .matching import by_index, matching
from .parsing import Term, terms_of
from .ranking import ranked
from .snippets import highlighted, snippet
from .words import learn_words

MOST = 200
_AT_ONCE = 300
_READ = ("pk", "kind", "object_id", "parent_id", "title", "title_folded", "body", "at", "weight")


@dataclass(frozen=True)
class Found:
    """One thing that answers a query. `heading` and `snippet` are safe HTML with marks, `title` is plain text."""

    type: str
    id: int
    thread: int | None
    title: str
    heading: SafeString
    snippet: SafeString
    url: str
    label: Any
    at: Any


def _visible(user: Any) -> Q:
    """Every kind's own answer to "may this person see it"."""
    allowed = Q(pk__in=[])
    for name, kind in kinds().items():
        allowed |= Q(Exists(kind.queryset_for(user).filter(pk=OuterRef("object_id"))), kind=name)
    return allowed


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _in_title(terms: Sequence[Term]) -> Case:
    """1 where the title holds every term."""
    holds = Q()
    for term in terms:
        holds &= Q(GreaterThan(StrIndex("title_folded", Value(term.text)), 0))
    return _flag(holds)


def _places(terms: list[Term], kind: str, facets: Mapping[str, Any]) -> QuerySet:
    """The keys of documents that match, best first by what SQL can tell. Whether they may be seen is asked later."""
    threads = kind == THREAD
    names = [kind] if kind and not threads else list(kinds())
    rows = SearchDocument.objects.filter(lexemes__matches=matching(terms, whole_threads=threads), kind__in=names)
    if threads:
        rows = rows.filter(parent_id__isnull=False)
    for name, value in facets.items():
        rows = rows.filter(**{f"facets__{name}": value})
    order = ["-in_title", "-weight", "-at", "-pk"]
    if any(len(term.ways) > 1 for term in terms):
        exact = SearchDocument.objects.filter(lexemes__matches=matching(terms, exact=True, whole_threads=threads))
        rows = rows.annotate(exactly=_flag(Q(pk__in=exact.values("pk"))))
        order.insert(0, "-exactly")
    return rows.annotate(in_title=_in_title(terms)).order_by(*order).values_list("pk", flat=True)


def _candidates(user: Any, places: QuerySet, apart: bool, most: int) -> list[dict[str, Any]]:
    """The best documents that this person may see; of each thread one only unless they are kept apart.

    A thread is rather told by its own text than by a reply. Read on until there are enough, so that neither a thread of a
    thousand replies nor a thousand hidden texts can hide the rest.
    """
    replies = {name for name, known in kinds().items() if not known.titled}
    chosen: dict[tuple[str, int], dict[str, Any]] = {}
    for begin in count(0, _AT_ONCE):
        with by_index():
            keys = list(places[begin : begin + _AT_ONCE])
        seen = SearchDocument.objects.filter(_visible(user), pk__in=keys).values(*_READ) if keys else []
        rows = {row["pk"]: row for row in seen}
        for row in (rows[key] for key in keys if key in rows):
            thread = None if apart else row["parent_id"]
            place = ("one", row["pk"]) if thread is None else ("thread", thread)
            if (
                place not in chosen
                and len(chosen) < most
                or place in chosen
                and chosen[place]["kind"] in replies
                and row["kind"] not in replies
            ):
                chosen[place] = row
        if len(keys) < _AT_ONCE or len(chosen) == most:
            break
    return list(chosen.values())


class Answers(Sequence[Found]):
    """Everything found, best first. Rows, titles and snippets are read for the part that is looked at only."""

    def __init__(self, user: Any, kind: str, terms: Sequence[Term], documents: Sequence[dict[str, Any]]) -> None:
        self._user, self._kind, self._terms, self._documents = user, kind, terms, documents

    def __len__(self) -> int:
        return len(self._documents)

    def __iter__(self) -> Iterator[Found]:
        return iter(self._told(self._documents))

    def __getitem__(self, which: Any) -> Any:
        if isinstance(which, slice):
            return self._told(self._documents[which])
        return self._told([self._documents[which]])[0]

    def _told(self, documents: Sequence[dict[str, Any]]) -> list[Found]:
        # A thread that was found by what stands in it is answered as the thread.
        things = [
            (THREAD, row["parent_id"]) if self._kind == THREAD else (row["kind"], row["object_id"]) for row in documents
        ]
        rows = {
            name: kinds()[name].rows(self._user, [key for other, key in things if other == name])
            for name in dict.fromkeys(name for name, _ in things)
        }
        titles = self._titles_of_threads(documents)
        return [
            self._one(kinds()[name], rows[name][key], document, titles)
            for (name, key), document in zip(things, documents, strict=True)
            if key in rows[name]
        ]

    def _titles_of_threads(self, documents: Sequence[dict[str, Any]]) -> dict[int, str]:
        wanted = {row["parent_id"] for row in documents if not row["title"] and row["parent_id"]}
        if not wanted:
            return {}
        return dict(SearchDocument.objects.filter(kind=THREAD, object_id__in=wanted).values_list("object_id", "title"))

    def _one(self, kind: SearchKind, row: Any, document: dict[str, Any], titles: Mapping[int, str]) -> Found:
        title = document["title"] or titles.get(document["parent_id"], "")
        if kind.kind == THREAD:
            thread = row.pk
        else:
            thread = kind.thread_of(row) if kind.thread_of else document["parent_id"]
        return Found(
            type=kind.kind,
            id=row.pk,
            thread=thread,
            title=title,
            heading=highlighted(title, self._terms),
            snippet=snippet(document["body"], self._terms),
            url=kind.url_of(row),
            label=kind.label,
            at=document["at"],
        )


def find(
    user: Any,
    query: str,
    kind: str = "",
    *,
    facets: Mapping[str, Any] | None = None,
    together: bool = False,
    most: int = MOST,
) -> Sequence[Found]:
    """What this person may see and what answers the query, best first, at most `most`.

    `kind="thread"` finds each thread once, by its title or anything that stands in it. `together` does the same to what
    stands in threads when all kinds are sought: the best place of each thread is told.
    """
    known = kinds()
    learn_words()
    terms = terms_of(query)
    if not terms or not known or (kind and kind not in known):
        return Answers(user, kind, terms, [])
    apart = not (together or kind == THREAD)
    best = _candidates(user, _places(terms, kind, facets or {}), apart, most)
    return Answers(user, kind, terms, ranked(best, terms, timezone.now()))
