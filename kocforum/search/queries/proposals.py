"""What to try when nothing was found, or nothing was asked yet."""

from __future__ import annotations

from typing import Any

from ..models import Word
from .finding import find
from .parsing import terms_of


def proposed_words(most: int = 8) -> list[str]:
    """The words that staff propose to searchers, last changed first."""
    return list(Word.objects.filter(proposed=True).order_by("-at", "text").values_list("text", flat=True)[:most])


def narrower(user: Any, query: str, kind: str = "", most: int = 4) -> list[str]:
    """Parts of a query that do find something, for a person whose whole query found nothing."""
    terms = terms_of(query)
    parts = [term.text for term in terms] if len(terms) > 1 else [word for term in terms for word in term.words]
    parts = [part for part in dict.fromkeys(parts) if len(part) > 1][:most]
    return [part for part in parts if find(user, part, kind, most=1)]
