"""Facts of clubs."""

from __future__ import annotations

from kocforum.ledger.facts import fact


@fact
class ClubFounded:
    """A club began, and its board with it."""

    club_id: int
    board_id: int


@fact
class ClubJoined:
    club_id: int
    member_id: int


@fact
class ClubLeft:
    club_id: int
    member_id: int


@fact
class ClubLed:
    """Somebody leads the club from now on; nobody does while `member_id` is empty."""

    club_id: int
    member_id: int | None
