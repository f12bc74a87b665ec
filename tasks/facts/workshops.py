"""Facts of workshops. What is said in a room stands in its own log."""

from __future__ import annotations

from kocforum.ledger.facts import fact


@fact
class WorkshopEdited:
    """The draft of a workshop was changed."""

    task_id: int


@fact
class WorkshopInvited:
    """People were put on the list of a room."""

    task_id: int
    member_ids: list[int]


@fact
class SeatTaken:
    """Somebody comes, or waits for a seat."""

    task_id: int
    member_id: int
    state: str


@fact
class SeatGivenUp:
    """Somebody does not come."""

    task_id: int
    member_id: int


@fact
class SeatMovedUp:
    """A seat became free, and the first who waited has it."""

    task_id: int
    member_id: int


@fact
class MeetingNear:
    """A workshop begins within a day. By nobody."""

    task_id: int


@fact
class RoomOpened:
    """The room is live."""

    task_id: int


@fact
class RoomPhaseMoved:
    task_id: int
    phase: str


@fact
class RoomEnded:
    """The log takes nothing more."""

    task_id: int
    events: int


@fact
class ConsentReworded:
    """What everybody accepts before the room has a new version; who accepted an older one is asked anew."""

    task_id: int
    version: int


@fact
class ConsentAccepted:
    """Somebody who had a seat already accepted the text as it stands."""

    task_id: int
    member_id: int


@fact
class CheckedIn:
    """Somebody is at the door: by themselves, or by who keeps it."""

    task_id: int
    member_id: int


@fact
class CheckInUndone:
    """It was somebody else."""

    task_id: int
    member_id: int


@fact
class SeatReleased:
    """Who was late gave the seat to somebody who waited at the door."""

    task_id: int
    member_id: int


@fact
class LetIn:
    """Who waited at the door has a seat."""

    task_id: int
    member_id: int


@fact
class SeatMissed:
    """The room ended, and somebody who had a seat and said nothing never came. By nobody."""

    task_id: int
    member_id: int


@fact
class MissingExplained:
    """Who did not come has said why."""

    task_id: int
    member_id: int
