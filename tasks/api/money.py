"""The money of an initiative in JSON: what was granted, where it stands, its parts, its settlement."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kocforum.errors import require

from ..actions.money import account_for, release_tranche, reopen, settle
from ..models import BudgetLine, Envelope, Tranche
from ..queries.money import envelope_of
from ..rules.money import can_account, can_reopen, can_settle
from .initiatives import initiative_or_404


class LineSerializer(serializers.ModelSerializer):
    """What a part of the money is for; `used_minor` is promised and spent on it."""

    label = serializers.CharField(source="__str__", read_only=True)

    class Meta:
        model = BudgetLine
        fields = ("id", "kind", "label", "granted_minor", "used_minor")
        read_only_fields = fields


class TrancheSerializer(serializers.ModelSerializer):
    """A part that is released at once, on a day or by a colleague."""

    class Meta:
        model = Tranche
        fields = ("number", "amount_minor", "condition", "due_on", "released_at")
        read_only_fields = fields


class MoneySerializer(serializers.ModelSerializer):
    """The envelope in the smallest unit of its currency: `available_minor` can be approved now, `left_minor` is neither promised
    nor spent nor given back. `tranches` are shown to its people alone."""

    initiative = serializers.IntegerField(source="initiative_id", read_only=True)
    available_minor = serializers.IntegerField(read_only=True)
    left_minor = serializers.IntegerField(read_only=True)
    lines = LineSerializer(many=True, read_only=True)
    tranches = serializers.SerializerMethodField()

    class Meta:
        model = Envelope
        fields = (
            "initiative", "currency", "state", "approved_minor", "released_minor", "reserved_minor", "spent_minor",
            "returned_minor", "available_minor", "left_minor", "lines", "tranches", "account", "accounted_at", "settled_at",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(TrancheSerializer(many=True))
    def get_tranches(self, envelope: Envelope) -> list[dict[str, Any]]:
        inside = Envelope.objects.of_people(self.context["request"].user).filter(pk=envelope.pk).exists()
        return TrancheSerializer(envelope.tranches.all(), many=True).data if inside else []


def money_or_404(request: Request, pk: int) -> Envelope:
    """Nobody else knows before the settlement whether there is money, and how much."""
    found = envelope_of(initiative_or_404(request.user, pk), request.user)
    return found or get_object_or_404(Envelope.objects.none())


class Money(generics.GenericAPIView):
    """The money of an initiative: its people at any time, everybody after the settlement."""

    serializer_class = MoneySerializer
    queryset = Envelope.objects.none()

    @extend_schema(responses=MoneySerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(money_or_404(request, pk)).data)


class ReleaseTranche(generics.GenericAPIView):
    """An approver releases a part."""

    serializer_class = MoneySerializer
    queryset = Envelope.objects.none()

    @extend_schema(request=None, responses=MoneySerializer)
    def post(self, request: Request, pk: int, number: int) -> Response:
        found = money_or_404(request, pk)
        release_tranche(by=request.user, tranche=get_object_or_404(Tranche, envelope=found, number=number))
        return Response(self.get_serializer(money_or_404(request, pk)).data)


class WhyInput(serializers.Serializer):
    """Why; it stays in the ledger."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class SettleMoney(generics.GenericAPIView):
    """Finance closes the money, or opens it again when something comes late."""

    serializer_class = MoneySerializer
    queryset = Envelope.objects.none()
    again = False

    @extend_schema(request=WhyInput, responses=MoneySerializer)
    def post(self, request: Request, pk: int) -> Response:
        found = money_or_404(request, pk)
        may, act = (can_reopen, reopen) if self.again else (can_settle, settle)
        require(may(request.user, found), _("Finance settles."))
        asked = WhyInput(data=request.data)
        asked.is_valid(raise_exception=True)
        act(by=request.user, envelope=found, reason=asked.validated_data["reason"])
        return Response(self.get_serializer(money_or_404(request, pk)).data)


class AccountInput(serializers.Serializer):
    """What was done with the money, in words and photos; a small grant needs a photo."""

    words = serializers.CharField(max_length=2000)
    uploads = serializers.ListField(child=serializers.IntegerField(), required=False, default=list)


class AccountForMoney(generics.GenericAPIView):
    """Who leads it tells what was done with the money."""

    serializer_class = MoneySerializer
    queryset = Envelope.objects.none()

    @extend_schema(request=AccountInput, responses=MoneySerializer)
    def post(self, request: Request, pk: int) -> Response:
        found = money_or_404(request, pk)
        require(can_account(request.user, found), _("Who leads the initiative tells what was done with the money."))
        asked = AccountInput(data=request.data)
        asked.is_valid(raise_exception=True)
        account_for(by=request.user, envelope=found, **asked.validated_data)
        return Response(self.get_serializer(money_or_404(request, pk)).data)
