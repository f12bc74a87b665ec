"""Facts of reviews and endorsements."""

from __future__ import annotations

from kocforum.ledger.facts import fact


@fact
class ProposalScored:
    """A colleague scored, or said that they are too close. The scores stand in their row alone."""

    initiative_id: int
    conflict: bool


@fact
class ProposalDecided:
    """An approver decided. Not told yet."""

    initiative_id: int
    decision_id: int


@fact
class AnswerOverdue:
    """The day on which an answer was due has passed. By nobody."""

    initiative_id: int


@fact
class EndorsementGranted:
    initiative_id: int
    endorsement_id: int


@fact
class EndorsementMoved:
    """Suspended, in force again, revoked, expired."""

    initiative_id: int
    endorsement_id: int
    from_state: str
    to_state: str


@fact
class EndorsementAnswered:
    """Who proposed it answers a suspension."""

    initiative_id: int
    endorsement_id: int


@fact
class EndorsementQuestioned:
    """Day, place or size of an event changed after it was endorsed, or this was confirmed anew."""

    initiative_id: int
    endorsement_id: int
    needs_reconfirmation: bool
