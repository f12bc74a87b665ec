"""Workshops: draw one up and invite, take a seat, open the room, read its state, act in it without a socket."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kocforum.errors import require
from kocforum.ui.api.answers import OpIdField, created, validated
from kocforum.ui.api.moments import MomentField
from kocforum.ui.api.pages import CursorPagination

from ..actions.consents import accept_and_open
from ..actions.drafts import Brief
from ..actions.moves import move_task
from ..actions.workshop_terms import MOST_ARRIVAL, MOST_SEATS, Terms, closing_of
from ..actions.workshops import draft_workshop, give_up_seat, take_seat
from ..enums import Goal, Meeting, SeatState, TaskState
from ..models import Seat, Workshop
from ..queries.boards import board_of
from ..rules.tasks import can_ask
from ..rules.workshops import can_draw_up

USUAL_MINUTES = Decimal(90)


class WorkshopInput(serializers.Serializer):
    """A workshop; whoever is named is invited at once. `invitees`, `cohosts`, `scribes` and `observers` are user names."""

    title = serializers.CharField(max_length=120)
    goal = serializers.ChoiceField(choices=Goal.choices, required=False, default=Goal.IDEAS)
    why = serializers.CharField(max_length=600, required=False, allow_blank=True, default="")
    decision = serializers.CharField(max_length=300)
    starts_at = MomentField()
    minutes = serializers.DecimalField(max_digits=5, decimal_places=1, required=False, default=USUAL_MINUTES)
    zone = serializers.CharField(max_length=40, required=False, default="Asia/Shanghai")
    seats = serializers.IntegerField(min_value=1, max_value=MOST_SEATS)
    meeting = serializers.ChoiceField(choices=Meeting.choices, required=False, default=Meeting.ONLINE)
    place = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    travel = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    arrival_minutes = serializers.IntegerField(min_value=0, max_value=MOST_ARRIVAL, required=False, default=20)
    reading = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    consent = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    anonymous = serializers.BooleanField(required=False, default=False)
    votes_each = serializers.IntegerField(required=False, default=5)
    votes_on_one = serializers.IntegerField(required=False, default=3)
    invitees = serializers.ListField(child=serializers.CharField(max_length=150), required=False, default=list)
    cohosts = serializers.ListField(child=serializers.CharField(max_length=150), required=False, default=list)
    scribes = serializers.ListField(child=serializers.CharField(max_length=150), required=False, default=list)
    observers = serializers.ListField(child=serializers.CharField(max_length=150), required=False, default=list)
    op_id = OpIdField()


class SeatSerializer(serializers.ModelSerializer):
    """A seat; `position` counts those on the waiting list, from 1."""

    username = serializers.CharField(source="member.username", read_only=True)
    position = serializers.SerializerMethodField()

    class Meta:
        model = Seat
        fields = ("username", "role", "state", "position")
        read_only_fields = fields

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_position(self, seat: Seat) -> int | None:
        if seat.state != SeatState.STANDBY:
            return None
        waiting = Seat.objects.filter(workshop=seat.workshop_id, state=SeatState.STANDBY)
        return list(waiting.order_by("answered_at", "pk").values_list("pk", flat=True)).index(seat.pk) + 1


class WorkshopSerializer(serializers.ModelSerializer):
    """A workshop as somebody on its list sees it. Its number is the number of its task."""

    id = serializers.IntegerField(source="task_id", read_only=True)
    title = serializers.CharField(source="task.title", read_only=True)
    goal = serializers.CharField(source="task.goal", read_only=True)
    why = serializers.CharField(source="task.why", read_only=True)
    decision = serializers.CharField(source="task.decision", read_only=True)
    state = serializers.CharField(source="task.state", read_only=True)
    minutes = serializers.FloatField(source="task.minutes", read_only=True)
    url = serializers.CharField(source="task.get_absolute_url", read_only=True)
    phase = serializers.SerializerMethodField()
    list = SeatSerializer(many=True, read_only=True)

    class Meta:
        model = Workshop
        fields = (
            "id", "title", "goal", "why", "decision", "state", "starts_at", "minutes", "zone", "meeting", "place", "travel",
            "arrival_minutes", "reading", "consent", "anonymous", "seats", "taken", "votes_each", "votes_on_one", "live_at", "ended_at", "phase", "seq",
            "list", "url",
        )  # fmt: skip
        read_only_fields = fields

    def get_phase(self, workshop: Workshop) -> str:
        with board_of(workshop) as board:
            return board.phase


def workshops_seen_by(user: Any) -> QuerySet[Workshop]:
    return Workshop.objects.visible_to(user).select_related("task__audience").prefetch_related("list__member")


def workshop_or_404(user: Any, pk: int) -> Workshop:
    """By the number of its task. To whoever is not on its list it is not there."""
    return get_object_or_404(workshops_seen_by(user), task_id=pk)


class ByTask(CursorPagination):
    ordering = "-task"


class WorkshopList(generics.ListCreateAPIView):
    """Workshops on whose list the reader is. POST draws one up and invites (researchers)."""

    serializer_class = WorkshopSerializer
    pagination_class = ByTask
    queryset = Workshop.objects.none()

    def get_queryset(self) -> QuerySet[Workshop]:
        return workshops_seen_by(self.request.user)

    @extend_schema(request=WorkshopInput, responses={201: WorkshopSerializer, 200: WorkshopSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sentence = _("Only researchers ask owners.")
        require(can_ask(request.user), sentence)
        said = validated(WorkshopInput(data=request.data), lambda: can_draw_up(request.user), sentence)
        terms = Terms(**{name: said[name] for name in Terms.__dataclass_fields__})
        brief = Brief(
            **{name: said[name] for name in ("title", "goal", "why", "decision", "minutes")},
            closes_at=closing_of(terms),
        )
        task = draft_workshop(by=request.user, brief=brief, terms=terms, op_id=said.get("op_id"))
        replayed = getattr(task, "replayed", False)
        if not replayed and not task.audience.everyone:  # some owner is named
            move_task(by=request.user, task=task, to=TaskState.OPEN, expected=TaskState.DRAFT)
        workshop = workshop_or_404(request.user, task.pk)
        workshop.replayed = replayed
        return created(workshop, self.get_serializer(workshop).data)


class WorkshopDetail(generics.GenericAPIView):
    """One workshop."""

    serializer_class = WorkshopSerializer
    queryset = Workshop.objects.none()

    @extend_schema(responses=WorkshopSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(workshop_or_404(request.user, pk)).data)


class SeatInput(serializers.Serializer):
    """`consent`: what everybody accepts who meets there."""

    consent = serializers.BooleanField(required=False, default=False)


class OwnSeat(APIView):
    """The own seat. POST takes it, or a place on the waiting list; DELETE gives it up, and the first who waits moves up."""

    @extend_schema(request=SeatInput, responses=SeatSerializer)
    def post(self, request: Request, pk: int) -> Response:
        workshop = workshop_or_404(request.user, pk)
        said = SeatInput(data=request.data)
        said.is_valid(raise_exception=True)
        seat = take_seat(by=request.user, workshop=workshop, consent=said.validated_data["consent"])
        return Response(SeatSerializer(seat).data)

    @extend_schema(responses={204: OpenApiResponse(description="Given up.")})
    def delete(self, request: Request, pk: int) -> Response:
        give_up_seat(by=request.user, workshop=workshop_or_404(request.user, pk))
        return Response(status=204)


class OpenRoom(APIView):
    """The lobby opens, and the room is live in the phase in which everybody writes alone (hosts)."""

    @extend_schema(request=None, responses=WorkshopSerializer)
    def post(self, request: Request, pk: int) -> Response:
        accept_and_open(by=request.user, workshop=workshop_or_404(request.user, pk))
        return Response(WorkshopSerializer(workshop_or_404(request.user, pk)).data)
