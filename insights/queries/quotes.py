"""Quotes from calls under tickets: which they are, and what is frozen of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from tasks.models import Entry, Quote

from ..evidence import sha256


def quotes_seen_by(user: Any) -> QuerySet[Quote]:
    """Quotes whose entry this person may read."""
    found = Quote.objects.visible_to(user).filter(entry__in=Entry.objects.visible_to(user))
    return found.select_related("entry__call__task", "code")


def known_of_quotes(quotes: Iterable[Quote]) -> list[dict[str, Any]]:
    """Rows for a frozen copy. The words themselves are not in it, because their author may withdraw them and a copy can never
    be changed: what stands there is our paraphrase, where the words stood, and their SHA-256."""
    return [
        {
            "id": quote.pk,
            "call": quote.entry.call.task_id,
            "title": quote.entry.call.task.title,
            "entry": quote.entry_id,
            "version": quote.version,
            "start": quote.start,
            "end": quote.end,
            "sha256": sha256(quote.exact) if quote.exact else "",
            "paraphrase": quote.paraphrase,
            "code": quote.code.name if quote.code else "",
            "cars": quote.entry.car_count,
            "owner": quote.entry.author_id,
        }
        for quote in sorted(quotes, key=lambda quote: quote.pk)
    ]
