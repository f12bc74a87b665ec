"""What is quoted of entries: beside the entry, on the wall of a call, and under what it became evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..evidence import Resting, resting_on
from ..models import Call, Entry, Quote
from .coding import Mark, Reading


@dataclass(slots=True)
class Quoted:
    """A quote and what rests on it. `reads`: the reader may open its entry."""

    quote: Quote
    reads: bool
    under: list[Resting] = field(default_factory=list)


def quotes_of(entry: Entry, user: Any, *, writes: bool) -> list[Quote]:
    """What was quoted of an entry, for its writers (`writes`, as the rule says) and for staff as far as they may see; nothing
    for others."""
    if not (user.is_staff or writes):
        return []
    found = Quote.objects.filter(entry=entry) if writes else Quote.objects.visible_to(user).filter(entry=entry)
    return list(found.select_related("code", "entry"))


def wall_of(call: Call, user: Any, round: int | None = None) -> list[Quoted]:
    """Every quote of a call, or of one round of its coding: those whose words stand first, codes of one theme together."""
    rows = Quote.objects.visible_to(user).filter(entry__call=call)
    if round is not None:
        rows = rows.filter(round=round)
    rows = list(rows.select_related("entry__call__task", "entry__author", "code__theme", "by"))
    found = _with_what_rests(rows, user)
    return sorted(found, key=lambda one: (not one.quote.words, *_shelf(one.quote), one.quote.pk))


def _shelf(quote: Quote) -> tuple[bool, int, int]:
    code = quote.code
    return (code is None or code.theme_id is None, (code and code.theme_id) or 0, quote.code_id or 0)


def _with_what_rests(rows: list[Quote], user: Any) -> list[Quoted]:
    under = resting_on(user, [row.pk for row in rows])
    entries = {row.entry_id for row in rows}
    reads = set(Entry.objects.visible_to(user).given().filter(pk__in=entries).values_list("pk", flat=True))
    return [Quoted(row, row.entry_id in reads, under.get(row.pk, [])) for row in rows]


def quoted_marks(found: Reading, marks: Iterable[Mark], user: Any) -> dict[int, Quoted]:
    """By number of the span, the quote that was taken of its place."""
    marks = list(marks)
    rows = Quote.objects.visible_to(user).filter(entry__in={mark.entry for mark in marks}, round=found.round)
    here = {
        (one.quote.entry_id, one.quote.version, one.quote.start, one.quote.end): one
        for one in _with_what_rests(list(rows.select_related("entry__call")), user)
    }
    places = {mark.span.pk: (mark.entry, mark.span.version.number, mark.span.start, mark.span.end) for mark in marks}
    return {pk: here[place] for pk, place in places.items() if place in here}
