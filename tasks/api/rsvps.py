"""Places at an event in JSON: the own one, and for organisers those of everybody."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kocforum.errors import Conflict, Invalid, require
from kocforum.garage.models import Vehicle
from kocforum.ui.api.answers import OpIdField, created, validated
from kocforum.ui.api.pages import CursorPagination

from ..actions.events import MOST_PARTY
from ..actions.rsvps import Minors, give_up_place, take_place
from ..actions.waivers import accept_waiver
from ..enums import RsvpState
from ..models import Rsvp
from ..queries.events import line_of
from ..rules.events import can_run, can_take_place
from .events import event_or_404


class RsvpInput(serializers.Serializer):
    """A place, for a party or alone. `answers` by key of the question; `vehicle` a number of the own garage. Said again it changes what
    was said, and takes what is offered. `minors` of the party are under 18, and then `guardian` is whom the crew calls; what is left out of the three stays as it was. Where the event has
    a waiver, `waived` is the `waiver_sha256` that was shown and accepted; 409 where it is another one by now."""

    party = serializers.IntegerField(min_value=1, max_value=MOST_PARTY, required=False)
    answers = serializers.DictField(child=serializers.CharField(max_length=500, allow_blank=True), required=False)
    vehicle = serializers.IntegerField(min_value=1, required=False, allow_null=True)
    plate = serializers.CharField(max_length=12, required=False, allow_blank=True, default="")
    minors = serializers.IntegerField(min_value=0, max_value=MOST_PARTY, required=False)
    guardian = serializers.CharField(max_length=60, required=False, allow_blank=True)
    guardian_phone = serializers.CharField(max_length=24, required=False, allow_blank=True)
    waived = serializers.CharField(max_length=64, required=False, allow_blank=True, default="")
    listed = serializers.BooleanField(required=False, default=False)
    op_id = OpIdField()


class RsvpSerializer(serializers.ModelSerializer):
    """A place or one in the line (`position`, from 1). The ticket is shown to who comes."""

    username = serializers.CharField(source="member.username", read_only=True)
    position = serializers.SerializerMethodField()
    ticket = serializers.SerializerMethodField()
    answers = serializers.DictField(child=serializers.CharField(), read_only=True)
    waived = serializers.CharField(source="waived_sha256", read_only=True)

    class Meta:
        model = Rsvp
        fields = ("username", "state", "party", "position", "offered_until", "ticket", "answers", "vehicle", "plate", "minors", "guardian", "guardian_phone", "waived", "listed", "joined_at")  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_position(self, rsvp: Rsvp) -> int | None:
        if rsvp.state != RsvpState.WAITLISTED:
            return None
        lines: dict[int, dict[int, int]] = self.context.setdefault("lines", {})  # read once for a whole list
        if rsvp.event_id not in lines:
            lines[rsvp.event_id] = line_of(rsvp.event_id)
        return lines[rsvp.event_id].get(rsvp.pk)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_ticket(self, rsvp: Rsvp) -> str | None:
        """A place of one's own: nobody else, organisers neither, holds another's ticket."""
        own = self.context["request"].user.pk == rsvp.member_id
        return rsvp.ticket if own and rsvp.state == RsvpState.GOING else None


def _minors(said: dict[str, Any]) -> Minors | None:
    """As the action takes them; None where nothing is said of them, and what is left out stays as it was."""
    count, guardian, phone = (said.pop(name, None) for name in ("minors", "guardian", "guardian_phone"))
    told = any(part is not None for part in (count, guardian, phone))
    return Minors(count=count, guardian=guardian, phone=phone) if told else None


class OwnPlace(APIView):
    """The own place at an event. GET tells it, POST takes it or joins the line, DELETE gives it up."""

    @extend_schema(responses=RsvpSerializer)
    def get(self, request: Request, pk: int) -> Response:
        found = event_or_404(request.user, pk)
        mine = get_object_or_404(Rsvp.objects.select_related("member"), event=found, member=request.user.pk)
        return Response(RsvpSerializer(mine, context={"request": request}).data)

    @extend_schema(request=RsvpInput, responses={201: RsvpSerializer, 200: RsvpSerializer})
    def post(self, request: Request, pk: int) -> Response:
        found = event_or_404(request.user, pk)
        sentence = _("No place can be taken at present.")
        known = Rsvp.objects.filter(event=found, member=request.user.pk).first()
        offered = known is not None and known.state == RsvpState.OFFERED
        said = validated(
            RsvpInput(data=request.data), lambda: can_take_place(request.user, found, offered=offered), sentence
        )
        op_id, number = said.pop("op_id", None), said.pop("vehicle", None)
        vehicle = Vehicle.objects.visible_to(request.user).filter(pk=number).first() if number else None
        if number and vehicle is None:
            raise Invalid({"vehicle": _("Choose a car of your own garage.")})
        said["minors"] = _minors(said)
        mine = take_place(by=request.user, event=found, vehicle=vehicle, op_id=op_id, **said)
        mine.replayed = getattr(mine, "replayed", known is not None)
        return created(mine, RsvpSerializer(mine, context={"request": request}).data)

    @extend_schema(responses={204: OpenApiResponse(description="Given up.")})
    def delete(self, request: Request, pk: int) -> Response:
        found = event_or_404(request.user, pk)
        if not request.user.is_authenticated or not Rsvp.objects.filter(event=found, member=request.user.pk).exists():
            raise Conflict(_("You have no place there."))
        give_up_place(by=request.user, event=found)
        return Response(status=204)


class Places(generics.ListAPIView):
    """Everybody who comes, waits or is offered a place, with their answers and plates (organisers)."""

    serializer_class = RsvpSerializer
    pagination_class = CursorPagination
    queryset = Rsvp.objects.none()

    def get_queryset(self) -> QuerySet[Rsvp]:
        if getattr(self, "swagger_fake_view", False):
            return Rsvp.objects.none()
        found = event_or_404(self.request.user, self.kwargs["pk"])
        require(can_run(self.request.user, found), _("The event belongs to its organisers."))
        return Rsvp.objects.standing().filter(event=found).select_related("member")


class WaiverInput(serializers.Serializer):
    """The `waiver_sha256` that was shown."""

    waived = serializers.CharField(max_length=64)


class AcceptWaiver(APIView):
    """Accept an event's words about risk anew, for a place that one has or waits for. 409 where they are others by now."""

    @extend_schema(request=WaiverInput, responses=RsvpSerializer)
    def post(self, request: Request, pk: int) -> Response:
        found = event_or_404(request.user, pk)
        said = validated(
            WaiverInput(data=request.data), lambda: request.user.is_authenticated, _("Please sign in first.")
        )
        mine = accept_waiver(by=request.user, event=found, waived=said["waived"])
        return Response(RsvpSerializer(mine, context={"request": request}).data)
