"""Kinds of news about what went wrong at an event: to its crew, and to approvers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kocforum.notifications.kinds import NotificationKind, Params, register

from ..models import Incident

INCIDENT_REPORTED = "incident.reported"
INCIDENT_ADDED = "incident.added"


def of_incidents(object_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    rows = Incident.objects.filter(pk__in=list(object_ids)).select_related("event")
    return {row.pk: {"title": row.event.title, "kind": row.get_kind_display()} for row in rows}


def _reported(params: Params, count: int) -> str:
    return _("An incident at “%(title)s”: %(kind)s. Read what happened") % params


def _added(params: Params, count: int) -> str:
    return _("More is known about the incident at “%(title)s”") % params


def _to_incident(object_id: int, params: Params) -> str:
    return f"{reverse('incidents', args=[params['event']])}#incident-{object_id}"


def register_incidents() -> None:
    """Let the crew and approvers be told."""
    for slug, label, sentence, channels in (
        (INCIDENT_REPORTED, gettext_lazy("An incident is reported at an event"), _reported, ("inbox", "email")),
        (INCIDENT_ADDED, gettext_lazy("Somebody adds to the report of an incident"), _added, ("inbox",)),
    ):
        register(
            NotificationKind(
                slug=slug,
                label=label,
                sentence=sentence,
                url=_to_incident,
                channels=channels,
                queryset_for=Incident.objects.visible_to,
                details=of_incidents,
            )
        )
