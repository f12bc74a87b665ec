"""Corroborations of a report: the standing answers, and what they said before."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from kocforum.ui.api.answers import OpIdField, created, validated
from kocforum.ui.api.pages import CursorPagination

from ..actions.corroborations import corroborate, withdraw_corroboration
from ..enums import Stance
from ..models import Corroboration, CorroborationRevision, ObservedCondition, Report
from ..rules.reports import can_corroborate
from .observations import ConditionsField, CountField, CountsSerializer, ObservationSerializer, OwnVehicleField
from .posts import NOT_FOUND


class OldestFirst(CursorPagination):
    ordering = "id"


class CorroborationInput(serializers.Serializer):
    """Another owner's answer with a car of their own. The same vehicle again replaces its standing answer."""

    stance = serializers.ChoiceField(choices=Stance.choices)
    vehicle = OwnVehicleField()
    conditions = ConditionsField(required=False)
    attempts = CountField()
    failures = CountField()
    note = serializers.CharField(max_length=100_000, required=False, allow_blank=True)
    action = serializers.CharField(max_length=200, required=False, allow_blank=True)
    before = CountsSerializer(required=False, allow_null=True)
    after = CountsSerializer(required=False, allow_null=True)
    software_version = serializers.CharField(max_length=40, required=False, allow_blank=True)
    uploads = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=20)
    op_id = OpIdField()


class CorroborationSerializer(serializers.ModelSerializer):
    """A standing answer."""

    report = serializers.IntegerField(source="report_id", read_only=True)
    post = serializers.IntegerField(source="post_id", read_only=True)
    number = serializers.IntegerField(source="post.number", read_only=True)
    author = serializers.CharField(source="author.username", read_only=True, default=None)
    vehicle = serializers.SerializerMethodField()
    note = serializers.CharField(source="post.body", read_only=True)
    conditions = ConditionsField(source="observation", read_only=True)
    attempts = serializers.IntegerField(source="observation.attempts", read_only=True, allow_null=True)
    failures = serializers.IntegerField(source="observation.failures", read_only=True, allow_null=True)
    outcome = serializers.CharField(source="observation.outcome", read_only=True)
    observation = ObservationSerializer(read_only=True)
    before = serializers.SerializerMethodField()
    after = serializers.SerializerMethodField()
    url = serializers.CharField(source="post.get_absolute_url", read_only=True)

    class Meta:
        model = Corroboration
        fields = (
            "id",
            "report",
            "post",
            "number",
            "author",
            "vehicle",
            "stance",
            "conditions",
            "attempts",
            "failures",
            "outcome",
            "observation",
            "note",
            "action",
            "before",
            "after",
            "created_at",
            "changed_at",
            "withdrawn_at",
            "url",
        )
        read_only_fields = fields

    def get_vehicle(self, corroboration: Corroboration) -> int | None:
        """The id of the car, to its owner only."""
        user = self.context["request"].user
        return corroboration.vehicle_id if user.is_authenticated and corroboration.author_id == user.pk else None

    @extend_schema(responses=CountsSerializer(allow_null=True))
    def get_before(self, corroboration: Corroboration) -> dict[str, int | None] | None:
        return _counts(corroboration.before_attempts, corroboration.before_failures)

    @extend_schema(responses=CountsSerializer(allow_null=True))
    def get_after(self, corroboration: Corroboration) -> dict[str, int | None] | None:
        return _counts(corroboration.after_attempts, corroboration.after_failures)


def _counts(attempts: int | None, failures: int | None) -> dict[str, int | None] | None:
    return None if attempts is None else {"attempts": attempts, "failures": failures}


def _report(view: generics.GenericAPIView) -> Report:
    reports = Report.objects.visible_to(view.request.user).select_related(
        "thread__board", "thread__author", "observation", "function"
    )
    return get_object_or_404(reports, pk=view.kwargs["pk"])


class CorroborationList(generics.ListCreateAPIView):
    """Standing answers to a report, in the order they were given. POST answers."""

    serializer_class = CorroborationSerializer
    pagination_class = OldestFirst
    permission_classes = [IsAuthenticatedOrReadOnly]
    queryset = Corroboration.objects.none()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Corroboration.objects.none()
        conditions = Prefetch("observation__conditions", ObservedCondition.objects.select_related("value__dimension"))
        standing = Corroboration.objects.visible_to(self.request.user).standing().filter(report=_report(self))
        return standing.select_related("author", "post", "observation").prefetch_related(conditions)

    @extend_schema(
        request=CorroborationInput,
        responses={201: CorroborationSerializer, 200: CorroborationSerializer, 404: NOT_FOUND},
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        report = _report(self)
        asked = CorroborationInput(data=request.data, context=self.get_serializer_context())
        values = validated(asked, lambda: can_corroborate(request.user, report), _("You cannot answer here."))
        said = corroborate(by=request.user, report=report, **values)
        return created(said, self.get_serializer(said).data)


class CorroborationDetail(generics.GenericAPIView):
    """Withdraw one's own answer."""

    permission_classes = [IsAuthenticatedOrReadOnly]
    serializer_class = CorroborationSerializer
    queryset = Corroboration.objects.none()

    @extend_schema(responses={204: None, 404: NOT_FOUND})
    def delete(self, request: Request, pk: int, corroboration: int) -> Response:
        mine = Corroboration.objects.visible_to(request.user).filter(report=_report(self))
        withdraw_corroboration(by=request.user, corroboration=get_object_or_404(mine, pk=corroboration))
        return Response(status=204)


class CorroborationRevisionSerializer(serializers.ModelSerializer):
    """What an answer said before it was changed."""

    corroboration = serializers.IntegerField(source="corroboration_id", read_only=True)

    class Meta:
        model = CorroborationRevision
        fields = ("id", "corroboration", "said", "replaced_at")


@extend_schema(responses={200: CorroborationRevisionSerializer(many=True), 404: NOT_FOUND})
class ReportCorroborationHistory(generics.ListAPIView):
    """Earlier answers of all of a report's corroborations, the newest first."""

    serializer_class = CorroborationRevisionSerializer
    queryset = CorroborationRevision.objects.none()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return CorroborationRevision.objects.none()
        visible = Corroboration.objects.visible_to(self.request.user).filter(report=_report(self))
        revisions = CorroborationRevision.objects.filter(corroboration__in=visible)
        one = self.kwargs.get("corroboration")
        return revisions.filter(corroboration_id=one) if one else revisions


class CorroborationHistory(ReportCorroborationHistory):
    """Earlier answers of one corroboration, the newest first."""

    @extend_schema(
        operation_id="corroboration_history_list",
        responses={200: CorroborationRevisionSerializer(many=True), 404: NOT_FOUND},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)
