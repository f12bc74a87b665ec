"""Initiatives in JSON: save a draft, write on, submit, take back, appeal, stand behind one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kocforum.errors import Invalid, require
from kocforum.members.models import Member
from kocforum.ui.api.answers import OpIdField, created, validated
from kocforum.ui.api.moments import DayField
from kocforum.ui.api.pages import CursorPagination

from ..actions import proposals
from ..actions.initiatives import MOST_MINOR, AskDraft, Pitch, draft_initiative, edit_initiative
from ..enums import AskKind, SupportKind
from ..models import Ask, Club, Initiative, Support
from ..rules.initiatives import MOST_LINES, can_edit, can_propose, is_of


class AskInput(serializers.Serializer):
    """One line of what is asked; money in the smallest unit of its currency."""

    kind = serializers.ChoiceField(choices=AskKind.choices)
    what = serializers.CharField(max_length=200)
    amount_minor = serializers.IntegerField(
        min_value=1, max_value=MOST_MINOR, required=False, allow_null=True, default=None
    )
    currency = serializers.RegexField("^[A-Z]{3}$", required=False, allow_blank=True, default="CNY")


class InitiativeInput(serializers.Serializer):
    """What a KOC wants to do. `deputy` is a user name and `clubs` are slugs; `deputy` and `safety`, one point a line, are
    needed before it is submitted."""

    title = serializers.CharField(max_length=120)
    summary = serializers.CharField(max_length=600)
    plan = serializers.CharField(max_length=8000)
    asks = AskInput(many=True, required=False, max_length=MOST_LINES)
    begins_on = DayField(required=False, allow_null=True)
    ends_on = DayField(required=False, allow_null=True)
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    for_whom = serializers.CharField(max_length=200, required=False, allow_blank=True)
    heads = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False, allow_null=True)
    safety = serializers.ListField(child=serializers.CharField(max_length=300), required=False, max_length=MOST_LINES)
    deputy = serializers.CharField(max_length=40, required=False, allow_blank=True, allow_null=True)
    clubs = serializers.ListField(child=serializers.SlugField(max_length=40), required=False, max_length=MOST_LINES)
    shown_to_members = serializers.BooleanField(required=False)
    op_id = OpIdField()


class AskSerializer(serializers.ModelSerializer):
    """One line of what is asked."""

    class Meta:
        model = Ask
        fields = ("kind", "what", "amount_minor", "currency")
        read_only_fields = fields


class InitiativeSerializer(serializers.ModelSerializer):
    """An initiative as this reader may know it: its people read what they write, everybody else what was submitted last. `small` and
    `answer_due_at` are null but for its people and colleagues: they follow from what only the leader and approvers see."""

    proposer = serializers.CharField(source="proposer.username", read_only=True, allow_null=True, default=None)
    deputy = serializers.CharField(source="deputy.username", read_only=True, allow_null=True, default=None)
    clubs = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)
    asks = AskSerializer(many=True, read_only=True)
    safety = serializers.ListField(child=serializers.CharField(), read_only=True)
    small = serializers.BooleanField(read_only=True, allow_null=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Initiative
        fields = (
            "id", "title", "summary", "plan", "asks", "begins_on", "ends_on", "place", "for_whom", "heads", "safety", "clubs",
            "proposer", "deputy", "deputy_agreed_at", "shown_to_members", "state", "version", "round", "small", "changes_asked",
            "submitted_at", "answer_due_at", "url",
        )  # fmt: skip
        read_only_fields = fields

    def to_representation(self, initiative: Initiative) -> dict[str, Any]:
        told = super().to_representation(initiative)
        reader = self.context["request"].user
        own = is_of(reader, initiative)
        if not own and not reader.is_staff:
            told |= {"small": None, "answer_due_at": None}
        if initiative.is_writable and initiative.version and not own:
            frozen = max(initiative.versions.all(), key=lambda one: one.number).content
            told |= {name: value for name, value in frozen.items() if name not in {"clubs", "proposer", "deputy"}}
            told["changes_asked"] = ""
        return told


def initiatives_seen_by(user: Any) -> QuerySet[Initiative]:
    seen = Initiative.objects.visible_to(user).select_related("proposer", "deputy")
    return seen.prefetch_related("asks", "clubs", "versions")


def initiative_or_404(user: Any, pk: int) -> Initiative:
    return get_object_or_404(initiatives_seen_by(user), pk=pk)


def pitch_from(said: dict[str, Any], user: Any, before: dict[str, Any] | None = None) -> Pitch:
    """Names as rows; what is left out stays as it was."""
    values = {**(before or {}), **{name: value for name, value in said.items() if name != "op_id"}}
    if "asks" in said:
        values["asks"] = [
            AskDraft(**{**ask, "currency": ask["currency"] if ask["amount_minor"] else ""}) for ask in said["asks"]
        ]
    if "deputy" in said:
        values["deputy"] = _member(said["deputy"], user)
    if "clubs" in said:
        found = {club.slug: club for club in Club.objects.visible_to(user).filter(slug__in=said["clubs"])}
        if unknown := [slug for slug in said["clubs"] if slug not in found]:
            raise Invalid({"clubs": _("“%(word)s” is not known here.") % {"word": unknown[0]}})
        values["clubs"] = list(found.values())
    return Pitch(**values)


def _member(name: str | None, user: Any) -> Member | None:
    if not name:
        return None
    if (found := Member.objects.visible_to(user).filter(username=name).first()) is None:
        raise Invalid({"deputy": _("“%(word)s” is not known here.") % {"word": name}})
    return found


def kept_in(initiative: Initiative) -> dict[str, Any]:
    """What stands in the row, as a pitch takes it."""
    names = ("title", "summary", "plan", "begins_on", "ends_on", "place", "for_whom", "heads", "safety", "deputy", "shown_to_members")  # fmt: skip
    lines = ("kind", "what", "amount_minor", "currency")
    return {
        **{name: getattr(initiative, name) for name in names},
        "asks": [AskDraft(**{name: getattr(ask, name) for name in lines}) for ask in initiative.asks.all()],
        "clubs": list(initiative.clubs.all()),
    }


class InitiativeList(generics.ListCreateAPIView):
    """Initiatives that the reader may know, the newest first. POST saves a draft (KOC with standing)."""

    serializer_class = InitiativeSerializer
    pagination_class = CursorPagination
    queryset = Initiative.objects.none()

    def get_queryset(self) -> QuerySet[Initiative]:
        return initiatives_seen_by(self.request.user)

    @extend_schema(request=InitiativeInput, responses={201: InitiativeSerializer, 200: InitiativeSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        sentence = _("You cannot propose an initiative.")
        require(can_propose(request.user), sentence)
        said = validated(InitiativeInput(data=request.data), lambda: can_propose(request.user), sentence)
        made = draft_initiative(by=request.user, pitch=pitch_from(said, request.user), op_id=said.get("op_id"))
        shown = initiative_or_404(request.user, made.pk)
        shown.replayed = getattr(made, "replayed", False)
        return created(shown, self.get_serializer(shown).data)


class InitiativeDetail(generics.GenericAPIView):
    """One initiative. PATCH writes on, while nothing is frozen."""

    serializer_class = InitiativeSerializer
    queryset = Initiative.objects.none()

    @extend_schema(responses=InitiativeSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(initiative_or_404(request.user, pk)).data)

    @extend_schema(request=InitiativeInput, responses=InitiativeSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        found = initiative_or_404(request.user, pk)
        sentence = _("You cannot write on this proposal.")
        require(can_edit(request.user, found), sentence)
        said = validated(
            InitiativeInput(data=request.data, partial=True), lambda: can_edit(request.user, found), sentence
        )
        edit_initiative(by=request.user, initiative=found, pitch=pitch_from(said, request.user, kept_in(found)))
        return Response(self.get_serializer(initiative_or_404(request.user, pk)).data)


class ReasonInput(serializers.Serializer):
    """Why, in own words; `note`: what is different, for a submission."""

    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class InitiativeStep(generics.GenericAPIView):
    """What who proposes it does: submit (the text is frozen, an answer is due), withdraw, appeal once."""

    serializer_class = InitiativeSerializer
    queryset = Initiative.objects.none()
    step = "submit"

    @extend_schema(request=ReasonInput, responses=InitiativeSerializer)
    def post(self, request: Request, pk: int) -> Response:
        found = initiative_or_404(request.user, pk)
        asked = ReasonInput(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        if self.step == "submit":
            proposals.submit(by=request.user, initiative=found, note=said["note"])
        elif self.step == "withdraw":
            proposals.withdraw(by=request.user, initiative=found)
        else:
            proposals.appeal(by=request.user, initiative=found, reason=said["reason"])
        return Response(self.get_serializer(initiative_or_404(request.user, pk)).data)


class SupportSerializer(serializers.ModelSerializer):
    """How a member stands behind an initiative."""

    kind = serializers.ChoiceField(choices=SupportKind.choices, required=False, default=SupportKind.COMES)

    class Meta:
        model = Support
        fields = ("kind",)


class OwnSupport(APIView):
    """Stand behind an initiative, or no longer."""

    @extend_schema(request=SupportSerializer, responses=SupportSerializer)
    def post(self, request: Request, pk: int) -> Response:
        found = initiative_or_404(request.user, pk)
        asked = SupportSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = proposals.support(by=request.user, initiative=found, kind=asked.validated_data["kind"])
        return Response(SupportSerializer(given).data)

    @extend_schema(responses={204: OpenApiResponse(description="Taken back.")})
    def delete(self, request: Request, pk: int) -> Response:
        proposals.take_support_back(by=request.user, initiative=initiative_or_404(request.user, pk))
        return Response(status=204)
