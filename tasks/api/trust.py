"""The trust envelope in JSON: the own one with its promises, contest one, and the approvers' answers."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kocforum.errors import Invalid
from kocforum.ui.api.answers import OpIdField, created, validated
from kocforum.ui.api.pages import CursorPagination

from ..actions.trust import MOST_WORDS, answer_contest, contest_promise
from ..enums import ContestState, PromiseKind, PromiseState
from ..models import Initiative, TrustContest
from ..queries.trust import trust_of
from ..rules.trust import (
    BASE_MINOR,
    BROKEN_STEPS,
    CURRENCY,
    LAST_INITIATIVES,
    MOST_MINOR,
    STEP_MINOR,
    can_answer,
    can_contest,
)

BIGGEST = 2**63 - 1


class TrustContestSerializer(serializers.ModelSerializer):
    """What is contested about one promise of an initiative, and the answer: `kept` and `left_out` agree, `stands` does not."""

    initiative = serializers.IntegerField(source="initiative_id", read_only=True)
    by = serializers.CharField(source="by.username", read_only=True)

    class Meta:
        model = TrustContest
        fields = ("id", "initiative", "kind", "by", "words", "state", "reason", "at", "answered_at")
        read_only_fields = fields


class PromiseSerializer(serializers.Serializer):
    """One promise, what it came to and why; `due_at`: until when it can be kept."""

    initiative = serializers.IntegerField(source="initiative.pk")
    title = serializers.CharField(source="initiative.title")
    kind = serializers.ChoiceField(choices=PromiseKind.choices)
    state = serializers.ChoiceField(choices=PromiseState.choices)
    why = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    contests = TrustContestSerializer(many=True)


class FormulaSerializer(serializers.Serializer):
    """ceiling = min(most, base + step × max(0, kept − broken_steps × broken)), over the last initiatives."""

    base_minor = serializers.IntegerField()
    step_minor = serializers.IntegerField()
    broken_steps = serializers.IntegerField()
    most_minor = serializers.IntegerField()
    last_initiatives = serializers.IntegerField()


class TrustSerializer(serializers.Serializer):
    """Up to which sum, in the smallest unit of `currency`, one approver may grant alone within 48 hours, and why."""

    ceiling_minor = serializers.IntegerField()
    currency = serializers.CharField()
    kept = serializers.IntegerField()
    broken = serializers.IntegerField()
    formula = FormulaSerializer()
    promises = PromiseSerializer(many=True)


class OwnTrust(APIView):
    """The own envelope. Nobody else's is told here."""

    permission_classes = [IsAuthenticated]

    @extend_schema(responses=TrustSerializer)
    def get(self, request: Request) -> Response:
        found = trust_of(request.user)
        told = {
            "ceiling_minor": found.ceiling_minor,
            "currency": CURRENCY,
            "kept": found.kept,
            "broken": found.broken,
            "formula": {
                "base_minor": BASE_MINOR,
                "step_minor": STEP_MINOR,
                "broken_steps": BROKEN_STEPS,
                "most_minor": MOST_MINOR,
                "last_initiatives": LAST_INITIATIVES,
            },
            "promises": found.promises,
        }
        return Response(TrustSerializer(told).data)


class ContestInput(serializers.Serializer):
    """`initiative` and `kind` name the promise; `words` say what was different."""

    initiative = serializers.IntegerField(min_value=1, max_value=BIGGEST)
    kind = serializers.ChoiceField(choices=PromiseKind.choices)
    words = serializers.CharField(max_length=MOST_WORDS)
    op_id = OpIdField()


class Contests(generics.ListCreateAPIView):
    """The own contests; approvers read everybody's. POST contests a promise that counted as not kept."""

    serializer_class = TrustContestSerializer
    pagination_class = CursorPagination
    queryset = TrustContest.objects.none()
    permission_classes = [IsAuthenticated]

    def get_queryset(self) -> QuerySet[TrustContest]:
        if getattr(self, "swagger_fake_view", False):
            return TrustContest.objects.none()
        return TrustContest.objects.visible_to(self.request.user).select_related("by")

    @extend_schema(request=ContestInput, responses={201: TrustContestSerializer, 200: TrustContestSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        named = request.data.get("initiative") if isinstance(request.data, dict) else None
        found = _known(request.user, named)
        allowed = (lambda: can_contest(request.user, found)) if found else (lambda: True)
        said = validated(
            ContestInput(data=request.data), allowed, _("What counted is contested by whom it counted for.")
        )
        if found is None:
            raise Invalid({"initiative": _("There is no such initiative.")})
        made = contest_promise(by=request.user, **{**said, "initiative": found})
        return created(made, self.get_serializer(made).data)


def _known(user: Any, named: Any) -> Initiative | None:
    digits = str(named)
    if isinstance(named, bool) or not digits.isascii() or not digits.isdigit() or len(digits) > len(str(BIGGEST)):
        return None  # so many digits are no number of ours, and Python refuses to read thousands
    if int(digits) > BIGGEST:
        return None
    return Initiative.objects.visible_to(user).filter(pk=int(digits)).first()


class ContestAnswerInput(serializers.Serializer):
    """`kept`: it counts as kept; `left_out`: it does not count; `stands`: it stays as it is."""

    to = serializers.ChoiceField(choices=[choice for choice in ContestState.choices if choice[0] != ContestState.OPEN])
    reason = serializers.CharField(max_length=MOST_WORDS)


class ContestAnswer(generics.GenericAPIView):
    """Answer what is contested: an approver who did not decide on that initiative, once."""

    serializer_class = TrustContestSerializer
    queryset = TrustContest.objects.none()
    permission_classes = [IsAuthenticated]

    @extend_schema(request=ContestAnswerInput, responses=TrustContestSerializer)
    def post(self, request: Request, pk: int) -> Response:
        if pk > BIGGEST:
            raise Http404
        seen = TrustContest.objects.visible_to(request.user).select_related("initiative", "by")
        found = get_object_or_404(seen, pk=pk)
        allowed = can_answer(request.user, found)
        said = validated(ContestAnswerInput(data=request.data), lambda: allowed, _("Approvers answer."))
        return Response(self.get_serializer(answer_contest(by=request.user, contest=found, **said)).data)
