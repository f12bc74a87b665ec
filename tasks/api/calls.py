"""Calls: make, open, reveal and close them; read what is asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kocforum.errors import Conflict, Invalid, require
from kocforum.ui.api.answers import OpIdField, created, validated
from kocforum.ui.api.moments import MomentField
from kocforum.ui.api.pages import CursorPagination

from ..actions.call_rounds import reveal
from ..actions.calls import MOST_WAIT, USUAL_MINUTES, Terms, draft_call, edit_call
from ..actions.drafts import Brief
from ..actions.moves import move_task
from ..enums import CallKind, Goal, TaskState
from ..models import Call, Task
from ..queries.calls import problems_of
from ..rules.tasks import can_ask
from .survey_shapes import AudienceShape

ONE_CALL = Call.objects.select_related("task__audience").prefetch_related("clarifications")


class HeadingShape(serializers.Serializer):
    """One heading that an entry answers."""

    key = serializers.CharField(required=False, max_length=24)
    heading = serializers.CharField(max_length=60)
    hint = serializers.CharField(required=False, allow_blank=True, max_length=200)
    required = serializers.BooleanField(required=False, default=True)


class CallInput(serializers.Serializer):
    """A call as a draft. Without a prompt the title is asked; an invited one is sealed unless it says otherwise.

    `invitees` are user names; with some the call is invited. A sealed call without `reveal_at` is revealed when all have given.
    """

    title = serializers.CharField(max_length=120)
    prompt = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    goal = serializers.ChoiceField(choices=Goal.choices, required=False, default=Goal.DEPTH)
    why = serializers.CharField(max_length=600, required=False, allow_blank=True, default="")
    decision = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    use = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    basis = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    kind = serializers.ChoiceField(choices=CallKind.choices, required=False, allow_null=True, default=None)
    sealed = serializers.BooleanField(required=False, allow_null=True, default=None)
    staff_reads = serializers.BooleanField(required=False, default=False)
    confidential = serializers.BooleanField(required=False, default=False)
    invitees = serializers.ListField(child=serializers.CharField(max_length=150), required=False, default=list)
    audience = AudienceShape(required=False, allow_null=True, default=dict)
    scaffold = HeadingShape(many=True, required=False, default=list)
    minutes = serializers.DecimalField(max_digits=5, decimal_places=1, required=False, default=USUAL_MINUTES)
    opens_at = MomentField(required=False, allow_null=True, default=None)
    reveal_at = MomentField(required=False, allow_null=True, default=None)
    community_at = MomentField(required=False, allow_null=True, default=None)
    closes_at = MomentField(required=False, allow_null=True, default=None)
    staff_wait = serializers.IntegerField(required=False, default=3, min_value=0, max_value=MOST_WAIT)
    on_front = serializers.BooleanField(required=False, default=False)
    op_id = OpIdField()


class ClarificationSerializer(serializers.Serializer):
    text = serializers.CharField()
    at = serializers.DateTimeField()


class CallSerializer(serializers.ModelSerializer):
    """A call as its reader sees it. Its number is the number of its task. Invitees and problems are for staff."""

    id = serializers.IntegerField(source="task_id", read_only=True)
    title = serializers.CharField(source="task.title", read_only=True)
    goal = serializers.CharField(source="task.goal", read_only=True)
    why = serializers.CharField(source="task.why", read_only=True)
    decision = serializers.CharField(source="task.decision", read_only=True)
    state = serializers.CharField(source="task.state", read_only=True)
    minutes = serializers.FloatField(source="task.minutes", read_only=True)
    opens_at = serializers.DateTimeField(source="task.opens_at", read_only=True, allow_null=True)
    closes_at = serializers.DateTimeField(source="task.closes_at", read_only=True, allow_null=True)
    confidential = serializers.BooleanField(source="task.is_confidential", read_only=True)
    url = serializers.CharField(source="task.get_absolute_url", read_only=True)
    clarifications = ClarificationSerializer(many=True, read_only=True)
    entries = serializers.SerializerMethodField()
    audience = serializers.SerializerMethodField()
    problems = serializers.SerializerMethodField()

    class Meta:
        model = Call
        fields = (
            "id", "title", "prompt", "goal", "why", "decision", "use", "state", "round", "kind", "sealed", "staff_reads",
            "confidential", "scaffold", "minutes", "opens_at", "reveal_at", "community_at", "revealed_at", "extended_at",
            "closes_at", "staff_wait", "clarifications", "entries", "audience", "problems", "url",
        )  # fmt: skip
        read_only_fields = fields

    def get_entries(self, call: Call) -> int:
        """How many were given, sealed or not."""
        return call.entries.given().count()

    @extend_schema_field(AudienceShape)
    def get_audience(self, call: Call) -> dict[str, Any]:
        return call.task.audience.criteria

    def get_problems(self, call: Call) -> list[str]:
        """What stands against opening a draft; empty once it was opened."""
        return problems_of(call.task) if call.task.state == TaskState.DRAFT else []

    def to_representation(self, call: Call) -> dict[str, Any]:
        said = super().to_representation(call)
        if not self.context["request"].user.is_staff:
            said.pop("audience")
            said.pop("problems")
        return said


def calls_seen_by(user: Any) -> QuerySet[Call]:
    return ONE_CALL.filter(task__in=Task.objects.visible_to(user))


def call_or_404(user: Any, pk: int) -> Call:
    """By the number of its task, as far as this person may see it."""
    return get_object_or_404(calls_seen_by(user), task_id=pk)


class ByTask(CursorPagination):
    ordering = "-task"


class CallList(generics.ListCreateAPIView):
    """Calls that the reader may see, the newest first. POST makes a draft (researchers)."""

    serializer_class = CallSerializer
    pagination_class = ByTask
    queryset = Call.objects.none()

    def get_queryset(self) -> QuerySet[Call]:
        return calls_seen_by(self.request.user)

    @extend_schema(request=CallInput, responses={201: CallSerializer, 200: CallSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sentence = _("Only researchers ask owners.")
        require(can_ask(request.user), sentence)
        said = validated(CallInput(data=request.data), lambda: can_ask(request.user), sentence)
        task = _named_right(lambda: draft_call(by=request.user, op_id=said.get("op_id"), **_parts(said)))
        call = ONE_CALL.get(task=task)
        call.replayed = getattr(task, "replayed", False)
        return created(call, self.get_serializer(call).data)


class CallDetail(generics.GenericAPIView):
    """One call. PATCH changes a draft (researchers)."""

    serializer_class = CallSerializer
    queryset = Call.objects.none()

    @extend_schema(responses=CallSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(call_or_404(request.user, pk)).data)

    @extend_schema(request=CallInput, responses=CallSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        call = call_or_404(request.user, pk)
        require(can_ask(request.user), _("Only researchers ask owners."))
        if call.task.state != TaskState.DRAFT:
            raise Conflict(_("Only a draft can be changed. What was opened stays as people saw it."))
        asked = CallInput(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        parts = _parts({**_as_it_is(call), **asked.validated_data})
        _named_right(lambda: edit_call(by=request.user, task=call.task, **parts))
        return Response(self.get_serializer(call_or_404(request.user, pk)).data)


class CallMove(APIView):
    """From draft to open in one call, and from open to closed (researchers)."""

    to = TaskState.OPEN

    @extend_schema(request=None, responses=CallSerializer)
    def post(self, request: Request, pk: int) -> Response:
        call = call_or_404(request.user, pk)
        move_task(by=request.user, task=call.task, to=self.to, expected=call.task.state)
        return Response(CallSerializer(call_or_404(request.user, pk), context={"request": request}).data)


class CallReveal(APIView):
    """Let those who gave their own read the others', now (researchers). It cannot be sealed again."""

    @extend_schema(request=None, responses=CallSerializer)
    def post(self, request: Request, pk: int) -> Response:
        reveal(by=request.user, call=call_or_404(request.user, pk))
        return Response(CallSerializer(call_or_404(request.user, pk), context={"request": request}).data)


