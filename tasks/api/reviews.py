"""How the brand answers a proposal, and what it lends, in JSON."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kocforum.errors import Forbidden, Invalid
from kocforum.ui.api.answers import validated
from kocforum.ui.api.moments import MomentField

from ..actions import endorsements, reviews
from ..enums import EndorsementState, ProposalState, Verdict
from ..models import Decision, Endorsement, EndorsementChange, Initiative, Review
from ..models.reviews import CRITERIA
from ..queries.reviews import desk_of
from ..rules.reviews import can_decide, can_move_endorsement, can_score, can_see_proposals_desk
from .initiatives import initiative_or_404

ANSWERS = {
    "endorsed": Verdict.FULL,
    "conditional": Verdict.CONDITIONAL,
    "declined": Verdict.DECLINED,
    "changes_asked": ProposalState.CHANGES_ASKED,
}


class ScoresField(serializers.Serializer):
    """1 to 5 on each criterion."""

    for_owners = serializers.IntegerField(min_value=1, max_value=5)
    doable = serializers.IntegerField(min_value=1, max_value=5)
    safe = serializers.IntegerField(min_value=1, max_value=5)
    fits = serializers.IntegerField(min_value=1, max_value=5)


class ReviewInput(serializers.Serializer):
    """A reviewer gives `scores` (or says `conflict`), an approver an answer: `to` with `reason`. `granted`: an amount for each line."""

    version = serializers.IntegerField(min_value=1, required=False)
    scores = ScoresField(required=False)
    words = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    conflict = serializers.BooleanField(required=False, default=False)
    to = serializers.ChoiceField(choices=sorted(ANSWERS), required=False)
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    conditions = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    granted = serializers.ListField(child=serializers.IntegerField(min_value=0, allow_null=True), required=False)
    tell_at = MomentField(required=False, allow_null=True, default=None)


class ReviewSerializer(serializers.ModelSerializer):
    """The scores of one colleague."""

    reviewer = serializers.CharField(source="reviewer.username", read_only=True)

    class Meta:
        model = Review
        fields = ("reviewer", "version", "round", "conflict", *CRITERIA, "words", "at")
        read_only_fields = fields


class DecisionSerializer(serializers.ModelSerializer):
    """What was decided; `told_at` is empty while it waits to be told."""

    by = serializers.CharField(source="by.username", read_only=True)

    class Meta:
        model = Decision
        fields = ("verdict", "reason", "conditions", "by", "at", "tell_at", "told_at")
        read_only_fields = fields


class AnswerSerializer(serializers.Serializer):
    """Where a proposal stands with the brand. Scores of others are in it after the own ones."""

    state = serializers.CharField(source="initiative.state", read_only=True)
    version = serializers.IntegerField(source="initiative.version", read_only=True)
    answer_due_at = serializers.DateTimeField(source="initiative.answer_due_at", read_only=True, allow_null=True)
    needed = serializers.IntegerField(read_only=True)
    given = serializers.IntegerField(read_only=True)
    reviews = ReviewSerializer(many=True, read_only=True)
    decision = DecisionSerializer(read_only=True, allow_null=True)


class InitiativeReview(APIView):
    """The brand's side of a proposal (staff): scores and the answer."""

    def _found(self, request: Request, pk: int) -> Initiative:
        found = initiative_or_404(request.user, pk)
        if not can_see_proposals_desk(request.user):
            raise Forbidden(_("This is the brand's side."))
        return found

    def _answer(self, request: Request, pk: int) -> Response:
        found = initiative_or_404(request.user, pk)
        return Response(AnswerSerializer({"initiative": found, **desk_of(found, request.user)}).data)

    @extend_schema(responses=AnswerSerializer)
    def get(self, request: Request, pk: int) -> Response:
        self._found(request, pk)
        return self._answer(request, pk)

    @extend_schema(request=ReviewInput, responses=AnswerSerializer)
    def post(self, request: Request, pk: int) -> Response:
        found = self._found(request, pk)
        decides = "to" in request.data if isinstance(request.data, dict) else False
        may = can_decide if decides else can_score
        said = validated(ReviewInput(data=request.data), lambda: may(request.user, found), _("You cannot review this."))
        if not decides:
            self._score(request, found, said)
        elif said["to"] == "changes_asked":
            reviews.ask_for_changes(by=request.user, initiative=found, what=said["reason"])
        else:
            reviews.decide(
                by=request.user,
                initiative=found,
                verdict=ANSWERS[said["to"]],
                reason=said["reason"],
                conditions=said["conditions"],
                granted=said.get("granted"),
                tell_at=said["tell_at"],
                version=said.get("version"),
            )
        return self._answer(request, pk)

    def _score(self, request: Request, found: Initiative, said: dict[str, Any]) -> None:
        if not said["conflict"] and "scores" not in said:
            if (may := can_score(request.user, found)) is not True:
                raise may
            raise Invalid({"scores": _("Give scores, or say that you are too close to it.")})
        reviews.score(
            by=request.user,
            initiative=found,
            version=said.get("version", found.version),
            scores=said.get("scores"),
            words=said["words"],
            conflict=said["conflict"],
        )


class ChangeSerializer(serializers.ModelSerializer):
    """What happened to an endorsement, and why."""

    class Meta:
        model = EndorsementChange
        fields = ("from_state", "to_state", "reason", "at")
        read_only_fields = fields


class EndorsementSerializer(serializers.ModelSerializer):
    """What was certified (`payload`, `sha256`) and what holds now (`state`)."""

    initiative = serializers.IntegerField(source="initiative_id", read_only=True)
    payload = serializers.DictField(read_only=True)
    changes = ChangeSerializer(many=True, read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Endorsement
        fields = (
            "code", "state", "needs_reconfirmation", "initiative", "payload", "sha256", "granted_at", "expires_at",
            "answer_by", "changes", "url",
        )  # fmt: skip
        read_only_fields = fields


class MoveInput(serializers.Serializer):
    """Suspend, lift (`active`) or revoke, with the reason that everybody reads."""

    to = serializers.ChoiceField(
        choices=[EndorsementState.ACTIVE, EndorsementState.SUSPENDED, EndorsementState.REVOKED]
    )
    reason = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class EndorsementDetail(APIView):
    """One endorsement by its code, for everybody. POST moves it (approvers)."""

    def _found(self, code: str) -> Endorsement:
        found = (
            Endorsement.objects.visible_to(self.request.user).select_related("initiative").prefetch_related("changes")
        )
        return get_object_or_404(found, code=code.upper())

    @extend_schema(responses=EndorsementSerializer)
    def get(self, request: Request, code: str) -> Response:
        return Response(EndorsementSerializer(self._found(code)).data)

    @extend_schema(request=MoveInput, responses=EndorsementSerializer)
    def post(self, request: Request, code: str) -> Response:
        found = self._found(code)
        said = validated(
            MoveInput(data=request.data),
            lambda: can_move_endorsement(request.user, found),
            _("Approvers suspend, lift and revoke."),
        )
        endorsements.move_endorsement(by=request.user, endorsement=found, to=said["to"], reason=said["reason"])
        return Response(EndorsementSerializer(self._found(code)).data)
