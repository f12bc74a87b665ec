"""Tickets move: by the table, from the state that the caller saw."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from kocforum.errors import Refused
from kocforum.ui.api.answers import OpIdField, validated

from ..actions.tickets import move_ticket
from ..enums import Severity, TicketState
from ..models import Ticket, Transition
from ..rules.tickets import can_move, can_move_somewhere, goes
from .permissions import StaffOnly
from .tickets import OldestFirst, TicketSerializer, ticket_of, tickets_to_show

NOT_FOUND = OpenApiResponse(description="There is no such thing, or you may not see it.")


class TransitionSerializer(serializers.ModelSerializer):
    """A ticket moved. `by` is null where owners' words moved it."""

    to = serializers.CharField(source="to_state", read_only=True)
    by = serializers.SlugRelatedField(slug_field="username", read_only=True, allow_null=True)

    class Meta:
        model = Transition
        fields = ("id", "from_state", "to", "reason", "by", "at")
        read_only_fields = fields


class TransitionInput(serializers.Serializer):
    """A move from the state that the caller saw, with what the move needs.

    triaged: severity, function (both proposed at promotion) · declined, closed_no_action, not_reproduced, need_info:
    reason, which owners read unless `public_note` says it for them · returned: reason · merged: merged_into ·
    routed: department · root_cause: root_cause_ref · fix_planned: acceptance_target · fix_ready: fix_version ·
    cleared: compliance_ref · beta: a release in beta that answers the ticket.
    """

    to = serializers.ChoiceField(choices=TicketState.choices)
    expected = serializers.ChoiceField(choices=TicketState.choices)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)
    public_note = serializers.CharField(max_length=300, required=False, allow_blank=True)
    severity = serializers.ChoiceField(choices=Severity.choices, required=False)
    function = serializers.CharField(max_length=60, required=False)
    failure_mode = serializers.CharField(max_length=60, required=False, allow_blank=True)
    department = serializers.CharField(max_length=40, required=False)
    assignee = serializers.CharField(max_length=40, required=False)
    merged_into = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    root_cause_ref = serializers.CharField(max_length=200, required=False, allow_blank=True)
    acceptance_target = serializers.CharField(max_length=200, required=False, allow_blank=True)
    fix_version = serializers.CharField(max_length=120, required=False, allow_blank=True)
    compliance_ref = serializers.CharField(max_length=200, required=False, allow_blank=True)
    release = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    op_id = OpIdField()


class TransitionList(generics.ListCreateAPIView):
    """How a ticket moved, the oldest first. POST moves it: 409 when it is no longer where `expected` says."""

    serializer_class = TransitionSerializer
    pagination_class = OldestFirst
    permission_classes = [StaffOnly]
    queryset = Transition.objects.none()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Transition.objects.none()
        return ticket_of(self).transitions.select_related("by")

    @extend_schema(request=TransitionInput, responses={200: TicketSerializer, 404: NOT_FOUND})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        ticket = ticket_of(self)
        asked = TransitionInput(data=request.data)
        move_ticket(
            by=request.user,
            ticket=ticket,
            **validated(asked, lambda: _may_go(request, ticket), _("You cannot move this ticket there.")),
        )
        return Response(TicketSerializer(tickets_to_show(request.user).get(pk=ticket.pk)).data)


def _may_go(request: Request, ticket: Ticket) -> bool | Refused:
    """Right, `expected` and the table, as far as the request names them: what answers before any other field."""
    said = request.data if isinstance(request.data, dict) else {}
    to, expected = said.get("to"), said.get("expected")
    if not isinstance(to, str) or to not in TicketState.values:
        return can_move_somewhere(request.user, ticket)
    if (may := can_move(request.user, ticket, to)) is not True or not isinstance(expected, str):
        return may
    return goes(ticket, to, expected)
