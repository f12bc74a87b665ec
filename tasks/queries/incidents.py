"""Incidents as their readers see them."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet

from ..models import Event, Incident, IncidentAddition


def incidents_seen_by(user: Any) -> QuerySet[Incident]:
    """With who told them, and what was added."""
    additions = Prefetch("additions", IncidentAddition.objects.select_related("by"))
    return Incident.objects.visible_to(user).select_related("reporter").prefetch_related(additions)


def incidents_of(event: Event, user: Any) -> list[Incident]:
    """Those of one event, the newest first. Two queries."""
    rows = list(incidents_seen_by(user).filter(event=event))
    for row in rows:
        row.event = event
    return rows
