"""Topics, their reports, their lens."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from kocforum.errors import require
from kocforum.ui.api.answers import OpIdField, created, validated
from kocforum.ui.api.pages import CursorPagination

from ..actions.topics import link_report, open_topic, write_claim
from ..models import Report, Topic
from ..queries.lens import lens_of_topic
from ..rules.topics import can_change_topic, can_open_topic
from .posts import NOT_FOUND
from .report_shapes import ReportSerializer
from .reports import reports_to_show, with_context

HOST_ONLY = _("Only the host of this topic can do this.")


class TopicSerializer(serializers.ModelSerializer):
    """A common topic."""

    function = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    failure_mode = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    host = serializers.CharField(source="host.username", read_only=True, default=None)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Topic
        fields = (
            "id",
            "title",
            "function",
            "failure_mode",
            "claim",
            "summary",
            "revision",
            "host",
            "state",
            "official_status",
            "official_note",
            "created_at",
            "changed_at",
            "url",
        )
        read_only_fields = fields


class TopicInput(serializers.Serializer):
    """A new topic. `failure_mode` is a slug of that function."""

    title = serializers.CharField(max_length=120)
    function = serializers.CharField(max_length=60)
    failure_mode = serializers.CharField(max_length=60, required=False, allow_blank=True, allow_null=True)
    claim = serializers.CharField(max_length=600)
    op_id = OpIdField()


class TopicChange(serializers.Serializer):
    """A new wording, by the revision that was read."""

    title = serializers.CharField(max_length=120, required=False)
    claim = serializers.CharField(max_length=600, required=False)
    revision = serializers.IntegerField(required=False)


class TopicList(generics.ListCreateAPIView):
    """Topics, the newest first. POST opens one (KOCs, and staff who look after the community)."""

    serializer_class = TopicSerializer
    permission_classes = [IsAuthenticatedOrReadOnly]
    queryset = Topic.objects.none()

    def get_queryset(self):
        return Topic.objects.visible_to(self.request.user).select_related("function", "failure_mode", "host")

    @extend_schema(request=TopicInput, responses={201: TopicSerializer, 200: TopicSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = TopicInput(data=request.data)
        values = validated(asked, lambda: can_open_topic(request.user), _("You cannot open a topic here."))
        values["failure_mode"] = values.get("failure_mode") or ""
        topic = open_topic(by=request.user, **values)
        return created(topic, self.get_serializer(topic).data)


class TopicDetail(generics.GenericAPIView):
    """One topic."""

    serializer_class = TopicSerializer
    permission_classes = [IsAuthenticatedOrReadOnly]
    queryset = Topic.objects.none()

    def get_queryset(self):
        return Topic.objects.visible_to(self.request.user).select_related("function", "failure_mode", "host")

    @extend_schema(responses={200: TopicSerializer, 404: NOT_FOUND})
    def get(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=TopicChange, responses={200: TopicSerializer, 404: NOT_FOUND})
    def patch(self, request: Request, pk: int) -> Response:
        topic = self.get_object()
        asked = TopicChange(data=request.data)
        values = validated(asked, lambda: can_change_topic(request.user, topic), HOST_ONLY)
        said = {"title": topic.title, "claim": topic.claim, **values}
        return Response(self.get_serializer(write_claim(by=request.user, topic=topic, **said)).data)


class TopicLinkInput(serializers.Serializer):
    report = serializers.IntegerField()
    op_id = OpIdField()


class LinkedReport(serializers.Serializer):
    """The link that was made."""

    topic = serializers.IntegerField(source="topic_id")
    report = serializers.IntegerField(source="report_id")
    linked_at = serializers.DateTimeField()


class OldestFirst(CursorPagination):
    ordering = "id"


class TopicReports(generics.GenericAPIView):
    """Reports under a topic. POST links one: it keeps its own thread."""

    serializer_class = ReportSerializer
    pagination_class = OldestFirst
    permission_classes = [IsAuthenticatedOrReadOnly]
    queryset = Report.objects.none()

    def _topic(self) -> Topic:
        return get_object_or_404(Topic.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    @extend_schema(responses={200: ReportSerializer(many=True), 404: NOT_FOUND})
    def get(self, request: Request, pk: int) -> Response:
        links = self._topic().links.filter(unlinked_at__isnull=True)
        page = self.paginate_queryset(reports_to_show(request.user).filter(pk__in=links.values("report")))
        return self.get_paginated_response(ReportSerializer(page, many=True, context=with_context(self, page)).data)

    @extend_schema(request=TopicLinkInput, responses={201: LinkedReport, 200: LinkedReport, 404: NOT_FOUND})
    def post(self, request: Request, pk: int) -> Response:
        topic = self._topic()
        asked = TopicLinkInput(data=request.data)
        values = validated(asked, lambda: can_change_topic(request.user, topic), HOST_ONLY)
        reports = Report.objects.visible_to(request.user).select_related("thread")
        report = reports.filter(pk=values["report"]).first()
        if report is None:
            require(can_change_topic(request.user, topic), HOST_ONLY)
            raise Http404
        link = link_report(by=request.user, topic=topic, report=report, op_id=values.get("op_id"))
        return created(link, LinkedReport(link).data)


class RateField(serializers.ListField):
    """[estimate, low, high]; null where there is nothing to estimate."""

    child = serializers.FloatField(allow_null=True)


class ArmSerializer(serializers.Serializer):
    failing = serializers.IntegerField()
    fine = serializers.IntegerField()
    rate = RateField()


class BothLanguages(serializers.Serializer):
    zh = serializers.CharField()
    en = serializers.CharField()


_Adjusted = type(
    "AdjustedSerializer",
    (serializers.Serializer,),
    {"for": serializers.CharField(), "odds_ratio": RateField(), "p": serializers.FloatField(allow_null=True)},
)

_LensCondition = type(
    "LensConditionSerializer",
    (serializers.Serializer,),
    {
        "dimension": serializers.CharField(),
        "value": serializers.CharField(),
        "label": BothLanguages(),
        "with": ArmSerializer(),
        "without": ArmSerializer(),
        "unobserved": serializers.IntegerField(),
        "risk_ratio": RateField(),
        "odds_ratio": RateField(),
        "risk_difference": RateField(),
        "p": serializers.FloatField(),
        "q": serializers.FloatField(),
        "importance": serializers.FloatField(),
        "adjusted": _Adjusted(allow_null=True),
        "level": serializers.ChoiceField(choices=["L0", "L1", "L2", "L3"]),
        "flags": serializers.ListField(child=serializers.CharField()),
        "sentence": BothLanguages(),
    },
)


class LensSerializer(serializers.Serializer):
    """Which conditions go with failing, strongest first. `cars` is a run of its own over model and version."""

    owners = serializers.IntegerField()
    observations = serializers.IntegerField()
    failing = serializers.IntegerField()
    fine = serializers.IntegerField()
    tests = serializers.IntegerField()
    compared_with_other_failures = serializers.BooleanField()
    summary = BothLanguages()
    disclaimer = BothLanguages()
    conditions = _LensCondition(many=True)
    cars = _LensCondition(many=True)


class TopicLens(generics.GenericAPIView):
    """The condition lens of a topic."""

    serializer_class = LensSerializer
    permission_classes = [IsAuthenticatedOrReadOnly]
    queryset = Topic.objects.none()

    @extend_schema(responses={200: LensSerializer, 404: NOT_FOUND})
    def get(self, request: Request, pk: int) -> Response:
        topics = Topic.objects.visible_to(request.user).select_related("function", "failure_mode")
        return Response(lens_of_topic(get_object_or_404(topics, pk=pk)))
