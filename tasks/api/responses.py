"""Answer a survey; read one's own state."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.generics import get_object_or_404
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kocforum.errors import Conflict, Invalid, Refused, require
from kocforum.ui.api.answers import OpIdField
from kocforum.ui.api.moments import DayField

from ..actions.responses import answer_survey, save_draft, withdraw_response
from ..models import Participation, Survey
from ..queries.respondents import is_over_quota, own_draft, own_response
from ..rules.surveys import can_answer
from .surveys import ONE_SURVEY, survey_or_404


class ResponseInput(serializers.Serializer):
    """`answers` by key of the question. With `draft` they are kept and not sent."""

    answers = serializers.DictField(required=False, default=dict)
    draft = serializers.BooleanField(required=False, default=False)
    seconds = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=10**6, default=None)
    op_id = OpIdField()


class ResponseReceipt(serializers.Serializer):
    """That somebody answered, to the day. Of what was answered it says nothing."""

    survey = serializers.IntegerField()
    answered = serializers.BooleanField()
    on = DayField(allow_null=True)


class OwnResponse(ResponseReceipt):
    """`answers`: the own ones, sent or kept as a draft; null where there are none, and of an anonymous survey for good."""

    answers = serializers.DictField(allow_null=True)
    draft = serializers.BooleanField(help_text="Whether a draft is kept that was not sent.")
    full = serializers.BooleanField(required=False, help_text="A quota in which the draft stands has no place left.")


class Responses(APIView):
    """GET tells the own state. POST answers: 201 the first time, 200 for a replay, a second answer or a draft."""

    permission_classes = [IsAuthenticated]

    @extend_schema(responses=OwnResponse)
    def get(self, request: Request, pk: int) -> Response:
        return Response(own_state(survey_or_404(request.user, pk), request.user))

    @extend_schema(request=ResponseInput, responses={201: ResponseReceipt, 200: ResponseReceipt})
    def post(self, request: Request, pk: int) -> Response:
        # Who may answer may know of it; who may not is told why only as far as they may know that it is there.
        survey = get_object_or_404(ONE_SURVEY, task_id=pk)
        try:
            return self._answered(request, survey)
        except Refused:
            survey_or_404(request.user, pk)
            raise

    def _answered(self, request: Request, survey: Survey) -> Response:
        asked = ResponseInput(data=request.data)
        if not asked.is_valid():
            allowed = can_answer(request.user, survey=survey, draft=own_draft(survey, request.user))
            require(allowed, _("You cannot answer here."))
            raise exceptions.ValidationError(asked.errors)
        said = asked.validated_data
        try:
            if said["draft"]:
                kept = save_draft(by=request.user, task=survey.task, answers=said["answers"])
                return Response({**own_state(survey, request.user), "full": kept.full})
            took = answer_survey(
                by=request.user,
                task=survey.task,
                answers=said["answers"],
                seconds=said["seconds"],
                op_id=said.get("op_id"),
            )
        except Invalid as invalid:
            said = {key: [str(line) for line in lines] for key, lines in invalid.fields.items()}
            raise exceptions.ValidationError({"answers": said}) from invalid
        if is_over_quota(survey, took, request.user):
            raise Conflict(_("This group is complete. Thank you: your answer is kept, and it is not counted."))
        fresh = getattr(took, "fresh", False) and not getattr(took, "replayed", False)
        return Response(receipt(survey, took), status=status.HTTP_201_CREATED if fresh else status.HTTP_200_OK)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Take the own answer back, where it is known as one's own."""
        withdraw_response(by=request.user, task=survey_or_404(request.user, pk).task)
        return Response(status=status.HTTP_204_NO_CONTENT)


def receipt(survey: Survey, took: Participation | None) -> dict[str, Any]:
    return {"survey": survey.task_id, "answered": took is not None, "on": took.on if took else None}


def own_state(survey: Survey, user: Any) -> dict[str, Any]:
    """What this person answered or began."""
    took = Participation.objects.filter(task=survey.task_id, member=user.pk).first()
    draft, response = own_draft(survey, user), own_response(survey, user)
    kept = draft or response
    return {**receipt(survey, took), "answers": kept.answers if kept else None, "draft": draft is not None}
