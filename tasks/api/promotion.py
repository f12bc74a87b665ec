"""Places on official channels in JSON: what was promised, what ran, with which proof."""

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

from ..actions.promotion import SlotDraft, move_slot, plan_slot
from ..enums import PromotionPlace, SlotState
from ..models import Event, PromotionSlot
from ..queries.promotion import slots_seen_by
from ..rules.initiatives import knows_inside
from ..rules.material import can_lend
from ..rules.money import is_money_staff
from ..rules.promotion import can_move_slot
from .initiatives import initiative_or_404

BIGGEST = 2**63 - 1


class SlotSerializer(serializers.ModelSerializer):
    """From a day until a day, both included. `pulled_because` says why it is not there any more."""

    initiative = serializers.IntegerField(source="initiative_id", read_only=True)
    proof_url = serializers.CharField(source="proof.url", read_only=True, allow_null=True, default=None)

    class Meta:
        model = PromotionSlot
        fields = (
            "id", "initiative", "event", "place", "begins_on", "ends_on", "wording", "link", "state", "pulled_because",
            "ran_at", "proof_link", "proof_url", "created_at",
        )  # fmt: skip
        read_only_fields = fields


class SlotInput(serializers.Serializer):
    """`event` is one of the initiative's; without it the initiative itself is shown."""

    place = serializers.ChoiceField(choices=PromotionPlace.choices)
    begins_on = DayField()
    ends_on = DayField()
    event = serializers.IntegerField(min_value=1, max_value=BIGGEST, required=False, allow_null=True, default=None)
    wording = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    link = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    op_id = OpIdField()


class Slots(generics.ListCreateAPIView):
    """Places for an initiative: for who leads it, approvers and finance. POST promises one (approvers)."""

    serializer_class = SlotSerializer
    pagination_class = CursorPagination
    queryset = PromotionSlot.objects.none()
    permission_classes = [IsAuthenticated]

    def get_queryset(self) -> QuerySet[PromotionSlot]:
        if getattr(self, "swagger_fake_view", False):
            return PromotionSlot.objects.none()
        user, found = self.request.user, initiative_or_404(self.request.user, self.kwargs["pk"])
        if not knows_inside(user, found) and not is_money_staff(user):
            raise Forbidden(_("What is lent is read by who leads the initiative, by approvers and by finance."))
        return slots_seen_by(user).filter(initiative=found)

    @extend_schema(request=SlotInput, responses={201: SlotSerializer, 200: SlotSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = initiative_or_404(request.user, self.kwargs["pk"])
        sentence = _("Approvers lend material and places on channels.")
        require(can_lend(request.user, found), sentence)
        said = validated(SlotInput(data=request.data), lambda: can_lend(request.user, found), sentence)
        op_id, number = said.pop("op_id", None), said.pop("event")
        event = Event.objects.visible_to(request.user).filter(pk=number, initiative=found).first() if number else None
        if number and event is None:
            raise Invalid({"event": _("Choose an event of this initiative that is open.")})
        draft = SlotDraft(event=event, **said)
        made = plan_slot(by=request.user, initiative=found, draft=draft, op_id=op_id)
        told = slots_seen_by(request.user).get(pk=made.pk)
        told.replayed = getattr(made, "replayed", False)
        return created(told, self.get_serializer(told).data)


class SlotMoveInput(serializers.Serializer):
    """`ran`, `proved` (with `proof_link`, or `proof`, an own upload), `pulled` (with a `reason`). `expected`: what was seen."""

    to = serializers.ChoiceField(choices=SlotState.choices)
    expected = serializers.ChoiceField(choices=SlotState.choices, required=False, default="")
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    proof_link = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    proof = serializers.IntegerField(min_value=1, max_value=BIGGEST, required=False, allow_null=True, default=None)


class SlotMove(generics.GenericAPIView):
    """Say that it ran, prove it, pull it."""

    serializer_class = SlotSerializer
    queryset = PromotionSlot.objects.none()
    permission_classes = [IsAuthenticated]

    @extend_schema(request=SlotMoveInput, responses=SlotSerializer)
    def post(self, request: Request, pk: int, slot: int) -> Response:
        initiative_or_404(request.user, pk)
        found = get_object_or_404(slots_seen_by(request.user), pk=slot, initiative=pk)
        require(can_lend(request.user, found.initiative), _("Approvers lend material and places on channels."))
        named = request.data.get("to") if isinstance(request.data, dict) else None
        said = validated(
            SlotMoveInput(data=request.data),
            lambda: can_move_slot(request.user, found, named) if named in SlotState.values else True,
            _("Approvers lend material and places on channels."),
        )
        move_slot(by=request.user, slot=found, **said)
        return Response(self.get_serializer(slots_seen_by(request.user).get(pk=found.pk)).data)
