"""Incidents at an event in JSON: read them, report one, add to one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from kocforum.errors import Forbidden, require
from kocforum.ui.api.answers import OpIdField, created, validated
from kocforum.ui.api.moments import MomentField
from kocforum.ui.api.pages import CursorPagination

from ..actions.incidents import add_to_incident, report_incident
from ..enums import IncidentKind
from ..models import Incident, IncidentAddition
from ..queries.incidents import incidents_seen_by
from ..rules.incidents import MOST_INVOLVED, MOST_WORDS, can_read_incidents, can_report_incident
from .events import event_or_404


class AdditionSerializer(serializers.ModelSerializer):
    """What was known later."""

    by = serializers.CharField(source="by.username", read_only=True)

    class Meta:
        model = IncidentAddition
        fields = ("id", "by", "words", "at")
        read_only_fields = fields


class IncidentSerializer(serializers.ModelSerializer):
    """A report. `recorded`: how many people the gate had recorded when it was filed; what stood then stays."""

    reporter = serializers.CharField(source="reporter.username", read_only=True)
    additions = AdditionSerializer(many=True, read_only=True)

    class Meta:
        model = Incident
        fields = (
            "id", "event", "reporter", "kind", "happened_at", "what", "done", "people", "doctor", "police", "recorded", "filed_at",
            "additions",
        )  # fmt: skip
        read_only_fields = fields


class IncidentInput(serializers.Serializer):
    """What happened, seen and not guessed. It is only added to."""

    kind = serializers.ChoiceField(choices=IncidentKind.choices)
    happened_at = MomentField()
    what = serializers.CharField(max_length=MOST_WORDS)
    done = serializers.CharField(max_length=MOST_WORDS, required=False, allow_blank=True, default="")
    people = serializers.IntegerField(min_value=0, max_value=MOST_INVOLVED, required=False, default=0)
    doctor = serializers.BooleanField(required=False, default=False)
    police = serializers.BooleanField(required=False, default=False)
    op_id = OpIdField()


class Incidents(generics.ListCreateAPIView):
    """What went wrong at an event, the newest first: for its crew and for approvers. POST reports (the crew), and from then on who was
    there stays as it stands."""

    serializer_class = IncidentSerializer
    pagination_class = CursorPagination
    queryset = Incident.objects.none()
    permission_classes = [IsAuthenticated]

    def get_queryset(self) -> QuerySet[Incident]:
        if getattr(self, "swagger_fake_view", False):
            return Incident.objects.none()
        found = event_or_404(self.request.user, self.kwargs["pk"])
        if not can_read_incidents(self.request.user, found):
            raise Forbidden(_("Incidents are read by the crew of the event and by approvers."))
        return incidents_seen_by(self.request.user).filter(event=found)

    @extend_schema(request=IncidentInput, responses={201: IncidentSerializer, 200: IncidentSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = event_or_404(request.user, self.kwargs["pk"])
        sentence = _("The crew of an event reports what happened there.")
        require(can_report_incident(request.user, found), sentence)
        said = validated(IncidentInput(data=request.data), lambda: True, sentence)
        made = report_incident(by=request.user, event=found, **said)
        told = incidents_seen_by(request.user).get(pk=made.pk)
        told.replayed = getattr(made, "replayed", False)
        return created(told, self.get_serializer(told).data)


class AdditionInput(serializers.Serializer):
    """What is known by now."""

    words = serializers.CharField(max_length=MOST_WORDS)
    op_id = OpIdField()


class Additions(generics.GenericAPIView):
    """Add to a report (the crew)."""

    serializer_class = AdditionSerializer
    queryset = IncidentAddition.objects.none()
    permission_classes = [IsAuthenticated]

    @extend_schema(request=AdditionInput, responses={201: AdditionSerializer, 200: AdditionSerializer})
    def post(self, request: Request, pk: int, incident: int) -> Response:
        found = event_or_404(request.user, pk)
        told = get_object_or_404(incidents_seen_by(request.user).filter(event=found), pk=incident)
        told.event = found
        sentence = _("The crew of an event reports what happened there.")
        said = validated(AdditionInput(data=request.data), lambda: can_report_incident(request.user, found), sentence)
        added = add_to_incident(by=request.user, incident=told, **said)
        return created(added, self.get_serializer(added).data)
