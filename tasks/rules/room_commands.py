"""What somebody may do in a room right now, and the event that follows. Pure but for the sentences; the log is written elsewhere.

A command is `{kind, payload}`. `decide` refuses it with a sentence, or answers the event, with what undoing it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden, Invalid

from ..enums import Phase, SeatRole
from . import note_commands as notes
from . import picture_commands as pictures
from . import recording_commands as recording
from . import talk_commands as talk
from .boards import Board
from .sittings import LEADS, Event, Said, Sitting, deadline_of

WRITES = frozenset({*LEADS, SeatRole.SCRIBE, SeatRole.EXPERT, SeatRole.KOC})
EVERYBODY = frozenset(SeatRole)
OPEN_PHASES = frozenset(Phase) - {Phase.LOBBY, Phase.ENDED}
WRITING = frozenset({Phase.DIVERGE, Phase.REVEAL, Phase.CLUSTER, Phase.DISCUSS})
SORTING = frozenset({Phase.REVEAL, Phase.CLUSTER})
PICTURING = frozenset({Phase.BRIEF, Phase.REVEAL, Phase.CLUSTER, Phase.DISCUSS})  # not while everybody writes alone
PINNING = frozenset({Phase.REVEAL, Phase.CLUSTER, Phase.DISCUSS, Phase.DECIDE})
DECIDING = frozenset({Phase.DISCUSS, Phase.DECIDE, Phase.WRAP})
WHILE_WAITING = frozenset({"chat.say", "hand.raise", "hand.lower", "recording.refuse"})  # what goes on without a host

Answer = Callable[[Board, Sitting, Said, datetime], Event]


def decide(board: Board, sitting: Sitting, kind: str, said: Said, now: datetime) -> Event:
    """The event that follows from a command, now. Raises Invalid for what is no command, Forbidden for what this role never does,
    Conflict for what this phase or the state of the board does not take."""
    known = COMMANDS.get(kind)
    if known is None:
        raise Invalid({"kind": _("There is no such command.")})
    phases, roles, answer = known
    if sitting.role not in roles:
        raise Forbidden(_("In this role you do not do that here."))
    if board.phase not in phases:
        raise Conflict(
            _("This phase is closed for it: the room is at “%(phase)s” now.") % {"phase": Phase(board.phase).label}
        )
    if board.suspended and not sitting.leads and kind not in WHILE_WAITING:
        raise Conflict(_("No host is here. The room waits for one; you can talk meanwhile."))
    if not isinstance(said, Mapping):
        raise Invalid({"payload": _("A command carries its values by name.")})
    return answer(board, sitting, said, now)


def phase_named(said: Any) -> Any:
    """Where a command wants the room to go: `to`, or `phase`."""
    return said.get("to", said.get("phase")) if isinstance(said, Mapping) else None


def _phase_move(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    to = phase_named(said)
    if to not in Phase.values or to == Phase.LOBBY:
        raise Invalid({"to": _("There is no such phase.")})
    if to == board.phase:
        raise Conflict(_("The room is there already."))
    return Event("phase.move", {"to": to, "deadline": deadline_of(said, now)})


def _timer_set(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    return Event("timer.set", {"deadline": deadline_of(said, now)})


COMMANDS: dict[str, tuple[frozenset[str], frozenset[str], Answer]] = {
    "phase.move": (frozenset(Phase) - {Phase.ENDED}, LEADS, _phase_move),
    "timer.set": (OPEN_PHASES, LEADS, _timer_set),
    "lead.pass": (OPEN_PHASES, LEADS, talk.lead_pass),
    "recording.ask": (OPEN_PHASES, LEADS, recording.recording_ask),
    "recording.agree": (OPEN_PHASES, EVERYBODY, recording.recording_agree),
    "recording.refuse": (OPEN_PHASES, EVERYBODY, recording.recording_refuse),
    "recording.start": (OPEN_PHASES, LEADS, recording.recording_start),
    "recording.stop": (OPEN_PHASES, LEADS, recording.recording_stop),
    "note.add": (WRITING, WRITES, notes.note_add),
    "note.edit": (WRITING, WRITES, notes.note_edit),
    "note.move": (SORTING, WRITES, notes.note_move),
    "note.delete": (WRITING, WRITES, notes.note_delete),
    "note.hold": (WRITING, WRITES, notes.note_hold),
    "note.release": (WRITING, WRITES, notes.note_release),
    "group.add": (SORTING, WRITES, notes.group_add),
    "group.edit": (SORTING, WRITES, notes.group_edit),
    "group.delete": (SORTING, WRITES, notes.group_delete),
    "group.merge": (SORTING, LEADS | {SeatRole.SCRIBE}, notes.group_merge),
    "picture.add": (PICTURING, WRITES, pictures.picture_add),
    "picture.delete": (PICTURING, WRITES, pictures.picture_delete),
    "pin.add": (PINNING, WRITES, pictures.pin_add),
    "pin.delete": (PINNING, WRITES, pictures.pin_delete),
    "vote.cast": (frozenset({Phase.VOTE}), WRITES, talk.vote_cast),
    "vote.take_back": (frozenset({Phase.VOTE}), WRITES, talk.vote_take_back),
    "vote.abstain": (frozenset({Phase.VOTE}), WRITES, talk.vote_abstain),
    "hand.raise": (OPEN_PHASES, EVERYBODY, talk.hand_raise),
    "hand.lower": (OPEN_PHASES, EVERYBODY, talk.hand_lower),
    "chat.say": (frozenset(Phase) - {Phase.ENDED}, WRITES, talk.chat_say),
    "link.share": (OPEN_PHASES, WRITES, talk.link_share),
    "question.ask": (OPEN_PHASES, WRITES, talk.question_ask),
    "question.up": (OPEN_PHASES, WRITES, talk.question_up),
    "question.answered": (OPEN_PHASES, LEADS | {SeatRole.EXPERT}, talk.question_answered),
    "decision.make": (DECIDING, LEADS, talk.decision_make),
    "decision.dissent": (DECIDING, WRITES, talk.decision_dissent),
    "action.add": (DECIDING, LEADS | {SeatRole.SCRIBE}, talk.action_add),
    "action.drop": (DECIDING, LEADS | {SeatRole.SCRIBE}, talk.action_drop),
}


def decide_undo(
    board: Board, sitting: Sitting, seq: int, actor: int | None, kind: str, done: Said, veil: int | None
) -> Event:
    """The inverse of an own event, while nobody has changed since what it changed (W20). Hosts undo nobody else's either."""
    if actor != sitting.member:
        raise Forbidden(_("You take back only what you did yourself."))
    if kind not in UNDOABLE or seq in board.undone or (board.suspended and not sitting.leads):
        raise Conflict(_("This cannot be taken back."))
    if board.phase not in COMMANDS[kind][0]:
        raise Conflict(
            _("This phase is closed for it: the room is at “%(phase)s” now.") % {"phase": Phase(board.phase).label}
        )
    inverse = UNDOABLE[kind](board, seq, done)
    if inverse is None:
        raise Conflict(_("Somebody has changed it since."))
    return Event("undo", {"seq": seq, "kind": inverse[0], "payload": inverse[1]}, veil)


