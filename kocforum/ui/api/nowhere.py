"""The API's own 404, for addresses that no view has."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class Nowhere(APIView):
    """Answers every method as the API answers, and not with a page: `{"detail": …}`."""

    schema = None
    throttle_classes: ClassVar = []
    permission_classes: ClassVar = []

    def http_method_not_allowed(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise NotFound
