"""Facts of events. Plates and answers stand in the place's row alone."""

from __future__ import annotations

from kocforum.ledger.facts import fact


@fact
class EventPlanned:
    event_id: int
    initiative_id: int


@fact
class EventEdited:
    """Words changed, or more: `material` when who comes should hear of it."""

    event_id: int
    material: bool


@fact
class EventMoved:
    """Opened, closed, over, cancelled."""

    event_id: int
    from_state: str
    to_state: str


@fact
class EventNear:
    """It begins within a day. By nobody."""

    event_id: int


@fact
class PlaceTaken:
    """Somebody comes, or waits."""

    event_id: int
    member_id: int
    state: str
    party: int


@fact
class PlaceOffered:
    """A place is free for the first in line who fits."""

    event_id: int
    member_id: int


@fact
class OfferLapsed:
    event_id: int
    member_id: int


@fact
class PlaceGivenUp:
    event_id: int
    member_id: int


@fact
class CrewChosen:
    """Somebody helps at an event."""

    event_id: int
    member_id: int
    role: str


@fact
class CrewLeft:
    event_id: int
    member_id: int


@fact
class EventAnnounced:
    """The organisers told everybody who has a place or waits for one."""

    event_id: int
    announcement_id: int


@fact
class GuestArrived:
    """A party came in at the gate; `people` of it."""

    event_id: int
    member_id: int
    people: int


@fact
class ArrivalUndone:
    """It was somebody else, or a slip of the finger."""

    event_id: int
    member_id: int


@fact
class FeedbackGiven:
    """Somebody who came said how it was. By nobody: who said what is nobody's business."""

    event_id: int


@fact
class WaiverChanged:
    """The organisers' words about risk are others now; whoever has a place is asked to accept them anew."""

    event_id: int


@fact
class WaiverAccepted:
    """Somebody with a place accepted them anew."""

    event_id: int
    member_id: int
