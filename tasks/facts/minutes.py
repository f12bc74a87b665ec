"""Facts of what comes after a room. What was said stands in the rows, not here."""

from __future__ import annotations

from kocforum.ledger.facts import fact


@fact
class MinutesDrafted:
    """A room ended, and its minutes wait for those who were there."""

    task_id: int


@fact
class MinutesAnswered:
    """Somebody who was there confirmed the minutes or objected."""

    task_id: int
    member_id: int
    verdict: str


@fact
class MinutesCorrected:
    """The hosts changed their remarks; the minutes have a new version."""

    task_id: int
    version: int


@fact
class ObjectionAnswered:
    task_id: int
    member_id: int


@fact
class MinutesSigned:
    """Nothing in them changes any more. By nobody where the time to answer had passed."""

    task_id: int


@fact
class ResultMoved:
    """How far a result of a room is."""

    task_id: int
    result_id: int
    state: str


@fact
class ResultTakenUp:
    """A ticket rests on a result of a room."""

    task_id: int
    result_id: int


@fact
class ResultDue:
    """What somebody promised in a room is due. By nobody."""

    task_id: int
    result_id: int
    owner_id: int


@fact
class RoomWordWritten:
    """Something was said among those who met."""

    task_id: int
    word_id: int
    kind: str


@fact
class ThanksOwed:
    """Nobody of the brand has thanked those who met. By nobody."""

    task_id: int


@fact
class VoiceLeft:
    """Somebody's sound was recorded with everybody's consent."""

    task_id: int
    voice_id: int


@fact
class VoiceWithdrawn:
    """Who spoke took the recording back."""

    task_id: int
    voice_id: int


@fact
class RoomWordRemoved:
    task_id: int
    word_id: int
