"""An incident is told to whom it concerns: the crew, and approvers."""

from __future__ import annotations

from typing import Any

from kocforum.ledger.duties import every
from kocforum.ledger.subscribers import on
from kocforum.members.enums import Role
from kocforum.members.models import Member
from kocforum.notifications.actions import notify_all

from .. import kinds
from ..actions.incidents import forget_incidents
from ..facts import IncidentAdded, IncidentReported
from ..models import Event


@every(days=1, at="03:50")
def let_incidents_go() -> None:
    """After three years their words are needed no more."""
    forget_incidents()


def _tell(told: IncidentReported | IncidentAdded, kind: str, row: Any) -> None:
    """Nobody is told of what they did themselves."""
    event = Event.objects.select_related("initiative__proposer", "initiative__deputy").get(pk=told.event_id)
    approvers = Member.objects.filter(is_active=True, is_staff=True, role=Role.APPROVER).values_list("pk", flat=True)
    members = sorted({*event.keepers(), *approvers} - {row.by_id})
    params = {"event": event.pk}
    notify_all(members=members, kind=kind, object_id=told.incident_id, params=params, fact_id=row.pk)


@on(IncidentReported)
def tell_what_happened(told: IncidentReported, row: Any) -> None:
    _tell(told, kinds.INCIDENT_REPORTED, row)


@on(IncidentAdded)
def tell_what_is_known_now(told: IncidentAdded, row: Any) -> None:
    _tell(told, kinds.INCIDENT_ADDED, row)
