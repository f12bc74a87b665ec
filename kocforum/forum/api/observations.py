"""Fields that every observation has in JSON."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kocforum.errors import Invalid
from kocforum.garage.models import Vehicle

from ..actions.observations import checked_counts
from ..models import Observation


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        "description": "{dimension: value or list of values}, in slugs. A dimension left out was not observed.",
    }
)
class ConditionsField(serializers.Field):
    """`{dimension: value | [values]}` in, lists of slugs out."""

    # Raised and not given to `fail`, which would take the braces for a place to fill.
    wrong_shape = _("Conditions are {dimension: value or list of values}.")

    def to_internal_value(self, data: Any) -> dict[str, list[str]]:
        if not isinstance(data, dict) or len(data) > 100:
            raise serializers.ValidationError(self.wrong_shape)
        said = {}
        for dimension, value in data.items():
            values = value if isinstance(value, list) else [value]
            if len(values) > 50 or not all(
                isinstance(one, str) and len(one) <= 60 and one.isprintable() for one in (dimension, *values)
            ):
                raise serializers.ValidationError(self.wrong_shape)
            said[str(dimension)] = values
        return said

    def to_representation(self, observation: Observation) -> dict[str, list[str]]:
        said: dict[str, list[str]] = {}
        for row in observation.conditions.all():
            said.setdefault(row.value.dimension.slug, []).append(row.value.slug)
        return said


@extend_schema_field({"type": "integer", "description": "The id of a car in your garage."})
class OwnVehicleField(serializers.PrimaryKeyRelatedField):
    """The id of a car in the caller's garage."""

    def get_queryset(self):
        request = self.context.get("request")
        return Vehicle.objects.visible_to(request.user).in_garage() if request else Vehicle.objects.none()


class CountField(serializers.IntegerField):
    """A count, never negative, never beyond reason."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": 10_000, "required": False, "allow_null": True, **kwargs})


class CountsSerializer(serializers.Serializer):
    """So many attempts, so many of them failed."""

    attempts = CountField()
    failures = CountField()

    def validate(self, counts: dict[str, int | None]) -> dict[str, int | None]:
        try:
            checked_counts(counts.get("attempts"), counts.get("failures"))
        except Invalid as refused:
            raise serializers.ValidationError(refused.fields) from refused
        return counts


class ObservationSerializer(serializers.ModelSerializer):
    """What was seen, with the car as it was then."""

    model = serializers.CharField(source="model_name", read_only=True)
    conditions = ConditionsField(source="*", read_only=True)

    class Meta:
        model = Observation
        fields = (
            "model",
            "trim",
            "year",
            "software_version",
            "mileage_km",
            "occurred_at",
            "precision",
            "conditions",
            "attempts",
            "failures",
            "outcome",
        )
        read_only_fields = fields
