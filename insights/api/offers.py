"""Offers of a beta: staff see a ticket's, an owner the own ones, answers them, writes under seal, releases."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from kocforum.errors import require
from kocforum.ui.api.answers import validated

from ..actions.offers import answer_offer
from ..actions.releases import start_beta
from ..models import Offer, Release, Ticket
from ..rules.releases import can_answer, can_release
from .permissions import StaffOnly
from .tickets import OldestFirst

NOT_FOUND = OpenApiResponse(description="There is no such thing, or you may not see it.")


class OfferSerializer(serializers.ModelSerializer):
    """An offer to one owner with one car. Whether something was written under seal is told to its writer alone."""

    ticket = serializers.IntegerField(source="ticket_id", read_only=True)
    release = serializers.IntegerField(source="release_id", read_only=True)
    version = serializers.CharField(source="release.version_name", read_only=True)
    report = serializers.IntegerField(source="report_id", read_only=True)
    thread = serializers.IntegerField(source="report.thread_id", read_only=True)
    member = serializers.CharField(source="member.username", read_only=True)
    vehicle = serializers.SerializerMethodField()
    sealed = serializers.SerializerMethodField()

    class Meta:
        model = Offer
        fields = (
            "id",
            "ticket",
            "release",
            "version",
            "report",
            "thread",
            "member",
            "vehicle",
            "is_first_teller",
            "state",
            "offered_at",
            "expires_at",
            "answered_at",
            "sealed",
        )
        read_only_fields = fields

    def _own(self, offer: Offer) -> bool:
        return self.context["request"].user.pk == offer.member_id

    def get_vehicle(self, offer: Offer) -> int | None:
        """The id of the car, to its owner only."""
        return offer.vehicle_id if self._own(offer) else None

    def get_sealed(self, offer: Offer) -> bool | None:
        """True when something lies under seal; null for everybody but its writer."""
        return hasattr(offer, "sealed") if self._own(offer) else None


def offers_to_show(user: Any):
    """Offers with what their JSON needs."""
    offers = Offer.objects.visible_to(user)
    return offers.select_related("release__version", "report", "member", "sealed", "vehicle", "ticket")


class BetaInput(serializers.Serializer):
    """The release whose beta begins."""

    release = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class TicketOffers(generics.ListAPIView):
    """Offers of a ticket, in the order they were made. POST starts the beta of a release that answers it."""

    serializer_class = OfferSerializer
    pagination_class = OldestFirst
    permission_classes = [StaffOnly]
    queryset = Offer.objects.none()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Offer.objects.none()
        ticket = get_object_or_404(Ticket.objects.visible_to(self.request.user), pk=self.kwargs["pk"])
        return offers_to_show(self.request.user).filter(ticket=ticket)

    @extend_schema(request=BetaInput, responses={200: OfferSerializer(many=True), 404: NOT_FOUND})
    def post(self, request: Request, pk: int) -> Response:
        ticket = get_object_or_404(Ticket.objects.visible_to(request.user), pk=pk)
        require(can_release(request.user), _("Only researchers make releases."))
        asked = BetaInput(data=request.data)
        asked.is_valid(raise_exception=True)
        release = get_object_or_404(Release.objects.filter(answers__ticket=ticket), pk=asked.validated_data["release"])
        start_beta(by=request.user, release=release)
        return Response(self.get_serializer(self.get_queryset(), many=True).data)


class OfferList(generics.ListAPIView):
    """What I was offered, the newest first."""

    serializer_class = OfferSerializer
    permission_classes = [IsAuthenticated]
    queryset = Offer.objects.none()

    def get_queryset(self):
        return offers_to_show(self.request.user).filter(member=self.request.user.pk)


class OfferAnswer(serializers.Serializer):
    """Yes, with consent to the terms, or no."""

    accept = serializers.BooleanField()
    consent = serializers.BooleanField(required=False, default=False)


class OfferAnswering(generics.GenericAPIView):
    """Accept or decline an offer."""

    serializer_class = OfferSerializer
    permission_classes = [IsAuthenticated]
    queryset = Offer.objects.none()

    @extend_schema(request=OfferAnswer, responses={200: OfferSerializer, 404: NOT_FOUND})
    def post(self, request: Request, pk: int) -> Response:
        offer = get_object_or_404(offers_to_show(request.user), pk=pk)
        asked = OfferAnswer(data=request.data)
        values = validated(asked, lambda: can_answer(request.user, offer), _("This offer is for someone else."))
        answer_offer(by=request.user, offer=offer, **values)
        return Response(self.get_serializer(offer).data)
