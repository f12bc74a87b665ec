"""Stock and loans in JSON: what there is, reserve some of it, say where it is."""

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

from kocforum.errors import Forbidden, Invalid, require
from kocforum.ui.api.answers import OpIdField, created, validated
from kocforum.ui.api.moments import DayField
from kocforum.ui.api.pages import CursorPagination

from ..actions.material import move_loan, reserve_loan
from ..enums import LoanState
from ..models import Loan, StockItem
from ..queries.material import loans_seen_by, stock_seen_by
from ..rules.initiatives import knows_inside
from ..rules.material import MOST_OF_A_THING, can_lend, can_move_loan
from ..rules.money import is_money_staff
from .initiatives import initiative_or_404

BIGGEST = 2**63 - 1


class StockItemSerializer(serializers.ModelSerializer):
    """A thing: `on_hand` lies in the house, `reserved` of it is promised, `out` is with owners; `free` can be reserved."""

    free = serializers.IntegerField(read_only=True)

    class Meta:
        model = StockItem
        fields = ("id", "name", "unit", "returnable", "on_hand", "reserved", "out", "free")
        read_only_fields = fields


class Stock(generics.ListAPIView):
    """What the brand has to lend, for approvers and finance."""

    serializer_class = StockItemSerializer
    pagination_class = CursorPagination
    queryset = StockItem.objects.none()
    permission_classes = [IsAuthenticated]

    def get_queryset(self) -> QuerySet[StockItem]:
        if getattr(self, "swagger_fake_view", False):
            return StockItem.objects.none()
        if not is_money_staff(self.request.user):
            raise Forbidden(_("Approvers lend material and places on channels."))
        return stock_seen_by(self.request.user)


class LoanSerializer(serializers.ModelSerializer):
    """Some of one thing for one initiative. `gone` did not come back."""

    initiative = serializers.IntegerField(source="initiative_id", read_only=True)
    name = serializers.CharField(source="item.name", read_only=True)
    unit = serializers.CharField(source="item.unit", read_only=True)
    returnable = serializers.BooleanField(source="item.returnable", read_only=True)

    class Meta:
        model = Loan
        fields = (
            "id", "initiative", "item", "name", "unit", "returnable", "quantity", "gone", "state", "due_back_on", "note",
            "changed_at", "created_at",
        )  # fmt: skip
        read_only_fields = fields


class LoanInput(serializers.Serializer):
    """`item` is a thing in stock; what comes back has a day, `due_back_on`."""

    item = serializers.IntegerField(min_value=1, max_value=BIGGEST)
    quantity = serializers.IntegerField(min_value=1, max_value=MOST_OF_A_THING)
    due_back_on = DayField(required=False, allow_null=True, default=None)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    op_id = OpIdField()


class Loans(generics.ListCreateAPIView):
    """What is lent to an initiative: for who leads it, approvers and finance. POST reserves (approvers)."""

    serializer_class = LoanSerializer
    pagination_class = CursorPagination
    queryset = Loan.objects.none()
    permission_classes = [IsAuthenticated]

    def get_queryset(self) -> QuerySet[Loan]:
        if getattr(self, "swagger_fake_view", False):
            return Loan.objects.none()
        user, found = self.request.user, initiative_or_404(self.request.user, self.kwargs["pk"])
        if not knows_inside(user, found) and not is_money_staff(user):
            raise Forbidden(_("What is lent is read by who leads the initiative, by approvers and by finance."))
        return loans_seen_by(user).filter(initiative=found)

    @extend_schema(request=LoanInput, responses={201: LoanSerializer, 200: LoanSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = initiative_or_404(request.user, self.kwargs["pk"])
        sentence = _("Approvers lend material and places on channels.")
        require(can_lend(request.user, found), sentence)
        said = validated(LoanInput(data=request.data), lambda: can_lend(request.user, found), sentence)
        item = stock_seen_by(request.user).filter(pk=said["item"]).first()
        if item is None:
            raise Invalid({"item": _("There is no such thing in stock.")})
        made = reserve_loan(by=request.user, initiative=found, **{**said, "item": item})
        told = loans_seen_by(request.user).get(pk=made.pk)
        told.replayed = getattr(made, "replayed", False)
        return created(told, self.get_serializer(told).data)


class LoanMoveInput(serializers.Serializer):
    """Approvers say `shipped`, `released`, `returned` (with `came_back`), `consumed`, `lost`; who leads it says `received`,
    `sent_back`, `consumed`. What is missing has a `reason`; `expected` is the state that was seen."""

    to = serializers.ChoiceField(choices=LoanState.choices)
    expected = serializers.ChoiceField(choices=LoanState.choices, required=False, default="")
    came_back = serializers.IntegerField(min_value=1, max_value=MOST_OF_A_THING, required=False, default=None)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class LoanMove(generics.GenericAPIView):
    """Say where it is now."""

    serializer_class = LoanSerializer
    queryset = Loan.objects.none()
    permission_classes = [IsAuthenticated]

    @extend_schema(request=LoanMoveInput, responses=LoanSerializer)
    def post(self, request: Request, pk: int, loan: int) -> Response:
        initiative_or_404(request.user, pk)
        found = get_object_or_404(loans_seen_by(request.user), pk=loan, initiative=pk)
        named = request.data.get("to") if isinstance(request.data, dict) else None
        said = validated(
            LoanMoveInput(data=request.data),
            lambda: can_move_loan(request.user, found, named) if named in LoanState.values else True,
            _("You cannot move this loan."),
        )
        move_loan(by=request.user, loan=found, **said)
        return Response(self.get_serializer(loans_seen_by(request.user).get(pk=found.pk)).data)
