"""Pages of a ranked list. A rank is no column, so the cursor carries the place in the list."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.pagination import BasePagination, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response


class RankedPages(BasePagination):
    """`{next, previous, results}`, 20 rows, best first."""

    page_size = 20
    cursor_query_param = "cursor"
    display_page_controls = False

    def paginate_queryset(self, queryset: Sequence[Any], request: Request, view: Any = None) -> list[Any]:
        # From the values as they were read: an address that was sent unescaped comes back wrong from the request.
        self._path, self._asked = request.build_absolute_uri(request.path), request.query_params.copy()
        self._place = self._place_in(request.query_params.get(self.cursor_query_param, ""))
        self._more = len(queryset) > self._place + self.page_size
        return list(queryset[self._place : self._place + self.page_size])

    def _place_in(self, cursor: str) -> int:
        if not cursor:
            return 0
        try:
            name, number = urlsafe_b64decode(cursor.encode("ascii")).decode("ascii").split("=")
            place = int(number)
        except (ValueError, UnicodeError):
            raise NotFound(CursorPagination.invalid_cursor_message)
        if name != "place" or not 0 <= place <= 10_000:
            raise NotFound(CursorPagination.invalid_cursor_message)
        return place

    def _at(self, place: int) -> str:
        asked = self._asked.copy()
        asked.pop(self.cursor_query_param, None)
        if place > 0:
            asked[self.cursor_query_param] = urlsafe_b64encode(f"place={place}".encode()).decode()
        return f"{self._path}?{asked.urlencode()}"

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "next": self._at(self._place + self.page_size) if self._more else None,
                "previous": self._at(self._place - self.page_size) if self._place else None,
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return CursorPagination().get_paginated_response_schema(schema)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": self.cursor_query_param,
                "required": False,
                "in": "query",
                "description": "From `next` or `previous` of another page.",
                "schema": {"type": "string"},
            }
        ]
