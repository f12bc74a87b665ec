"""Which of the documents found comes first. Done here and not in SQL, so that both databases answer alike."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from kocforum.text import folded

from .parsing import Term

# After this many days news counts half of what it counted.
_HALF_LIFE = 180


def _said_in(text: str, terms: Sequence[Term]) -> float:
    """How much of the query a text says: a whole term counts for more than the words of it."""
    total = 0.0
    for term in terms:
        if times := len(term.pattern.findall(text)):
            total += 1 + 0.35 * math.log(times)
        elif term.words:
            total += 0.6 * sum(bool(word.search(text)) for word in term.word_patterns) / len(term.words)
    return total / len(terms)


def _score(document: dict[str, Any], body: str, terms: Sequence[Term], now: datetime) -> float:
    """Title before text, the whole phrase before its words, new before old, and what its kind holds weighty."""
    title = document["title_folded"]
    total = 3 * _said_in(title, terms) + 2 * _said_in(body, terms) / (1 + len(body) / 20_000)
    if len(terms) > 1:
        together = "".join(term.text for term in terms)
        spaced = " ".join(term.text for term in terms)
        total += 1.5 * (together in title or spaced in title) + (together in body or spaced in body)
    total += 1.5 * (title == " ".join(term.text for term in terms))
    age = max((now - document["at"]).total_seconds(), 0) / 86_400
    return (total + 0.5 ** (age / _HALF_LIFE)) * document["weight"]


def ranked(documents: Iterable[dict[str, Any]], terms: Sequence[Term], now: datetime) -> list[dict[str, Any]]:
    """The documents that really hold what was sought, best first."""
    scored = []
    for document in documents:
        body = folded(document["body"])
        text = f"{folded(document['title'])}\n{body}"
        if all(term.stands_in(text) for term in terms):
            scored.append((_score(document, body, terms, now), document))
    scored.sort(key=lambda pair: (-pair[0], -pair[1]["at"].timestamp(), pair[1]["kind"], pair[1]["object_id"]))
    return [document for _, document in scored]
