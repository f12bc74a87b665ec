"""One of two languages."""

from __future__ import annotations

from django.utils.translation import get_language


def bilingual(zh: str, en: str) -> str:
    """The text in the reader's language, or the other one where that is empty."""
    english = (get_language() or "").startswith("en")
    return (en or zh) if english else (zh or en)
