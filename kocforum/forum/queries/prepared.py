"""Questions that nearly every request asks. Making their SQL costs ten times what asking them does, so it is made once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import QuerySet


class Prepared:
    """A query of plain columns, with a stand-in for each value that differs from one asking to the next.

    `make(*stand_ins)` answers a `values_list`; a stand-in is a value of the right type that nothing else in it has.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Any]], *stand_ins: Any) -> None:
        self._make = make
        self._stand_ins = stand_ins
        self._made: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def rows(self, *values: Any) -> list[tuple[Any, ...]]:
        """The rows for these values."""
        if connection.vendor not in self._made:
            self._made[connection.vendor] = self._make(*self._stand_ins).query.sql_with_params()
        sql, params = self._made[connection.vendor]
        meant = dict(zip(self._stand_ins, values, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(sql, [meant.get(value, value) for value in params])
            return cursor.fetchall()
