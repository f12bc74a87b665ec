"""Commands about notes and groups."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden, Invalid

from ..enums import Phase, SeatRole
from .boards import Board
from .sittings import Event, Said, Sitting, after_of, group_of, note_of, number_of, place_for, veil_of, words_of

LEASE = timedelta(seconds=20)
LONGEST_NOTE, MOST_NOTES = 500, 1000


def note_add(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    """The scribe writes down what stands on paper, and says for whom."""
    if len(board.notes) >= MOST_NOTES:
        raise Conflict(_("The board is full."))
    payload: dict[str, Any] = {"text": words_of(said, "text", LONGEST_NOTE)}
    if said.get("group") is not None and board.phase != Phase.DIVERGE:
        payload["group"] = group_of(board, said).id
    if sitting.role == SeatRole.SCRIBE and said.get("behalf"):
        payload["behalf"] = words_of(said, "behalf", 40, one_line=True)
    if said.get("image") is not None:
        payload["image"] = number_of(said, "image")
    payload["index"] = place_for(board.standing_notes(), after_of(said))
    return Event("note.add", payload, board.round if board.phase == Phase.DIVERGE else None)


def note_edit(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    """The own text, or anybody's while nobody else writes in it (W5), from the version that was seen."""
    note = note_of(board, sitting, said)
    if note.author != sitting.member and not sitting.leads and sitting.role != SeatRole.SCRIBE:
        raise Forbidden(_("Only its author changes the words of a note."))
    holder, until = board.holds.get(note.id, (0, ""))
    if holder not in {0, sitting.member} and until > now.isoformat():
        raise Conflict(_("Somebody is writing in this note."))
    if said.get("version") not in {None, note.version}:
        raise Conflict(_("This note was changed meanwhile. Your text is still with you."))
    return Event(
        "note.edit",
        {"note": note.id, "text": words_of(said, "text", LONGEST_NOTE), "was": note.text},
        veil_of(board, note),
    )


def note_move(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    """Into a group, out of all (null), or to another place; the later of two moves counts (W3)."""
    note = note_of(board, sitting, said)
    target = group_of(board, said).id if said.get("group") is not None else None
    index = place_for([one for one in board.standing_notes() if one.id != note.id], after_of(said))
    return Event("note.move", {"note": note.id, "group": target, "index": index, "was": [note.group, note.index]})


def note_delete(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    """The own one; a host any, with a reason that its author reads, without learning who that is (W14)."""
    note = note_of(board, sitting, said)
    if note.author == sitting.member:
        return Event("note.delete", {"note": note.id}, veil_of(board, note))
    if not sitting.leads:
        raise Forbidden(_("Only its author takes a note off the board."))
    returned = sum(cast.get(note.id, 0) for cast in board.votes.values())
    return Event("note.delete", {"note": note.id, "reason": words_of(said, "reason", 200), "returned": returned})


def note_hold(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    note = note_of(board, sitting, said)
    holder, until = board.holds.get(note.id, (0, ""))
    if holder not in {0, sitting.member} and until > now.isoformat():
        raise Conflict(_("Somebody is writing in this note."))
    return Event("note.hold", {"note": note.id, "until": (now + LEASE).isoformat()}, veil_of(board, note))


def note_release(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    note = note_of(board, sitting, said)
    if board.holds.get(note.id, (0, ""))[0] != sitting.member:
        raise Conflict(_("You do not hold this note."))
    return Event("note.release", {"note": note.id}, veil_of(board, note))


def group_add(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    numbers = said.get("notes", [])
    if not isinstance(numbers, list):
        raise Invalid({"notes": _("A list of numbers.")})
    notes = [note_of(board, sitting, {"note": number}).id for number in numbers]
    index = place_for(board.standing_groups(), after_of(said))
    return Event("group.add", {"name": words_of(said, "name", 60, one_line=True), "index": index, "notes": notes})


def group_edit(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    group = group_of(board, said)
    return Event(
        "group.edit", {"group": group.id, "name": words_of(said, "name", 60, one_line=True), "was": group.name}
    )


def group_delete(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    group = group_of(board, said)
    returned = sum(cast.get(group.id, 0) for cast in board.votes.values())
    return Event("group.delete", {"group": group.id, "returned": returned})


def group_merge(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    """One group goes into another; everybody sees how many votes went back to their givers."""
    group, into = group_of(board, said), group_of(board, said, "into")
    if group.id == into.id:
        raise Invalid({"into": _("Choose another group.")})
    most = sitting.votes_on_one
    sums = (cast.get(group.id, 0) + cast.get(into.id, 0) for cast in board.votes.values())
    returned = sum(max(0, both - most) for both in sums)
    return Event("group.merge", {"group": group.id, "into": into.id, "most": most, "returned": returned})
