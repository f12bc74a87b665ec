"""Facts of places on official channels."""

from __future__ import annotations

from kocforum.ledger.facts import fact


@fact
class SlotPlanned:
    initiative_id: int
    slot_id: int


@fact
class SlotMoved:
    """From one state to another; by nobody when its day had come."""

    initiative_id: int
    slot_id: int
    from_state: str
    to_state: str
