"""Reports as JSON: what is asked and what is answered."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from kocforum.ui.api.answers import OpIdField
from kocforum.ui.api.moments import MomentField

from ..enums import Outcome, PostState, Precision, Severity, Venue
from ..models import Report, ReportRevision
from ..queries.river import river_of_reports
from .observations import ConditionsField, CountField, ObservationSerializer, OwnVehicleField


class PlaceSerializer(serializers.Serializer):
    district = serializers.CharField(max_length=60, required=False, allow_blank=True)
    venue = serializers.ChoiceField(choices=Venue.choices, required=False, allow_blank=True)


class TriedField(serializers.JSONField):
    """A list of words, or of `{action, effect: better|same|worse}`."""

    def to_internal_value(self, data: Any) -> list[Any]:
        value = super().to_internal_value(data)
        if not isinstance(value, list) or not all(isinstance(one, (str, dict)) for one in value):
            raise serializers.ValidationError(_("A list of words, or of {action, effect}."))
        return value


class ReportInput(serializers.Serializer):
    """What happened. Required: function, vehicle, occurred_at, and one of attempt, signal or eight characters of text."""

    function = serializers.CharField(max_length=60)
    failure_mode = serializers.CharField(max_length=60, required=False, allow_blank=True, allow_null=True)
    vehicle = OwnVehicleField()
    occurred_at = MomentField()
    precision = serializers.ChoiceField(choices=Precision.choices, required=False)
    title = serializers.CharField(max_length=120, required=False, allow_blank=True)
    narrative = serializers.CharField(max_length=100_000, required=False, allow_blank=True)
    place = PlaceSerializer(required=False, allow_null=True)
    conditions = ConditionsField(required=False)
    attempts = CountField()
    failures = CountField()
    outcome = serializers.ChoiceField(choices=Outcome.choices, required=False, allow_blank=True)
    signals = serializers.ListField(child=serializers.CharField(max_length=60), required=False, max_length=12)
    severity = serializers.ChoiceField(choices=Severity.choices, required=False, allow_blank=True)
    tried = TriedField(required=False)
    uploads = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=20)
    software_version = serializers.CharField(max_length=40, required=False, allow_blank=True)
    op_id = OpIdField()


class StageSerializer(serializers.Serializer):
    """One stage of the river."""

    key = serializers.CharField()
    label = serializers.CharField()
    state = serializers.ChoiceField(choices=["done", "now", "todo"])
    note = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)


class ReportSerializer(serializers.ModelSerializer):
    """A report as data. Withdrawn ones keep their place and lose their content."""

    thread = serializers.IntegerField(source="thread_id", read_only=True)
    title = serializers.CharField(source="thread.shown_title", read_only=True)
    author = serializers.CharField(source="thread.author.username", read_only=True, default=None)
    state = serializers.CharField(source="thread.state", read_only=True)
    function = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    failure_mode = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    vehicle = serializers.SerializerMethodField()
    narrative = serializers.SerializerMethodField()
    place = PlaceSerializer(source="*", read_only=True)
    observation = ObservationSerializer(read_only=True)
    occurred_at = serializers.DateTimeField(source="observation.occurred_at", read_only=True)
    precision = serializers.CharField(source="observation.precision", read_only=True)
    conditions = ConditionsField(source="observation", read_only=True)
    attempts = serializers.IntegerField(source="observation.attempts", read_only=True, allow_null=True)
    failures = serializers.IntegerField(source="observation.failures", read_only=True, allow_null=True)
    outcome = serializers.CharField(source="observation.outcome", read_only=True)
    software_version = serializers.CharField(source="observation.software_version", read_only=True)
    official_status = serializers.CharField(source="thread.official_status", read_only=True)
    official_note = serializers.CharField(source="thread.official_note", read_only=True)
    river = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Report
        fields = (
            "id",
            "thread",
            "title",
            "author",
            "state",
            "function",
            "failure_mode",
            "vehicle",
            "occurred_at",
            "precision",
            "narrative",
            "place",
            "conditions",
            "attempts",
            "failures",
            "outcome",
            "signals",
            "severity",
            "tried",
            "software_version",
            "completeness",
            "observation",
            "official_status",
            "official_note",
            "river",
            "created_at",
            "withdrawn_at",
            "url",
        )
        read_only_fields = fields

    def get_vehicle(self, report: Report) -> int | None:
        """The id of the car, to its owner only."""
        user = self.context["request"].user
        own = user.is_authenticated and report.thread.author_id == user.pk
        return report.observation.vehicle_id if own else None

    def get_narrative(self, report: Report) -> str:
        opening = report.opening[0] if getattr(report, "opening", None) else report.thread.posts.get(number=1)
        return opening.body if self._readable(report) else ""

    @extend_schema(responses=StageSerializer(many=True))
    def get_river(self, report: Report) -> list[dict[str, Any]]:
        rivers = self.context.setdefault("rivers", {})
        if report.pk not in rivers:
            rivers |= river_of_reports([report])
        return StageSerializer(rivers[report.pk], many=True).data

    def _readable(self, report: Report) -> bool:
        user = self.context["request"].user
        own = user.is_authenticated and report.thread.author_id == user.pk and report.thread.state == PostState.PENDING
        return own or report.thread.state == PostState.VISIBLE

    def to_representation(self, report: Report) -> dict[str, Any]:
        said = super().to_representation(report)
        if not self._readable(report):
            kept = {"id", "thread", "state", "created_at", "withdrawn_at", "url"}
            said = {name: value if name in kept else _emptied(value) for name, value in said.items()}
        return said


def _emptied(value: Any) -> Any:
    return {str: "", list: [], dict: {}, int: None}.get(type(value))


class ReportChange(serializers.Serializer):
    """Fields to change; each keeps a history of its own."""

    function = serializers.CharField(max_length=60, required=False)
    failure_mode = serializers.CharField(max_length=60, required=False, allow_blank=True, allow_null=True)
    vehicle = OwnVehicleField(required=False)
    occurred_at = MomentField(required=False)
    precision = serializers.ChoiceField(choices=Precision.choices, required=False)
    title = serializers.CharField(max_length=120, required=False, allow_blank=True)
    narrative = serializers.CharField(max_length=100_000, required=False, allow_blank=True)
    place = PlaceSerializer(required=False, allow_null=True)
    conditions = ConditionsField(required=False)
    attempts = CountField()
    failures = CountField()
    outcome = serializers.ChoiceField(choices=Outcome.choices, required=False, allow_blank=True)
    signals = serializers.ListField(child=serializers.CharField(max_length=60), required=False, max_length=12)
    severity = serializers.ChoiceField(choices=Severity.choices, required=False, allow_blank=True)
    tried = TriedField(required=False)
    uploads = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=20)
    software_version = serializers.CharField(max_length=40, required=False, allow_blank=True)


class ReportRevisionSerializer(serializers.ModelSerializer):
    """One field changed."""

    by = serializers.CharField(source="by.username", read_only=True, default=None)

    class Meta:
        model = ReportRevision
        fields = ("id", "field", "before", "after", "by", "at")
