"""Pages of lists: by cursor, so that nothing is skipped or told twice while new rows arrive."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination as Pages


class CursorPagination(Pages):
    """`{next, previous, results}`, 20 rows, newest first unless the view says otherwise."""

    page_size = 20
    ordering = "-id"

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        """A cursor that can be read but names no place (a word for a number) is no cursor."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, TypeError, OverflowError, ValidationError):
            if not request.query_params.get(self.cursor_query_param):
                raise
            raise NotFound(self.invalid_cursor_message)
