"""Facts of incidents. What happened, and to whom, stands in the report's row alone."""

from __future__ import annotations

from kocforum.ledger.facts import fact


@fact
class IncidentReported:
    """From here on who was there stays as it stands."""

    event_id: int
    incident_id: int


@fact
class IncidentAdded:
    """Somebody knows more."""

    event_id: int
    incident_id: int
    addition_id: int
