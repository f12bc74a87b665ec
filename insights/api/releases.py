"""Releases: public ones for everybody; staff make them, start betas and publish."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response

from kocforum.errors import Conflict, Invalid, require
from kocforum.garage.models import VehicleModel
from kocforum.garage.queries import match_model
from kocforum.ui.api.answers import OpIdField, created

from ..actions.releases import answer_ticket, create_release, edit_release, publish_release, start_beta
from ..enums import ReleaseKind, ReleaseState
from ..models import Release, Ticket
from ..rules.releases import can_release
from ..rules.tickets import can_see_desk

NOT_FOUND = OpenApiResponse(description="There is no such thing, or you may not see it.")


class ReleaseSerializer(serializers.ModelSerializer):
    """A release. `tickets` are told to staff alone."""

    version = serializers.CharField(source="version_name", read_only=True)
    models = serializers.SlugRelatedField(source="vehicle_models", slug_field="slug", many=True, read_only=True)
    tickets = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Release
        fields = (
            "id",
            "kind",
            "version",
            "title",
            "title_en",
            "announcement",
            "announcement_en",
            "announcement_html",
            "announcement_en_html",
            "models",
            "state",
            "beta_at",
            "public_at",
            "tickets",
            "url",
        )
        read_only_fields = fields

    def get_tickets(self, release: Release) -> list[int] | None:
        """Numbers of the tickets that it answers; null for whoever is not staff."""
        user = self.context["request"].user
        if not can_see_desk(user):
            return None
        seen = self.context.setdefault("tickets", set(Ticket.objects.visible_to(user).values_list("pk", flat=True)))
        return sorted(row.ticket_id for row in release.answers.all() if row.ticket_id in seen)


class ReleaseInput(serializers.Serializer):
    """A software version, or a measure that has a title only."""

    kind = serializers.ChoiceField(choices=ReleaseKind.choices, required=False)
    version = serializers.CharField(max_length=40, required=False, allow_blank=True)
    title = serializers.CharField(max_length=120, required=False, allow_blank=True)
    title_en = serializers.CharField(max_length=120, required=False, allow_blank=True)
    announcement = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    announcement_en = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    models = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=100)
    tickets = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=100)
    op_id = OpIdField()


class ReleaseChange(ReleaseInput):
    """Words, models, tickets; `state` starts the beta or publishes."""

    state = serializers.ChoiceField(choices=ReleaseState.choices, required=False)
    op_id = None


def _models(slugs: list[str]) -> list[VehicleModel]:
    found = {slug: match_model(slug) for slug in slugs}
    for slug, model in found.items():
        if model is None:
            raise Invalid({"models": _("There is no model %(slug)s.") % {"slug": slug}})
    return list(dict.fromkeys(found.values()))


def _tickets(user: Any, numbers: list[int]) -> list[Ticket]:
    found = Ticket.objects.visible_to(user).in_bulk([number for number in numbers if 0 < number < 2**63])
    for number in numbers:
        if number not in found:
            raise Invalid({"tickets": _("There is no ticket %(number)s.") % {"number": number}})
    return [found[number] for number in dict.fromkeys(numbers)]


def _values(user: Any, said: dict[str, Any]) -> dict[str, Any]:
    values = {
        name: said[name]
        for name in ("kind", "version", "title", "title_en", "announcement", "announcement_en")
        if name in said
    }
    if "models" in said:
        values["vehicle_models"] = _models(said["models"])
    return values


def releases_to_show(user: Any):
    """Releases with everything that their JSON needs."""
    return Release.objects.visible_to(user).select_related("version").prefetch_related("vehicle_models", "answers")


class ReleaseList(generics.ListCreateAPIView):
    """Releases, the newest first. POST prepares one, as a draft."""

    serializer_class = ReleaseSerializer
    permission_classes = [IsAuthenticatedOrReadOnly]
    queryset = Release.objects.none()

    def get_queryset(self):
        return releases_to_show(self.request.user)

    @extend_schema(request=ReleaseInput, responses={201: ReleaseSerializer, 200: ReleaseSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        require(can_release(request.user), _("Only researchers make releases."))
        asked = ReleaseInput(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        release = create_release(
            by=request.user,
            op_id=said.get("op_id"),
            tickets=_tickets(request.user, said.get("tickets", [])),
            **_values(request.user, said),
        )
        return created(release, self.get_serializer(release).data)


class ReleaseDetail(generics.GenericAPIView):
    """One release. PATCH changes words and tickets; with `state` it starts the beta, or publishes."""

    serializer_class = ReleaseSerializer
    permission_classes = [IsAuthenticatedOrReadOnly]
    queryset = Release.objects.none()

    def get_queryset(self):
        return releases_to_show(self.request.user)

    @extend_schema(responses={200: ReleaseSerializer, 404: NOT_FOUND})
    def get(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(get_object_or_404(self.get_queryset(), pk=pk)).data)

    @extend_schema(request=ReleaseChange, responses={200: ReleaseSerializer, 404: NOT_FOUND})
    def patch(self, request: Request, pk: int) -> Response:
        release = get_object_or_404(self.get_queryset(), pk=pk)
        require(can_release(request.user), _("Only researchers make releases."))
        asked = ReleaseChange(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        if values := _values(request.user, said):
            release = edit_release(by=request.user, release=release, **values)
        for ticket in _tickets(request.user, said.get("tickets", [])):
            answer_ticket(by=request.user, release=release, ticket=ticket)
        _go_on(request.user, release, said.get("state"))
        return self.get(request, pk)


class BetaStart(generics.GenericAPIView):
    """Offer the release to those who told, before everybody else."""

    serializer_class = ReleaseSerializer
    permission_classes = [IsAuthenticatedOrReadOnly]
    queryset = Release.objects.none()
    to = ReleaseState.BETA

    @extend_schema(request=None, responses={200: ReleaseSerializer, 404: NOT_FOUND})
    def post(self, request: Request, pk: int) -> Response:
        release = get_object_or_404(releases_to_show(request.user), pk=pk)
        _go_on(request.user, release, self.to)
        return Response(self.get_serializer(releases_to_show(request.user).get(pk=pk)).data)


class Publication(BetaStart):
    """Make the release public: owners may verify, and everybody concerned hears of it."""

    to = ReleaseState.PUBLIC


def _go_on(user: Any, release: Release, to: str | None) -> None:
    if to == ReleaseState.BETA:
        start_beta(by=user, release=release)
    elif to == ReleaseState.PUBLIC:
        publish_release(by=user, release=release)
    elif to:
        raise Conflict(_("The release is no longer in the state that you saw."))