Inverse = tuple[str, dict[str, Any]] | None


def _undo_add(board: Board, seq: int, done: Said) -> Inverse:
    return None if board.notes[seq].gone else ("note.delete", {"note": seq})


def _undo_edit(board: Board, seq: int, done: Said) -> Inverse:
    note = board.notes[done["note"]]
    if note.gone or note.text != done["text"]:
        return None
    return "note.edit", {"note": note.id, "text": done["was"], "was": note.text}


def _undo_move(board: Board, seq: int, done: Said) -> Inverse:
    note = board.notes[done["note"]]
    group, index = done["was"]
    stands = group is None or not board.groups[group].gone
    if note.gone or (note.group, note.index) != (done["group"], done["index"]) or not stands:
        return None
    return "note.move", {"note": note.id, "group": group, "index": index, "was": [note.group, note.index]}


def _undo_delete(board: Board, seq: int, done: Said) -> Inverse:
    return ("note.restore", {"note": done["note"]}) if board.notes[done["note"]].gone else None


def _undo_group(board: Board, seq: int, done: Said) -> Inverse:
    returned = sum(cast.get(seq, 0) for cast in board.votes.values())
    return None if board.groups[seq].gone else ("group.delete", {"group": seq, "returned": returned})


def _undo_name(board: Board, seq: int, done: Said) -> Inverse:
    group = board.groups[done["group"]]
    if group.gone or group.name != done["name"]:
        return None
    return "group.edit", {"group": group.id, "name": done["was"], "was": group.name}


UNDOABLE: dict[str, Callable[[Board, int, Said], Inverse]] = {
    "note.add": _undo_add,
    "note.edit": _undo_edit,
    "note.move": _undo_move,
    "note.delete": _undo_delete,
    "group.add": _undo_group,
    "group.edit": _undo_name,
}