def _named_right(act: Any) -> Any:
    """What the brief calls an audience was given as invitees here."""
    try:
        return act()
    except Invalid as refused:
        raise Invalid({{"audience": "invitees"}.get(name, name): said for name, said in refused.fields.items()})


def _parts(said: dict[str, Any]) -> dict[str, Any]:
    """What the action takes of what was said."""
    kind = said["kind"] or (CallKind.INVITED if said["invitees"] else CallKind.OPEN)
    sealed = kind == CallKind.INVITED if said["sealed"] is None else said["sealed"]
    closes_at: datetime | None = said["closes_at"]
    shared = ("title", "goal", "why", "decision", "basis", "minutes", "opens_at", "on_front")
    own = ("use", "staff_reads", "confidential", "reveal_at", "community_at", "scaffold", "staff_wait")
    criteria = {"members": said["invitees"]} if said["invitees"] else dict(said["audience"] or {})
    return {
        "brief": Brief(**{name: said[name] for name in shared}, closes_at=closes_at, criteria=criteria),
        "terms": Terms(
            **{name: said[name] for name in own}, kind=kind, sealed=sealed, prompt=said["prompt"] or said["title"]
        ),
    }


def _as_it_is(call: Call) -> dict[str, Any]:
    task = call.task
    of_task = ("title", "goal", "why", "decision", "basis", "minutes", "opens_at", "closes_at", "on_front")
    of_call = ("prompt", "use", "kind", "sealed", "staff_reads", "reveal_at", "community_at", "scaffold", "staff_wait")
    members = task.audience.criteria.get("members", [])
    return {
        **{name: getattr(task, name) for name in of_task},
        **{name: getattr(call, name) for name in of_call},
        "confidential": task.is_confidential,
        "invitees": members,
        "audience": {} if members else task.audience.criteria,
    }
