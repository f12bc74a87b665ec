"""Steps of a project in JSON."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kocforum.ui.api.answers import OpIdField, created, validated
from kocforum.ui.api.moments import DayField

from ..actions.milestones import drop_milestone, plan_milestone, reach_milestone
from ..models import Initiative, Milestone
from ..rules.milestones import can_set_milestones


class MilestoneInput(serializers.Serializer):
    """What is to be reached, and until which day."""

    what = serializers.CharField(max_length=160)
    due_on = DayField(required=False, allow_null=True, default=None)
    op_id = OpIdField()


class MilestoneReachedInput(serializers.Serializer):
    """How it went, in a sentence."""

    words = serializers.CharField(max_length=600)


class MilestoneSerializer(serializers.ModelSerializer):
    """A step; `reached_at` is null until it is reached."""

    class Meta:
        model = Milestone
        fields = ("id", "what", "due_on", "words", "reached_at")
        read_only_fields = fields


def _initiative(request: Request, pk: int) -> Initiative:
    return get_object_or_404(Initiative.objects.visible_to(request.user), pk=pk)


class Milestones(generics.GenericAPIView):
    """The steps of an initiative, in the order of their days. POST sets another one (who leads it)."""

    serializer_class = MilestoneSerializer
    queryset = Milestone.objects.none()
    pagination_class = None

    @extend_schema(responses=MilestoneSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        rows = Milestone.objects.visible_to(request.user).filter(initiative=_initiative(request, pk))
        return Response(MilestoneSerializer(rows, many=True).data)

    @extend_schema(request=MilestoneInput, responses={201: MilestoneSerializer})
    def post(self, request: Request, pk: int) -> Response:
        found = _initiative(request, pk)
        sentence = _("Who leads it sets its milestones.")
        said = validated(MilestoneInput(data=request.data), lambda: can_set_milestones(request.user, found), sentence)
        made = plan_milestone(by=request.user, initiative=found, **said)
        return created(made, MilestoneSerializer(made).data)


class ReachMilestone(APIView):
    """It is reached."""

    @extend_schema(request=MilestoneReachedInput, responses=MilestoneSerializer)
    def post(self, request: Request, pk: int, milestone: int) -> Response:
        found = _initiative(request, pk)
        sentence = _("Who leads it sets its milestones.")
        said = validated(
            MilestoneReachedInput(data=request.data), lambda: can_set_milestones(request.user, found), sentence
        )
        row = get_object_or_404(found.milestones, pk=milestone)
        return Response(MilestoneSerializer(reach_milestone(by=request.user, milestone=row, **said)).data)


class OneMilestone(APIView):
    """DELETE: it will not come."""

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int, milestone: int) -> Response:
        drop_milestone(by=request.user, milestone=get_object_or_404(_initiative(request, pk).milestones, pk=milestone))
        return Response(status=status.HTTP_204_NO_CONTENT)
