"""What the brand's side tells. No fact carries a word of a ticket: ids, states and counts only."""

from __future__ import annotations

from dataclasses import field

from kocforum.ledger.facts import fact


@fact
class TicketPromoted:
    """Staff made a ticket of threads, topics, passages or surveys; evidence was frozen."""

    ticket_id: int
    ticket_kind: str
    threads: list[int]
    topics: list[int]
    passages: list[int]
    surveys: list[int] = field(default_factory=list)
    quotes: list[int] = field(default_factory=list)
    rooms: list[int] = field(default_factory=list)


@fact
class TicketMoved:
    """A ticket went from one state to another. By nobody: the owners' words moved it."""

    ticket_id: int
    from_state: str
    to_state: str


@fact
class TicketRouted:
    ticket_id: int
    department_id: int


@fact
class TicketAssigned:
    ticket_id: int
    member_id: int


@fact
class EvidenceFrozen:
    """A snapshot was taken; its hash is in the audit chain."""

    ticket_id: int
    snapshot_id: int
    number: int


@fact
class DistilledReportWritten:
    ticket_id: int
    version: int


@fact
class DistilledReportSigned:
    ticket_id: int
    version: int


@fact
class NoteAdded:
    ticket_id: int
    note_id: int


@fact
class ReleaseCreated:
    release_id: int


@fact
class ReleaseEdited:
    release_id: int


@fact
class ReleaseAnswersTicket:
    release_id: int
    ticket_id: int


@fact
class BetaStarted:
    release_id: int
    offers: int


@fact
class ReleasePublished:
    """A release is public: those who took part hear of it, and every garage with an older version."""

    release_id: int


@fact
class OfferMade:
    offer_id: int
    release_id: int
    member_id: int
    report_id: int
    first_teller: bool


@fact
class OfferAnswered:
    offer_id: int
    release_id: int
    state: str


@fact
class VerificationSealed:
    """A beta tester wrote; what was written is nobody's to read until its writer releases it."""

    offer_id: int
    release_id: int


@fact
class VerificationUnsealed:
    offer_id: int
    release_id: int
    verification_id: int
