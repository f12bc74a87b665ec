"""How an event was, and what came of an initiative, in JSON."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kocforum.ui.api.answers import validated

from ..actions.initiative_reports import report, tell_how_it_was
from ..models import Feedback, Initiative, InitiativeReport
from ..rules.initiative_reports import can_report, can_tell_how_it_was
from .events import event_or_404


class FeedbackInput(serializers.Serializer):
    """0 never, 10 by all means; a line if one likes."""

    recommend = serializers.IntegerField(min_value=0, max_value=10)
    words = serializers.CharField(max_length=600, required=False, allow_blank=True, default="")


class FeedbackSerializer(serializers.ModelSerializer):
    """What I said. Nobody else reads it with my name."""

    class Meta:
        model = Feedback
        fields = ("recommend", "words", "at")
        read_only_fields = fields


class FeedbackOf(APIView):
    """How an event was: POST says it (who came), said again it replaces the answer before."""

    @extend_schema(request=FeedbackInput, responses=FeedbackSerializer)
    def post(self, request: Request, pk: int) -> Response:
        found = event_or_404(request.user, pk)
        sentence = _("Whoever came says how it was.")
        said = validated(FeedbackInput(data=request.data), lambda: can_tell_how_it_was(request.user, found), sentence)
        return Response(FeedbackSerializer(tell_how_it_was(by=request.user, event=found, **said)).data)


class InitiativeReportInput(serializers.Serializer):
    """What happened, what the next one should know, own uploads by number."""

    story = serializers.CharField(max_length=6000)
    lessons = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    uploads = serializers.ListField(child=serializers.IntegerField(min_value=1), required=False, max_length=30)


class InitiativeReportSerializer(serializers.ModelSerializer):
    """What came of an initiative. `nps` is [points, margin], null below five answers; `came` is null where nobody kept a gate."""

    by = serializers.CharField(source="by.username", read_only=True, allow_null=True, default=None)
    numbers = serializers.DictField(read_only=True)

    class Meta:
        model = InitiativeReport
        fields = ("story", "lessons", "numbers", "by", "at")
        read_only_fields = fields


class InitiativeReportOf(APIView):
    """What came of an initiative: GET reads it, POST tells it (who leads it), once all its events are over."""

    @extend_schema(responses=InitiativeReportSerializer)
    def get(self, request: Request, pk: int) -> Response:
        told = InitiativeReport.objects.visible_to(request.user).select_related("by")
        return Response(InitiativeReportSerializer(get_object_or_404(told, initiative=pk)).data)

    @extend_schema(request=InitiativeReportInput, responses=InitiativeReportSerializer)
    def post(self, request: Request, pk: int) -> Response:
        found = get_object_or_404(Initiative.objects.visible_to(request.user), pk=pk)
        sentence = _("Who leads it tells what came of it.")
        said = validated(InitiativeReportInput(data=request.data), lambda: can_report(request.user, found), sentence)
        return Response(InitiativeReportSerializer(report(by=request.user, initiative=found, **said)).data)
