"""Search over everything that the caller may see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kocforum.errors import Invalid

from ..kinds import kinds
from ..queries import Found, find
from .pages import RankedPages


class FoundSerializer(serializers.Serializer):
    """One thing that was found."""

    type = serializers.CharField(help_text="Its kind.")
    id = serializers.IntegerField()
    thread = serializers.IntegerField(
        required=False, help_text="The thread that it is or stands in; absent where there is none."
    )
    title = serializers.CharField(help_text="Plain text.")
    snippet = serializers.CharField(help_text="Escaped HTML of about two lines; what was sought stands in <mark>.")
    url = serializers.CharField(help_text="The path of its page.")

    def to_representation(self, found: Found) -> dict[str, Any]:
        answer = super().to_representation(found)
        if answer["thread"] is None:
            del answer["thread"]
        return answer


class SearchView(generics.GenericAPIView):
    """Find things by their words, the best first, at most 200."""

    serializer_class = FoundSerializer
    pagination_class = RankedPages
    filter_backends = ()

    def get_queryset(self) -> Sequence[Found]:
        kind = self.request.query_params.get("type", "")
        if kind and kind not in kinds():
            raise Invalid({"type": _("Nothing of this kind can be searched for.")})
        return find(self.request.user, self.request.query_params.get("q", ""), kind)

    @extend_schema(
        operation_id="search_list",
        parameters=[
            OpenApiParameter("q", str, description="Words; each must be found. No operators, no wildcards."),
            OpenApiParameter(
                "type",
                str,
                description="Only this kind. `thread` finds each thread once, by its title or any of its posts.",
            ),
        ],
        responses={200: FoundSerializer(many=True), 400: OpenApiResponse(description="An unknown `type`.")},
    )
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)
