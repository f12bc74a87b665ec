"""What comes after a room, in JSON: minutes and answers to them, results, words among those who met."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kocforum.ui.api.answers import created
from kocforum.ui.api.moments import DayField

from ..actions.minutes import answer_minutes
from ..actions.room_results import move_result
from ..actions.room_words import speak_after
from ..enums import MinutesVerdict, ResultKind, ResultState, WordKind
from ..models import Minutes, RoomResult, RoomWord, Workshop
from ..queries.minutes import answers_of, draft_of
from ..queries.presence import who_came
from ..queries.room_results import results_of, words_of
from ..rules.minutes import seat_inside
from ..rules.sittings import LEADS
from .workshops import workshop_or_404


def ended_room_or_404(user: Any, pk: int) -> Workshop:
    """A room that is over and in which this person sat."""
    workshop = workshop_or_404(user, pk)
    if workshop.ended_at is None or seat_inside(user, workshop) is None:
        raise Http404
    return workshop


class PointShape(serializers.Serializer):
    """A group; votes in two lanes."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    notes = serializers.ListField(child=serializers.CharField())
    owners = serializers.IntegerField()
    staff = serializers.IntegerField()
    verdict = serializers.CharField()
    why = serializers.CharField()


class MinutesAnswerShape(serializers.Serializer):
    member = serializers.CharField(source="member.username")
    version = serializers.IntegerField()
    verdict = serializers.ChoiceField(choices=MinutesVerdict.choices)
    text = serializers.CharField()
    reply = serializers.CharField()


class MinutesShape(serializers.Serializer):
    """`missing`: how many who were there have not answered."""

    version = serializers.IntegerField()
    remarks = serializers.CharField()
    due_at = serializers.DateTimeField()
    signed_at = serializers.DateTimeField(allow_null=True)
    points = PointShape(many=True)
    answers = MinutesAnswerShape(many=True)
    missing = serializers.IntegerField()


class MinutesAnswerInput(serializers.Serializer):
    verdict = serializers.ChoiceField(choices=MinutesVerdict.choices)
    text = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class RoomResultShape(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    kind = serializers.ChoiceField(choices=ResultKind.choices)
    title = serializers.CharField()
    why = serializers.CharField()
    owner = serializers.CharField(source="owner.username", allow_null=True, default=None)
    due = DayField(allow_null=True)
    state = serializers.ChoiceField(choices=ResultState.choices)
    reason = serializers.CharField()
    taken_up_at = serializers.DateTimeField(allow_null=True)


class RoomResultInput(serializers.Serializer):
    """`expected`: the state that was seen."""

    to = serializers.ChoiceField(choices=ResultState.choices)
    expected = serializers.ChoiceField(choices=ResultState.choices)
    reason = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")


class RoomWordShape(serializers.Serializer):
    id = serializers.IntegerField(source="pk")
    author = serializers.CharField(source="author.username", allow_null=True, default=None)
    kind = serializers.ChoiceField(choices=WordKind.choices)
    text = serializers.CharField()
    at = serializers.DateTimeField()


class RoomWordInput(serializers.Serializer):
    text = serializers.CharField(max_length=4000)
    kind = serializers.ChoiceField(choices=WordKind.choices, required=False, default=WordKind.TALK)
    op_id = serializers.UUIDField(required=False)


class RoomMinutes(APIView):
    """The minutes of a room, to who sat in it."""

    @extend_schema(responses=MinutesShape)
    def get(self, request: Request, pk: int) -> Response:
        workshop = ended_room_or_404(request.user, pk)
        minutes = get_object_or_404(Minutes.objects.visible_to(request.user), workshop=workshop)
        minutes.workshop = workshop
        seat, came = seat_inside(request.user, workshop), who_came(workshop)
        answers = answers_of(minutes, request.user.pk, came)
        draft = draft_of(workshop, for_host=seat is not None and seat.role in LEADS, came=came)
        said = {
            "version": minutes.version,
            "remarks": minutes.remarks,
            "due_at": minutes.due_at,
            "signed_at": minutes.signed_at,
            "points": draft.points,
            "answers": answers.given,
            "missing": len(answers.missing),
        }
        return Response(MinutesShape(said).data)


class MinutesAnswers(APIView):
    """Confirm the minutes, or say how it was; said again it is said anew."""

    @extend_schema(request=MinutesAnswerInput, responses=MinutesAnswerShape)
    def post(self, request: Request, pk: int) -> Response:
        workshop = ended_room_or_404(request.user, pk)
        minutes = get_object_or_404(Minutes.objects.visible_to(request.user), workshop=workshop)
        asked = MinutesAnswerInput(data=request.data)
        asked.is_valid(raise_exception=True)
        answer = answer_minutes(by=request.user, minutes=minutes, **asked.validated_data)
        return Response(MinutesAnswerShape(answer).data)


class RoomResults(APIView):
    """What a room left to be done."""

    @extend_schema(responses=RoomResultShape(many=True))
    def get(self, request: Request, pk: int) -> Response:
        return Response(RoomResultShape(results_of(ended_room_or_404(request.user, pk)), many=True).data)


class OneResult(APIView):
    """How far it is."""

    @extend_schema(request=RoomResultInput, responses=RoomResultShape)
    def patch(self, request: Request, pk: int) -> Response:
        rows = RoomResult.objects.visible_to(request.user).select_related("workshop__task", "owner")
        result = get_object_or_404(rows, pk=pk)
        asked = RoomResultInput(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(RoomResultShape(move_result(by=request.user, result=result, **asked.validated_data)).data)


class RoomWords(APIView):
    """The private thread of those who met."""

    @extend_schema(responses=RoomWordShape(many=True))
    def get(self, request: Request, pk: int) -> Response:
        workshop = ended_room_or_404(request.user, pk)
        return Response(RoomWordShape(words_of(workshop, request.user), many=True).data)

    @extend_schema(request=RoomWordInput, responses={201: RoomWordShape, 200: RoomWordShape})
    def post(self, request: Request, pk: int) -> Response:
        workshop = ended_room_or_404(request.user, pk)
        asked = RoomWordInput(data=request.data)
        asked.is_valid(raise_exception=True)
        word: RoomWord = speak_after(by=request.user, workshop=workshop, **asked.validated_data)
        return created(word, RoomWordShape(word).data)
