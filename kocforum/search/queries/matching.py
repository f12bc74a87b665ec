"""The same question to two databases: an FTS5 expression on SQLite, a tsquery on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from ..models.lexemes import quoted
from .parsing import Lexeme, Term, Way

# A lexeme of the title that a reply only inherits. Found when something else of the query stands in the reply itself.
INHERITED = "^"


def _all(parts: Iterable[str]) -> str:
    return "(" + (" & " if connection.vendor == "postgresql" else " AND ").join(parts) + ")"


def _any(parts: Iterable[str]) -> str:
    return "(" + (" | " if connection.vendor == "postgresql" else " OR ").join(parts) + ")"


def _literal(lexeme: Lexeme, mark: str) -> str:
    if connection.vendor == "postgresql":
        return quoted(mark + lexeme.text) + (":*" if lexeme.beginning else "")
    return '"' + mark + lexeme.text.replace('"', '""') + '"' + (" *" if lexeme.beginning else "")


def _asked(term: Term, exact: bool, marks: Iterable[str]) -> str:
    ways: tuple[Way, ...] = (term.exact,) if exact else term.ways
    return _any(_all(_literal(lexeme, mark) for lexeme in way) for way in ways for mark in marks)


def matching(terms: list[Term], *, exact: bool = False, whole_threads: bool = False) -> str:
    """For `lexemes__matches`: every term is found, as it was written or in any way.

    Of a reply's terms one at least must be its own, unless whole threads are sought.
    """
    own = [_asked(term, exact, [""]) for term in terms]
    if whole_threads:
        return _all(_asked(term, exact, ["", INHERITED]) for term in terms)
    if len(terms) == 1:
        return own[0]
    return _all([*(_asked(term, exact, ["", INHERITED]) for term in terms), _any(own)])


@contextmanager
def by_index() -> Iterator[None]:
    """PostgreSQL takes unpacking a vector for free and reads the whole table for a common word; here it may not."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)")
        yield
        cursor.execute("SELECT set_config('enable_seqscan', 'on', true)")
