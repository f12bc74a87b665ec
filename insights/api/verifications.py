"""Verifications: owners' words on a release, in the original thread; before it is public, under seal."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from kocforum.errors import Conflict, Forbidden, Invalid, require
from kocforum.forum.enums import Outcome
from kocforum.forum.models import Report, Verification
from kocforum.garage.models import Vehicle
from kocforum.members.rules import can_write
from kocforum.ui.api.answers import OpIdField, created, validated

from ..actions.verifications import seal, unseal, verify
from ..enums import OfferState, ReleaseState
from ..models import Offer, Release, SealedVerification, Ticket
from ..queries.doors import tickets_to_verify
from ..queries.subjects import reports_of_ticket
from ..rules.releases import can_seal
from .offers import offers_to_show
from .tickets import OldestFirst

NOT_FOUND = OpenApiResponse(description="There is no such thing, or you may not see it.")


@extend_schema_field(OpenApiTypes.INT)
class OwnVehicle(serializers.PrimaryKeyRelatedField):
    """The id of a car in the caller's garage."""

    def get_queryset(self):
        request = self.context.get("request")
        return Vehicle.objects.visible_to(request.user).in_garage() if request else Vehicle.objects.none()


class ConditionsInput(serializers.DictField):
    """`{dimension: value or list of values}`, in slugs."""

    child = serializers.JSONField()

    def to_internal_value(self, data: Any) -> dict[str, list[str]]:
        said = super().to_internal_value(data)
        listed = {name: value if isinstance(value, list) else [value] for name, value in said.items()}
        if not all(isinstance(one, str) and len(one) <= 60 for values in listed.values() for one in values):
            raise serializers.ValidationError(gettext_lazy("Conditions are {dimension: value or list of values}."))
        return listed


class ObservedInput(serializers.Serializer):
    """How it went on the new version."""

    attempts = serializers.IntegerField(min_value=0, max_value=10_000, required=False, allow_null=True)
    failures = serializers.IntegerField(min_value=0, max_value=10_000, required=False, allow_null=True)
    outcome = serializers.ChoiceField(choices=Outcome.choices, required=False, allow_blank=True)
    conditions = ConditionsInput(required=False)
    words = serializers.CharField(max_length=100_000, required=False, allow_blank=True)


class VerificationInput(ObservedInput):
    """An owner's word. Without `report` it is about the caller's own, without `release` about the newest public one."""

    vehicle = OwnVehicle()
    report = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    release = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    uploads = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=20)
    op_id = OpIdField()


class VerificationSerializer(serializers.ModelSerializer):
    """A verification. Under seal it has neither id nor post, and nobody but its writer is ever given it."""

    sealed = serializers.BooleanField(read_only=True, default=False)
    id = serializers.IntegerField(read_only=True, allow_null=True)
    report = serializers.IntegerField(source="report_id", read_only=True)
    thread = serializers.IntegerField(source="report.thread_id", read_only=True)
    post = serializers.IntegerField(source="post_id", read_only=True, allow_null=True)
    number = serializers.IntegerField(source="post.number", read_only=True, allow_null=True, default=None)
    author = serializers.CharField(source="author.username", read_only=True, allow_null=True, default=None)
    words = serializers.CharField(source="post.body", read_only=True)
    attempts = serializers.IntegerField(source="observation.attempts", read_only=True, allow_null=True)
    failures = serializers.IntegerField(source="observation.failures", read_only=True, allow_null=True)
    outcome = serializers.ChoiceField(source="observation.outcome", choices=Outcome.choices, read_only=True)
    state = serializers.CharField(source="post.state", read_only=True)
    url = serializers.CharField(source="post.get_absolute_url", read_only=True)

    class Meta:
        model = Verification
        fields = (
            "id",
            "sealed",
            "report",
            "thread",
            "post",
            "number",
            "author",
            "version",
            "words",
            "attempts",
            "failures",
            "outcome",
            "by_first_teller",
            "invited",
            "state",
            "created_at",
            "url",
        )
        read_only_fields = fields


def _under_seal(sealed: SealedVerification) -> dict[str, Any]:
    offer = sealed.offer
    return {
        "id": None,
        "sealed": True,
        "report": offer.report_id,
        "thread": offer.report.thread_id,
        "post": None,
        "number": None,
        "author": offer.member.username,
        "version": offer.release.version_name,
        "words": sealed.words,
        "attempts": sealed.observed.get("attempts"),
        "failures": sealed.observed.get("failures"),
        "outcome": sealed.observed.get("outcome"),
        "by_first_teller": offer.is_first_teller,
        "invited": True,
        "state": "sealed",
        "created_at": serializers.DateTimeField().to_representation(sealed.written_at),
        "url": "",
    }


