"""Quotes from calls under tickets: which they are, and what is frozen of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from tasks.evidence import Resting
from tasks.models import Entry, Quote

from ..evidence import sha256
from ..models import Ticket, TicketEvidence


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


def tickets_on(user: Any, quotes: Iterable[int]) -> dict[int, list[Resting]]:
    """By number of the quote, the tickets that rest on it, of those that this person may see."""
    rows = TicketEvidence.objects.filter(quote__in=list(quotes), ticket__in=Ticket.objects.visible_to(user))
    found: dict[int, list[Resting]] = {}
    for row in rows.select_related("ticket"):
        ticket = row.ticket
        said = Resting(label=ticket.ref, url=reverse("ticket", args=[ticket.pk]), state=ticket.get_state_display())
        found.setdefault(row.quote_id, []).append(said)
    return found
