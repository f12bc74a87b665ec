"""`Compiled`: a queryset whose SQL is written once and asked many times, for the few questions that every request asks.

Django writes the SQL of a queryset anew each time. For a question of several parts that takes longer than PostgreSQL needs to
answer it; when ten thousand people answer a survey within a minute it is most of the work.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet, Value


class Slot:
    """Where a value goes in."""

    def __init__(self, name: str) -> None:
        self.name = name


class Compiled:
    """`build` makes a queryset out of what it is given by name: of plain values (`values_list` of numbers, words, truth), or of a model.

    It is called once for each kind of database, with expressions in the place of the values, so it must not look at them. Called, it
    answers the list of rows as the database gives them: nothing is converted. `objects` answers instances of the model, whose fields
    are converted and whose annotations are not.
    """

    def __init__(self, build: Callable[..., QuerySet]) -> None:
        self._build = build
        self._written: dict[str, tuple[type[Model], str, tuple[Any, ...]]] = {}

    def __call__(self, **values: Any) -> list[tuple[Any, ...]]:
        _model, sql, parameters = self._filled(values)
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()

    def objects(self, **values: Any) -> list[Any]:
        model, sql, parameters = self._filled(values)
        return list(model._default_manager.raw(sql, parameters))

    def _filled(self, values: dict[str, Any]) -> tuple[type[Model], str, list[Any]]:
        model, sql, parameters = self._written.get(connection.vendor) or self._write(values)
        return model, sql, [_plain(values[one.name]) if isinstance(one, Slot) else one for one in parameters]

    def _write(self, values: dict[str, Any]) -> tuple[type[Model], str, tuple[Any, ...]]:
        queryset = self._build(**{name: Value(Slot(name)) for name in values})
        written = self._written[connection.vendor] = (queryset.model, *queryset.query.sql_with_params())
        return written


def _plain(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
