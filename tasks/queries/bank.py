"""The bank of questions."""

from __future__ import annotations

from django.db.models import QuerySet

from ..models import BankQuestion


def bank(words: str = "") -> QuerySet[BankQuestion]:
    """Questions that were kept, by their words, those that hold all of `words` alone."""
    found = BankQuestion.objects.select_related("by")
    for word in words.split()[:8]:
        found = found.filter(title__icontains=word)
    return found
