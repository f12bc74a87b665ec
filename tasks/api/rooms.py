"""A room in JSON: its state, its log, and commands for who has no socket."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kocforum.errors import Forbidden, require
from kocforum.ui.api.answers import created

from ..actions.rooms import act
from ..enums import Phase, SeatRole, SeatState
from ..models import Seat, Workshop
from ..queries.boards import board_of
from ..queries.rooms import events_after, state_of, told
from ..rules.workshops import can_enter, seat_of
from .workshops import workshop_or_404


def room_or_refuse(user: Any, pk: int) -> tuple[Workshop, Seat]:
    """A room in which this person sits; a sentence for who has no seat yet, nothing there for strangers."""
    workshop = workshop_or_404(user, pk)
    require(can_enter(user, workshop), _("You are not invited to this room."), Forbidden)
    seat = seat_of(user, workshop)
    if seat is None:
        raise Http404
    return workshop, seat


class MeShape(serializers.Serializer):
    """`done`: the last own steps that can be taken back, {seq, kind}, the oldest first."""

    member = serializers.IntegerField()
    role = serializers.ChoiceField(choices=SeatRole.choices)
    votes_each = serializers.IntegerField()
    votes_left = serializers.IntegerField()
    abstains = serializers.BooleanField()
    done = serializers.ListField(child=serializers.DictField())


class PersonShape(serializers.Serializer):
    member = serializers.IntegerField()
    username = serializers.CharField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=SeatRole.choices)
    state = serializers.ChoiceField(choices=SeatState.choices)
    here = serializers.BooleanField()


class NoteShape(serializers.Serializer):
    """`author` is null in a room whose notes show no names. `hold`: {by, until} while somebody writes in it."""

    id = serializers.IntegerField()
    text = serializers.CharField()
    group = serializers.IntegerField(allow_null=True)
    index = serializers.CharField()
    image = serializers.IntegerField(allow_null=True)
    behalf = serializers.CharField()
    version = serializers.IntegerField()
    mine = serializers.BooleanField()
    author = serializers.IntegerField(allow_null=True)
    hold = serializers.DictField(allow_null=True)


class PictureShape(serializers.Serializer):
    """`image` is the number of an upload; `pins`: {id, number, x, y, text, mine, author}, in hundredths from the upper left corner."""

    id = serializers.IntegerField()
    image = serializers.IntegerField()
    text = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    mine = serializers.BooleanField()
    author = serializers.IntegerField(allow_null=True)
    pins = serializers.ListField(child=serializers.DictField())


class RoomStateShape(serializers.Serializer):
    """A room as its reader sees it. `hidden_notes`: of others, until the reveal. `votes`: {mine, totals}; the totals in two lanes once the
    vote is over."""

    seq = serializers.IntegerField()
    phase = serializers.ChoiceField(choices=Phase.choices)
    round = serializers.IntegerField()
    deadline = serializers.DateTimeField(allow_null=True)
    server_time = serializers.DateTimeField()
    live = serializers.BooleanField()
    lead = serializers.IntegerField(allow_null=True)
    suspended = serializers.BooleanField()
    recording = serializers.DictField()
    me = MeShape()
    people = PersonShape(many=True)
    notes = NoteShape(many=True)
    hidden_notes = serializers.IntegerField()
    groups = serializers.ListField(child=serializers.DictField())
    pictures = PictureShape(many=True)
    votes = serializers.DictField()
    hands = serializers.ListField(child=serializers.IntegerField())
    questions = serializers.ListField(child=serializers.DictField())
    chat = serializers.ListField(child=serializers.DictField())
    links = serializers.ListField(child=serializers.DictField())
    decisions = serializers.ListField(child=serializers.DictField())
    actions = serializers.ListField(child=serializers.DictField())


class RoomEventShape(serializers.Serializer):
    """One event. Under a veil `actor` is null and the payload empty; `effect` says then what an undo brings about."""

    type = serializers.CharField()
    seq = serializers.IntegerField()
    op_id = serializers.UUIDField()
    kind = serializers.CharField()
    at = serializers.DateTimeField()
    actor = serializers.IntegerField(allow_null=True)
    payload = serializers.DictField()
    effect = serializers.CharField(required=False)


class RoomLogShape(serializers.Serializer):
    events = RoomEventShape(many=True)
    seq = serializers.IntegerField()


class WrittenShape(serializers.Serializer):
    op_id = serializers.UUIDField()
    seq = serializers.IntegerField()


class RoomState(APIView):
    """The room as the reader sees it: what is private to others is counted, and nothing of it told."""

    @extend_schema(responses=RoomStateShape)
    def get(self, request: Request, pk: int) -> Response:
        workshop, seat = room_or_refuse(request.user, pk)
        return Response(state_of(workshop, seat))


class CommandInput(serializers.Serializer):
    """One command, as over the socket."""

    op_id = serializers.UUIDField()
    kind = serializers.CharField(max_length=20)
    payload = serializers.DictField(required=False, default=dict)


class RoomEvents(APIView):
    """The log from `?after=` on, as the reader may see it. POST acts, for who has no socket; the same `op_id` again answers the first."""

    @extend_schema(responses=RoomLogShape)
    def get(self, request: Request, pk: int) -> Response:
        workshop, seat = room_or_refuse(request.user, pk)
        after = request.query_params.get("after", "0")
        number = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0
        rows = events_after(workshop, number)
        with board_of(workshop) as board:
            said = [told(row, board, seat.member_id, anonymous=workshop.anonymous) for row in rows]
        return Response({"events": said, "seq": workshop.seq})

    @extend_schema(request=CommandInput, responses={201: WrittenShape, 200: WrittenShape})
    def post(self, request: Request, pk: int) -> Response:
        workshop, _seat = room_or_refuse(request.user, pk)
        asked = CommandInput(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        row = act(by=request.user, workshop=workshop, op_id=said["op_id"], kind=said["kind"], said=said["payload"])
        return created(row, {"op_id": str(row.op_id), "seq": row.seq})
