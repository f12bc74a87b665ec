"""Surveys: make, change, open and close them; read what is asked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kocforum.errors import Conflict, require
from kocforum.ui.api.answers import OpIdField, created, validated
from kocforum.ui.api.moments import MomentField
from kocforum.ui.api.pages import CursorPagination

from ..actions.drafts import MOST_ANSWERS, Brief
from ..actions.instruments import Cell
from ..actions.moves import move_task
from ..actions.surveys import Terms, draft_survey, edit_survey
from ..actions.wordings import correct_wording
from ..enums import Goal, Privacy, ResultsPromise, TaskState
from ..models import QuotaCell, Survey, Task
from ..queries.instruments import questionnaire_of
from ..queries.surveys import problems_of
from ..rules.notation import to_data
from ..rules.questionnaire import Item
from ..rules.tasks import can_ask
from .survey_shapes import AudienceShape, QuestionsField, QuestionShape, QuotaShape

ONE_SURVEY = Survey.objects.select_related("task__audience")
SECONDS_PER_QUESTION = Decimal(10)


class SurveyInput(serializers.Serializer):
    """A survey as a draft. `guess` in percent by question and option, or by option of the first question that has some."""

    title = serializers.CharField(max_length=120)
    goal = serializers.ChoiceField(choices=Goal.choices, required=False, default=Goal.DISTRIBUTION)
    why = serializers.CharField(max_length=600, required=False, allow_blank=True, default="")
    decision = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    basis = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    minutes = serializers.DecimalField(max_digits=5, decimal_places=1, required=False, allow_null=True, default=None)
    guess = serializers.DictField(required=False, allow_null=True, default=dict)
    privacy = serializers.ChoiceField(choices=Privacy.choices, required=False, default=Privacy.CONFIDENTIAL)
    results = serializers.ChoiceField(
        choices=ResultsPromise.choices, required=False, default=ResultsPromise.AFTER_ANSWER
    )
    amendable = serializers.BooleanField(required=False, default=True)
    opens_at = MomentField(required=False, allow_null=True, default=None)
    closes_at = MomentField(required=False, allow_null=True, default=None)
    audience = AudienceShape(required=False, allow_null=True, default=dict)
    quotas = QuotaShape(many=True, required=False)
    questions = QuestionsField()
    on_front = serializers.BooleanField(required=False, default=False)
    enough = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=MOST_ANSWERS
    )
    op_id = OpIdField()


class SurveySerializer(serializers.ModelSerializer):
    """A survey as its reader sees it. Its number is the number of its task. Quotas, guess and problems are for staff."""

    id = serializers.IntegerField(source="task_id", read_only=True)
    title = serializers.CharField(source="task.title", read_only=True)
    goal = serializers.CharField(source="task.goal", read_only=True)
    why = serializers.CharField(source="task.why", read_only=True)
    decision = serializers.CharField(source="task.decision", read_only=True)
    state = serializers.CharField(source="task.state", read_only=True)
    minutes = serializers.FloatField(source="task.minutes", read_only=True)
    opens_at = serializers.DateTimeField(source="task.opens_at", read_only=True, allow_null=True)
    closes_at = serializers.DateTimeField(source="task.closes_at", read_only=True, allow_null=True)
    url = serializers.CharField(source="task.get_absolute_url", read_only=True)
    questions = serializers.SerializerMethodField()
    audience = serializers.SerializerMethodField()
    quotas = serializers.SerializerMethodField()
    problems = serializers.SerializerMethodField()

    class Meta:
        model = Survey
        fields = (
            "id",
            "title",
            "goal",
            "why",
            "decision",
            "state",
            "minutes",
            "opens_at",
            "closes_at",
            "privacy",
            "results",
            "amendable",
            "version",
            "guess",
            "audience",
            "quotas",
            "questions",
            "problems",
            "url",
        )
        read_only_fields = fields

    @extend_schema_field(QuestionShape(many=True))
    def get_questions(self, survey: Survey) -> list[dict[str, Any]]:
        said = [to_data(item) for item in questionnaire_of(survey, pictures=True).items]
        return said if self._staff else [{name: one[name] for name in one if name != "quota"} for one in said]

    @extend_schema_field(AudienceShape)
    def get_audience(self, survey: Survey) -> dict[str, Any]:
        return survey.task.audience.criteria

    @extend_schema_field(QuotaShape(many=True))
    def get_quotas(self, survey: Survey) -> list[dict[str, Any]]:
        cells = QuotaCell.objects.filter(survey=survey, option__isnull=True)
        return list(cells.values("limit", "model", "version", "koc_level"))

    def get_problems(self, survey: Survey) -> list[str]:
        """What stands against opening a draft; empty once it was opened."""
        return problems_of(survey.task) if survey.task.state == TaskState.DRAFT else []

    def to_representation(self, survey: Survey) -> dict[str, Any]:
        said = super().to_representation(survey)
        return said if self._staff else {name: said[name] for name in said if name not in FOR_STAFF}

    @property
    def _staff(self) -> bool:
        return bool(self.context["request"].user.is_staff)


FOR_STAFF = frozenset({"guess", "quotas", "problems", "audience"})


def surveys_seen_by(user: Any) -> QuerySet[Survey]:
    return ONE_SURVEY.filter(task__in=Task.objects.visible_to(user))


class ByTask(CursorPagination):
    ordering = "-task"


class SurveyList(generics.ListCreateAPIView):
    """Surveys that the reader may see, the newest first. POST makes a draft (researchers)."""

    serializer_class = SurveySerializer
    pagination_class = ByTask
    queryset = Survey.objects.none()

    def get_queryset(self) -> QuerySet[Survey]:
        return surveys_seen_by(self.request.user)

    @extend_schema(request=SurveyInput, responses={201: SurveySerializer, 200: SurveySerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sentence = _("Only researchers ask owners.")
        require(can_ask(request.user), sentence)
        said = validated(SurveyInput(data=request.data), lambda: can_ask(request.user), sentence)
        task = draft_survey(by=request.user, op_id=said.get("op_id"), **_parts(said))
        survey = ONE_SURVEY.get(task=task)
        survey.replayed = getattr(task, "replayed", False)
        return created(survey, self.get_serializer(survey).data)


class SurveyDetail(generics.GenericAPIView):
    """One survey. PATCH changes a draft (researchers); questions are given whole.

    Of a survey that is scheduled or open PATCH takes `questions` alone, with other words for the same: a new version.
    """

    serializer_class = SurveySerializer
    queryset = Survey.objects.none()

    @extend_schema(responses=SurveySerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(survey_or_404(request.user, pk)).data)

    @extend_schema(request=SurveyInput, responses=SurveySerializer)
    def patch(self, request: Request, pk: int) -> Response:
        survey = survey_or_404(request.user, pk)
        require(can_ask(request.user), _("Only researchers ask owners."))
        if survey.task.state != TaskState.DRAFT and set(request.data) == {"questions"}:
            return self._corrected(request, survey)
        if survey.task.state != TaskState.DRAFT:
            raise Conflict(_("Only a draft can be changed. What was opened stays as people saw it."))
        asked = SurveyInput(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        edit_survey(by=request.user, task=survey.task, **_parts({**_as_it_is(survey), **asked.validated_data}))
        return Response(self.get_serializer(survey_or_404(request.user, pk)).data)

    def _corrected(self, request: Request, survey: Survey) -> Response:
        """While people answer, questions alone may come with other words."""
        asked = SurveyInput(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        correct_wording(by=request.user, task=survey.task, items=asked.validated_data["questions"])
        return Response(self.get_serializer(survey_or_404(request.user, survey.task_id)).data)


class SurveyMove(APIView):
    """From draft to open in one call, and from open to closed (researchers)."""

    to = TaskState.OPEN

    @extend_schema(request=None, responses=SurveySerializer)
    def post(self, request: Request, pk: int) -> Response:
        survey = survey_or_404(request.user, pk)
        move_task(by=request.user, task=survey.task, to=self.to, expected=survey.task.state)
        found = survey_or_404(request.user, pk)
        return Response(SurveySerializer(found, context={"request": request}).data)


def survey_or_404(user: Any, pk: int) -> Survey:
    """By the number of its task, as far as this person may see it."""
    tasks = Task.objects.visible_to(user).select_related("survey", "audience")
    return get_object_or_404(tasks, pk=pk, survey__isnull=False).survey


def _parts(said: dict[str, Any]) -> dict[str, Any]:
    """What the action takes of what was said."""
    items = said["questions"]
    return {
        "brief": Brief(
            title=said["title"],
            goal=said["goal"],
            why=said["why"],
            decision=said["decision"],
            basis=said["basis"],
            minutes=said["minutes"] or usual_minutes(items),
            opens_at=said["opens_at"],
            closes_at=said["closes_at"],
            criteria=dict(said["audience"] or {}),
            on_front=said["on_front"],
            enough=said["enough"],
            thread=said.get("thread"),
        ),
        "items": items,
        "terms": Terms(
            privacy=said["privacy"],
            results=said["results"],
            amendable=said["amendable"],
            guess=said["guess"] or {},
            cells=[Cell(**cell) for cell in said.get("quotas", ())],
        ),
    }


def usual_minutes(items: list[Item]) -> Decimal:
    """Ten seconds a question, where nobody said how long it takes; a tenth of a minute at least."""
    return max(Decimal("0.1"), (len(items) * SECONDS_PER_QUESTION / 60).quantize(Decimal("0.1")))


def _as_it_is(survey: Survey) -> dict[str, Any]:
    task = survey.task
    cells = QuotaCell.objects.filter(survey=survey, option__isnull=True)
    return {
        **{name: getattr(task, name) for name in ("title", "goal", "why", "decision", "basis", "minutes", "on_front")},
        **{name: getattr(task, name) for name in ("opens_at", "closes_at", "thread")},
        **{name: getattr(survey, name) for name in ("privacy", "results", "amendable", "guess")},
        "audience": task.audience.criteria,
        "enough": task.audience.enough,
        "questions": list(questionnaire_of(survey, pictures=True).items),
        "quotas": list(cells.values("limit", "model", "version", "koc_level")),
    }
