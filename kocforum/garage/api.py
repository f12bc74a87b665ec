"""The garage and its catalogue as JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from kocforum.ui.api.answers import OpIdField, created
from kocforum.ui.api.moments import DayField
from kocforum.ui.api.pages import CursorPagination

from . import actions
from .models import FailureMode, Function, Vehicle, VehicleModel
from .queries import functions_flat, in_garage, versions_now

NOT_FOUND = OpenApiResponse(description="There is no such car in your garage.")


class ByPosition(CursorPagination):
    ordering = ("position", "id")


class VehicleSerializer(serializers.ModelSerializer):
    """A car of one's own. `model` is a slug of the catalogue or any other words; so is `software_version`."""

    model = serializers.CharField(max_length=60)
    trim = serializers.CharField(max_length=60, required=False, allow_blank=True)
    software_version = serializers.CharField(max_length=40, required=False, allow_blank=True)
    installed_on = DayField(required=False, allow_null=True, write_only=True)
    op_id = OpIdField()

    class Meta:
        model = Vehicle
        fields = (
            "id",
            "model",
            "trim",
            "year",
            "software_version",
            "installed_on",
            "mileage_km",
            "is_default",
            "created_at",
            "op_id",
        )
        read_only_fields = ("is_default", "created_at")

    def to_representation(self, car: Vehicle) -> dict[str, Any]:
        installed = getattr(car, "version_now", None)
        if installed is None:
            newest = car.installed_versions.first()
            installed = newest.version if newest else ""
        return {
            "id": car.pk,
            "model": car.model.slug if car.model_id else car.model_text,
            "trim": car.trim,
            "year": car.year,
            "software_version": installed,
            "mileage_km": car.mileage_km,
            "is_default": car.is_default,
            "created_at": serializers.DateTimeField().to_representation(car.created_at),
        }


class VehicleList(generics.ListCreateAPIView):
    """My garage."""

    serializer_class = VehicleSerializer
    permission_classes = [IsAuthenticated]
    queryset = Vehicle.objects.none()

    def get_queryset(self):
        return in_garage(self.request.user)

    @extend_schema(responses={201: VehicleSerializer, 200: VehicleSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        car = actions.add_vehicle(by=request.user, **asked.validated_data)
        return created(car, self.get_serializer(car).data)


class VehicleDetail(generics.GenericAPIView):
    """One car: read it, correct it, note an update, let it go."""

    serializer_class = VehicleSerializer
    permission_classes = [IsAuthenticated]
    queryset = Vehicle.objects.none()

    def get_queryset(self):
        return versions_now(Vehicle.objects.visible_to(self.request.user).in_garage().select_related("model"))

    @extend_schema(responses={200: VehicleSerializer, 404: NOT_FOUND})
    def get(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(responses={200: VehicleSerializer, 404: NOT_FOUND})
    def patch(self, request: Request, pk: int) -> Response:
        car = self.get_object()
        asked = self.get_serializer(car, data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        values = dict(asked.validated_data)
        values.pop("op_id", None)
        version, day = values.pop("software_version", ""), values.pop("installed_on", None)
        if values:
            actions.edit_vehicle(by=request.user, vehicle=car, **values)
        if version:
            actions.install_version(by=request.user, vehicle=car, version=version, installed_on=day)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(responses={204: None, 404: NOT_FOUND})
    def delete(self, request: Request, pk: int) -> Response:
        actions.let_go(by=request.user, vehicle=self.get_object())
        return Response(status=204)


class VehicleModelSerializer(serializers.ModelSerializer):
    class Meta:
        model = VehicleModel
        fields = ("slug", "name", "name_en", "trims", "versions")

    trims = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)
    versions = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)


class VehicleModelList(generics.ListAPIView):
    """Models of the catalogue."""

    serializer_class = VehicleModelSerializer
    permission_classes = [AllowAny]
    pagination_class = ByPosition
    queryset = VehicleModel.objects.prefetch_related("trims", "versions")


class FailureModeSerializer(serializers.ModelSerializer):
    class Meta:
        model = FailureMode
        fields = ("slug", "name", "name_en")


class FunctionSerializer(serializers.ModelSerializer):
    """A function with its failure modes, flat; `parent` is a slug."""

    parent = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    failure_modes = FailureModeSerializer(many=True, read_only=True)

    class Meta:
        model = Function
        fields = ("slug", "name", "name_en", "parent", "failure_modes")


class FunctionList(generics.ListAPIView):
    """Functions of the catalogue."""

    serializer_class = FunctionSerializer
    permission_classes = [AllowAny]
    pagination_class = ByPosition
    queryset = Function.objects.none()

    def get_queryset(self):
        return functions_flat()
