"""What an API face answers: refusals with their status, creation with 201 or, for a replay, 200."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.http import Http404
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from kocforum.errors import Invalid, Refused, require


def refusals(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer a `Refused` with its status: 400 with field names, 403 and 409 with `detail`."""
    if isinstance(error, Http404):
        # Its own words name a class, in English.
        error = exceptions.NotFound()
    elif isinstance(error, Invalid):
        named = {name or "non_field_errors": [str(line) for line in said] for name, said in error.fields.items()}
        error = exceptions.ValidationError(named)
    elif isinstance(error, Refused):
        refusal = exceptions.APIException(str(error))
        refusal.status_code = error.status
        error = refusal
    return exception_handler(error, context)


class OpIdField(serializers.UUIDField):
    """The optional `op_id` of a POST that creates."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "allow_null": True, "write_only": True, **kwargs})

    def to_internal_value(self, data: Any) -> uuid.UUID:
        # DRF takes whole numbers for UUIDs, and `true` for the number 1, which every careless client would share.
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


def validated(asked: serializers.Serializer, allowed: Callable[[], object], sentence: object) -> dict[str, Any]:
    """The clean values. Where they do not fit, whoever may not do it at all hears that first: 403 and 409 come before 400."""
    if not asked.is_valid():
        require(allowed(), sentence)
        raise exceptions.ValidationError(asked.errors)
    return dict(asked.validated_data)


def created(row: Model, data: Any) -> Response:
    """201 for a new row, 200 for the replay of an `op_id`."""
    replayed = getattr(row, "replayed", False)
    return Response(data, status=status.HTTP_200_OK if replayed else status.HTTP_201_CREATED)