class TicketVerifications(generics.ListCreateAPIView):
    """What owners say in public under a ticket's reports, the oldest first.

    POST: an owner verifies in the original thread. While the version is a beta, whoever took it writes under seal.
    """

    serializer_class = VerificationSerializer
    pagination_class = OldestFirst
    permission_classes = [IsAuthenticated]
    queryset = Verification.objects.none()

    def _ticket(self) -> Ticket:
        return get_object_or_404(tickets_to_verify(self.request.user), pk=self.kwargs["pk"])

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Verification.objects.none()
        reports = reports_of_ticket(self._ticket()).order_by().values("pk")
        seen = Verification.objects.visible_to(self.request.user).standing().filter(report__in=reports)
        return seen.select_related("report", "post", "author", "observation")

    @extend_schema(
        request=VerificationInput,
        responses={201: VerificationSerializer, 200: VerificationSerializer, 404: NOT_FOUND},
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        require(not request.user.is_staff, _("Only owners verify. Staff cannot mark their own work."), Forbidden)
        ticket = self._ticket()
        asked = VerificationInput(data=request.data, context=self.get_serializer_context())
        said = validated(asked, lambda: can_write(request.user), _("You cannot verify here."))
        report = _report(request.user, ticket, said.pop("report", None))
        release = _release(ticket, said.pop("release", None))
        if release is None or release.state != ReleaseState.PUBLIC:
            return self._seal(request, ticket, release, said)
        told = verify(by=request.user, report=report, release=release, **said)
        return created(told, VerificationSerializer(told).data)

    def _seal(self, request: Request, ticket: Ticket, release: Release | None, said: dict[str, Any]) -> Response:
        offers = offers_to_show(request.user).filter(ticket=ticket, state=OfferState.ACCEPTED)
        offer: Offer | None = offers.filter(release=release).first() if release else None
        if offer is None:
            raise Conflict(_("There is no public version to verify yet."))
        if said["vehicle"].pk != offer.vehicle_id:
            raise Invalid({"vehicle": _("The beta was offered for another car of yours.")})
        names = ("attempts", "failures", "outcome", "conditions", "words", "op_id")
        sealed = seal(by=request.user, offer=offer, **{name: said[name] for name in names if name in said})
        return created(sealed, _under_seal(sealed))


def _report(user: Any, ticket: Ticket, number: int | None) -> Report:
    reports = reports_of_ticket(ticket) & Report.objects.visible_to(user)
    if number:
        found = reports.filter(pk=number).first()
        if found is None:
            raise Invalid({"report": _("This ticket has no such report.")})
        return found
    found = reports.filter(thread__author=user).first()
    found = found or reports.filter(corroborations__author=user).first() or reports.first()
    if found is None:
        raise Conflict(_("There is no report here that could be verified."))
    return found


def _release(ticket: Ticket, number: int | None) -> Release | None:
    releases = Release.objects.filter(answers__ticket=ticket).select_related("version")
    if number:
        found = releases.filter(pk=number).exclude(state=ReleaseState.DRAFT).first()
        if found is None:
            raise Invalid({"release": _("No such release answers this.")})
        return found
    public = releases.filter(state=ReleaseState.PUBLIC).order_by("-public_at", "-pk").first()
    return public or releases.filter(state=ReleaseState.BETA).order_by("-pk").first()


class SealedDetail(generics.GenericAPIView):
    """What I wrote under seal: for its writer alone. PUT writes it anew."""

    serializer_class = VerificationSerializer
    permission_classes = [IsAuthenticated]
    queryset = Offer.objects.none()

    def _offer(self, pk: int) -> Offer:
        return get_object_or_404(offers_to_show(self.request.user).filter(member=self.request.user.pk), pk=pk)

    @extend_schema(responses={200: VerificationSerializer, 404: NOT_FOUND})
    def get(self, request: Request, pk: int) -> Response:
        sealed = get_object_or_404(SealedVerification, offer=self._offer(pk))
        return Response(_under_seal(sealed))

    @extend_schema(request=ObservedInput, responses={200: VerificationSerializer, 404: NOT_FOUND})
    def put(self, request: Request, pk: int) -> Response:
        offer = self._offer(pk)
        asked = ObservedInput(data=request.data)
        values = validated(asked, lambda: can_seal(request.user, offer), _("This offer is for someone else."))
        return Response(_under_seal(seal(by=request.user, offer=offer, **values)))


class Unsealing(generics.GenericAPIView):
    """Release what I wrote: it becomes a post in the original thread. Only when the version is public."""

    serializer_class = VerificationSerializer
    permission_classes = [IsAuthenticated]
    queryset = Offer.objects.none()

    @extend_schema(request=None, responses={201: VerificationSerializer, 404: NOT_FOUND})
    def post(self, request: Request, pk: int) -> Response:
        offer = get_object_or_404(offers_to_show(request.user).filter(member=request.user.pk), pk=pk)
        return Response(VerificationSerializer(unseal(by=request.user, offer=offer)).data, status=201)
