"""Reports: tell, read, amend one field, read the history."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from kocforum.errors import Forbidden, Invalid, require
from kocforum.text import clean_line
from kocforum.ui.api.answers import created, validated

from ..actions.amendments import amend_report
from ..actions.reports import tell_report, withdraw_report
from ..enums import Outcome, PostState
from ..models import ObservedCondition, Post, Report, ReportRevision
from ..queries.river import river_of_reports
from ..rules.reports import can_amend_report, can_tell_report
from .posts import NOT_FOUND
from .report_shapes import ReportChange, ReportInput, ReportRevisionSerializer, ReportSerializer


def reports_to_show(user):
    """Reports with everything that their JSON needs, without a query per row."""
    opening = Prefetch("thread__posts", Post.objects.filter(number=1), to_attr="opening_posts")
    conditions = Prefetch(
        "observation__conditions",
        ObservedCondition.objects.select_related("value__dimension").order_by(
            "value__dimension__position", "value__position"
        ),
    )
    reports = Report.objects.visible_to(user).select_related(
        "thread__author", "thread__board", "observation", "function", "failure_mode"
    )
    return reports.prefetch_related(opening, conditions)


def with_context(view: generics.GenericAPIView, reports: list[Report]) -> dict[str, Any]:
    for report in reports:
        report.opening = report.thread.opening_posts
    return {**view.get_serializer_context(), "rivers": river_of_reports(reports)}


@extend_schema(
    parameters=[
        OpenApiParameter("function", str, description="Slug of a function."),
        OpenApiParameter("model", str, description="Slug of a model."),
        OpenApiParameter("version", str, description="Software version."),
        OpenApiParameter("outcome", str, enum=list(Outcome.values)),
    ]
)
class ReportList(generics.ListCreateAPIView):
    """Reports, the newest first. POST tells one."""

    serializer_class = ReportSerializer
    permission_classes = [IsAuthenticatedOrReadOnly]
    queryset = Report.objects.none()

    def get_queryset(self):
        reports = reports_to_show(self.request.user).filter(thread__state=PostState.VISIBLE)
        lookups = {
            "function": "function__slug",
            "model": "observation__model__slug__iexact",
            "version": "observation__software_version",
            "outcome": "observation__outcome",
        }
        asked = self.request.query_params
        return reports.filter(**{lookup: asked[name] for name, lookup in lookups.items() if asked.get(name)})

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        said = ReportSerializer(page, many=True, context=with_context(self, page)).data
        return self.get_paginated_response(said)

    @extend_schema(request=ReportInput, responses={201: ReportSerializer, 200: ReportSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = ReportInput(data=request.data, context=self.get_serializer_context())
        values = validated(asked, lambda: can_tell_report(request.user), _("You cannot report here."))
        values["failure_mode"] = values.get("failure_mode") or ""
        report = tell_report(by=request.user, **values)
        return created(report, self.get_serializer(report).data)


class ReportDetail(generics.GenericAPIView):
    """One report: read it, amend it, withdraw it."""

    serializer_class = ReportSerializer
    permission_classes = [IsAuthenticatedOrReadOnly]
    queryset = Report.objects.none()

    def get_queryset(self):
        return reports_to_show(self.request.user)

    @extend_schema(responses={200: ReportSerializer, 404: NOT_FOUND})
    def get(self, request: Request, pk: int) -> Response:
        return Response(self._said(pk))

    def _said(self, pk: int) -> dict[str, Any]:
        report = get_object_or_404(self.get_queryset(), pk=pk)
        return ReportSerializer(report, context=with_context(self, [report])).data

    @extend_schema(request=ReportChange, responses={200: ReportSerializer, 404: NOT_FOUND})
    def patch(self, request: Request, pk: int) -> Response:
        report = get_object_or_404(self.get_queryset(), pk=pk)
        require(can_amend_report(request.user, report), _("You can change your own reports only."), Forbidden)
        asked = ReportChange(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        unknown = set(request.data) - set(asked.fields)
        if unknown:
            raise Invalid({clean_line(name): _("A report has no such field.") for name in sorted(unknown)})
        changes = dict(asked.validated_data)
        with transaction.atomic():
            counts = {name: changes.pop(name) for name in ("attempts", "failures", "outcome") if name in changes}
            if len(counts) == 1:
                changes |= counts
            elif counts:
                changes["counts"] = counts
            for field, value in changes.items():
                amend_report(by=request.user, report=report, field=field, value=value)
        return Response(self._said(pk))

    @extend_schema(responses={204: None, 404: NOT_FOUND})
    def delete(self, request: Request, pk: int) -> Response:
        withdraw_report(by=request.user, report=get_object_or_404(self.get_queryset(), pk=pk))
        return Response(status=204)


@extend_schema(responses={200: ReportRevisionSerializer(many=True), 404: NOT_FOUND})
class ReportHistory(generics.ListAPIView):
    """What was changed in a report, the newest first."""

    serializer_class = ReportRevisionSerializer
    queryset = ReportRevision.objects.none()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return ReportRevision.objects.none()
        report = get_object_or_404(Report.objects.visible_to(self.request.user), pk=self.kwargs["pk"])
        if report.thread.state != PostState.VISIBLE and report.thread.author_id != self.request.user.pk:
            return ReportRevision.objects.none()
        return report.revisions.select_related("by")
