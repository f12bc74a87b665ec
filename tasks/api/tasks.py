"""My inbox over all forms."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticated

from kocforum.ui.api.moments import DayField
from kocforum.ui.api.pages import CursorPagination

from ..models import Outcome, Task
from ..queries.inbox import done, waiting


class Soonest(CursorPagination):
    ordering = ("closes_at", "id")


class OutcomeSerializer(serializers.ModelSerializer):
    """What came of a task."""

    class Meta:
        model = Outcome
        fields = ("label", "url", "state", "note", "at")
        read_only_fields = fields


class TaskSerializer(serializers.ModelSerializer):
    """One thing that the brand asks of me, or that I took part in."""

    minutes = serializers.FloatField(read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)
    took_part_on = DayField(read_only=True, allow_null=True, default=None)
    outcomes = OutcomeSerializer(many=True, read_only=True)

    class Meta:
        model = Task
        fields = (
            "id",
            "form",
            "goal",
            "title",
            "why",
            "decision",
            "state",
            "minutes",
            "opens_at",
            "closes_at",
            "took_part_on",
            "outcomes",
            "url",
        )
        read_only_fields = fields


@extend_schema(
    parameters=[
        OpenApiParameter(
            "show", str, enum=["waiting", "done"], description="What waits for me (as given), or what I took part in."
        )
    ]
)
class Inbox(generics.ListAPIView):
    """What waits for me over all forms, the first end first; with `show=done` what I took part in and what came of it."""

    serializer_class = TaskSerializer
    pagination_class = Soonest
    permission_classes = [IsAuthenticated]
    queryset = Task.objects.none()

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Task.objects.none()
        show = self.request.query_params.get("show", "waiting")
        if show not in {"waiting", "done"}:
            raise serializers.ValidationError({"show": ["waiting, done"]})
        found = done(self.request.user) if show == "done" else waiting(self.request.user).prefetch_related("outcomes")
        return found.order_by("closes_at", "pk")
