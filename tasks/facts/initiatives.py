"""Facts of initiatives: what a KOC proposes, and how the brand answers."""

from __future__ import annotations

from kocforum.ledger.facts import fact


@fact
class InitiativeDrafted:
    """A KOC began to write."""

    initiative_id: int


@fact
class InitiativeEdited:
    """The draft, or what is being changed because changes were asked."""

    initiative_id: int


@fact
class ProposalSubmitted:
    """A version was frozen, and an answer is due."""

    initiative_id: int
    version: int
    small: bool


@fact
class ProposalMoved:
    """From one state to another, by a person or because a decision was told."""

    initiative_id: int
    from_state: str
    to_state: str
    reason: str


@fact
class DeputyNamed:
    """Somebody is asked to stand in for who proposes."""

    initiative_id: int
    member_id: int


@fact
class DeputyAnswered:
    """The deputy agreed, or does not want to."""

    initiative_id: int
    member_id: int
    agreed: bool


@fact
class SupportGiven:
    """A member stands behind a proposal, or no longer when `kind` is empty."""

    initiative_id: int
    member_id: int
    kind: str


@fact
class InitiativeHandedOver:
    """Who proposed it has left; the deputy leads it from now on."""

    initiative_id: int
    member_id: int


@fact
class MilestonePlanned:
    """Who leads it named a step that is to be reached."""

    initiative_id: int
    milestone_id: int


@fact
class MilestoneReached:
    """A step is reached."""

    initiative_id: int
    milestone_id: int


@fact
class MilestoneDropped:
    """A step that was named will not come."""

    initiative_id: int
    milestone_id: int


@fact
class InitiativeReported:
    """Its leader told what came of it; `first`: not told again."""

    initiative_id: int
    first: bool
