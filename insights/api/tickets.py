"""Tickets: list, promote, read, evidence. For staff only."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kocforum.errors import Invalid, require
from kocforum.forum.models import Passage, Thread, Topic
from kocforum.ui.api.answers import OpIdField, created
from kocforum.ui.api.pages import CursorPagination

from ..actions.audit import content_of
from ..actions.tickets import add_evidence, promote
from ..enums import EvidenceKind, TicketKind, TicketState
from ..models import EvidenceSnapshot, Ticket
from ..queries.quotes import quotes_seen_by
from ..queries.rooms import results_seen_by
from ..queries.surveys import surveys_seen_by
from ..rules.states import moves_from
from ..rules.tickets import can_promote, can_read_evidence
from .permissions import StaffOnly

NOT_FOUND = OpenApiResponse(description="There is no such thing, or you may not see it.")
SEEN_BY = {
    EvidenceKind.THREAD: Thread.objects.visible_to,
    EvidenceKind.TOPIC: Topic.objects.visible_to,
    EvidenceKind.PASSAGE: Passage.objects.visible_to,
    EvidenceKind.SURVEY: surveys_seen_by,
    EvidenceKind.QUOTE: quotes_seen_by,
    EvidenceKind.RESULT: results_seen_by,
}


class OldestFirst(CursorPagination):
    ordering = "id"


class EvidenceReference(serializers.Serializer):
    """A thing that a ticket rests on. A survey goes by the number of its task, and is closed."""

    type = serializers.ChoiceField(choices=EvidenceKind.choices)
    id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class TicketSerializer(serializers.ModelSerializer):
    """A ticket, as staff read it."""

    function = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    failure_mode = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    department = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    assignee = serializers.SlugRelatedField(slug_field="username", read_only=True, allow_null=True)
    created_by = serializers.SlugRelatedField(slug_field="username", read_only=True, allow_null=True)
    merged_into = serializers.IntegerField(source="merged_into_id", read_only=True, allow_null=True)
    evidence = serializers.SerializerMethodField()
    moves = serializers.SerializerMethodField()

    class Meta:
        model = Ticket
        fields = (
            "id",
            "ref",
            "kind",
            "title",
            "state",
            "severity",
            "function",
            "failure_mode",
            "department",
            "assignee",
            "public_note",
            "acceptance_target",
            "root_cause_ref",
            "fix_version",
            "compliance_ref",
            "merged_into",
            "evidence",
            "moves",
            "created_by",
            "created_at",
            "moved_at",
        )
        read_only_fields = fields

    @extend_schema(responses=EvidenceReference(many=True))
    def get_evidence(self, ticket: Ticket) -> list[dict[str, Any]]:
        return [{"type": row.kind, "id": row.thing_id} for row in ticket.evidence.all()]

    def get_moves(self, ticket: Ticket) -> list[str]:
        """Where the ticket can go from here, whoever moves it."""
        return [state.value for state in moves_from(ticket.kind, ticket.state)]


class ThingsInput(serializers.Serializer):
    """Threads, topics, passages and surveys by number."""

    threads = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=100)
    topics = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=100)
    evidence = EvidenceReference(many=True, required=False)
    op_id = OpIdField()


class TicketInput(ThingsInput):
    """What a ticket is made of. Evidence is frozen at once."""

    kind = serializers.ChoiceField(choices=TicketKind.choices, required=False)
    department = serializers.CharField(max_length=40, required=False, allow_blank=True, allow_null=True)
    title = serializers.CharField(max_length=160, required=False, allow_blank=True)


def things_of(user: Any, said: dict[str, Any]) -> dict[str, list[Any]]:
    """The rows behind the numbers, as far as this person may see them; a number without a row is named."""
    found: dict[str, list[Any]] = {
        "threads": _rows(Thread.objects.visible_to(user), said.get("threads", ()), "threads"),
        "topics": _rows(Topic.objects.visible_to(user), said.get("topics", ()), "topics"),
        "evidence": [],
    }
    for kind, seen_by in SEEN_BY.items():
        numbers = [row["id"] for row in said.get("evidence", ()) if row["type"] == kind]
        found["evidence"] += _rows(seen_by(user), numbers, "evidence")
    return found


def _rows(seen: QuerySet[Any], numbers: Any, field: str) -> list[Any]:
    rows = seen.in_bulk([number for number in numbers if 0 < number < 2**63])
    for number in numbers:
        if number not in rows:
            raise Invalid({field: _("There is no %(number)s here.") % {"number": number}})
    return [rows[number] for number in dict.fromkeys(numbers)]


def tickets_to_show(user: Any) -> QuerySet[Ticket]:
    """Tickets with everything that their JSON needs."""
    return (
        Ticket.objects.visible_to(user)
        .select_related("function", "failure_mode", "department", "assignee", "created_by")
        .prefetch_related("evidence")
    )


@extend_schema(
    parameters=[
        OpenApiParameter("state", str, enum=list(TicketState.values)),
        OpenApiParameter("kind", str, enum=list(TicketKind.values)),
        OpenApiParameter("department", str, description="Slug of a department."),
    ]
)
class TicketList(generics.ListCreateAPIView):
    """Tickets, the newest first. POST promotes threads, topics, passages or surveys to one."""

    serializer_class = TicketSerializer
    permission_classes = [StaffOnly]
    queryset = Ticket.objects.none()

    def get_queryset(self):
        asked = self.request.query_params
        lookups = {"state": "state", "kind": "kind", "department": "department__slug"}
        tickets = tickets_to_show(self.request.user)
        return tickets.filter(**{lookup: asked[name] for name, lookup in lookups.items() if asked.get(name)})

    @extend_schema(request=TicketInput, responses={201: TicketSerializer, 200: TicketSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        require(can_promote(request.user), _("Only researchers make tickets."))
        asked = TicketInput(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        rest = {name: said[name] for name in ("kind", "title", "op_id") if said.get(name)}
        ticket = promote(
            by=request.user, department=said.get("department") or None, **things_of(request.user, said), **rest
        )
        return created(ticket, self.get_serializer(ticket).data)


class TicketDetail(generics.RetrieveAPIView):
    """One ticket."""

    serializer_class = TicketSerializer
    permission_classes = [StaffOnly]
    queryset = Ticket.objects.none()

    def get_queryset(self):
        return tickets_to_show(self.request.user)


class SnapshotSerializer(serializers.ModelSerializer):
    """A frozen copy of what was known: `content` is the canonical JSON as data, `sha256` the hash of its bytes."""

    content = serializers.SerializerMethodField()

    class Meta:
        model = EvidenceSnapshot
        fields = ("id", "number", "sha256", "taken_at", "canonical", "content")
        read_only_fields = fields

    @extend_schema(responses={"type": "object", "additionalProperties": {}})
    def get_content(self, snapshot: EvidenceSnapshot) -> dict[str, Any]:
        return content_of(snapshot)


class EvidenceList(generics.ListCreateAPIView):
    """Frozen copies, the first one first. POST adds evidence, or none, and freezes what is known now."""

    serializer_class = SnapshotSerializer
    pagination_class = OldestFirst
    permission_classes = [StaffOnly]
    queryset = EvidenceSnapshot.objects.none()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return EvidenceSnapshot.objects.none()
        ticket = ticket_of(self)
        require(can_read_evidence(self.request.user, ticket), _("You do not work on this ticket."))
        return ticket.snapshots.all()

    @extend_schema(request=ThingsInput, responses={201: SnapshotSerializer, 200: SnapshotSerializer, 404: NOT_FOUND})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        ticket = ticket_of(self)
        require(can_promote(request.user), _("Only researchers add evidence."))
        asked = ThingsInput(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        snapshot = add_evidence(
            by=request.user, ticket=ticket, op_id=said.get("op_id"), **things_of(request.user, said)
        )
        return created(snapshot, self.get_serializer(snapshot).data)


def ticket_of(view: generics.GenericAPIView) -> Ticket:
    """The ticket that the address names, if this person may see it."""
    return get_object_or_404(Ticket.objects.visible_to(view.request.user), pk=view.kwargs["pk"])
