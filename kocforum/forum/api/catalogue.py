"""Dimensions and their values."""

from __future__ import annotations

from rest_framework import generics, serializers

from ..models import Dimension, DimensionValue
from ..queries.dimensions import dimensions_with_values
from .posts import ByPosition


class DimensionValueSerializer(serializers.ModelSerializer):
    class Meta:
        model = DimensionValue
        fields = ("slug", "name", "name_en")


class DimensionSerializer(serializers.ModelSerializer):
    """A dimension goes with any function. `several`: more than one value may hold at once."""

    values = DimensionValueSerializer(many=True, read_only=True)

    class Meta:
        model = Dimension
        fields = ("slug", "name", "name_en", "several", "values")


class DimensionList(generics.ListAPIView):
    """Conditions that an observation may name."""

    serializer_class = DimensionSerializer
    pagination_class = ByPosition
    queryset = Dimension.objects.none()

    def get_queryset(self):
        return dimensions_with_values()
