"""What each kind of event does to a board: the state of a room is the fold of its log, and nothing else.

`apply` takes what `rules/room_commands.py` let through, so it checks nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from ..enums import Phase
from . import picture_events
from .boards import CAN_BE_UNDONE, MOST_CHAT, MOST_DONE, Action, Asked, Board, Decision, Group, Note, Recording


def apply(board: Board, seq: int, actor: int | None, kind: str, payload: Mapping[str, Any], at: str) -> None:
    """The next event. What was taken back carries what brings it about, as its own kind and payload."""
    if kind == "undo":
        board.undone.add(payload["seq"])
        board.done[actor or 0] = [one for one in board.done.get(actor or 0, []) if one[0] != payload["seq"]]
        kind, payload = payload["kind"], payload["payload"]
    elif kind in CAN_BE_UNDONE:
        board.done[actor or 0] = [*board.done.get(actor or 0, []), (seq, kind)][-MOST_DONE:]
    _HOW[kind](board, seq, actor, payload, at)
    board.seq = seq


def _phase(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.phase = said["to"]
    board.deadline = said.get("deadline")
    board.lead = board.lead or actor
    if board.phase == Phase.DIVERGE:
        board.round += 1
    if board.phase == Phase.ENDED:
        board.suspended, board.recording = False, Recording.OFF


def _timer(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.deadline = said["deadline"]


def _note_add(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.notes[seq] = Note(
        id=seq,
        author=actor,
        text=said["text"],
        index=said["index"],
        round=board.round,
        at=at,
        group=said.get("group"),
        image=said.get("image"),
        behalf=said.get("behalf", ""),
    )


def _note_edit(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    note = board.notes[said["note"]]
    note.text, note.version = said["text"], note.version + 1
    board.holds.pop(note.id, None)


def _note_move(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    note = board.notes[said["note"]]
    note.group, note.index = said["group"], said["index"]


def _note_delete(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    note = board.notes[said["note"]]
    note.gone, note.reason = True, said.get("reason", "")
    _give_back(board, note.id)


def _note_restore(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.notes[said["note"]].gone = False


def _note_hold(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.holds[said["note"]] = (actor or 0, said["until"])


def _note_release(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.holds.pop(said["note"], None)


def _group_add(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.groups[seq] = Group(id=seq, name=said["name"], index=said["index"])
    for note in said.get("notes", []):
        board.notes[note].group = seq


def _group_edit(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.groups[said["group"]].name = said["name"]


def _group_delete(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.groups[said["group"]].gone = True
    for note in board.notes.values():
        if note.group == said["group"]:
            note.group = None
    _give_back(board, said["group"])


def _group_merge(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    """Votes of both add up, and what is more than one may give to one thing goes back to its giver."""
    source, target = said["group"], said["into"]
    board.groups[source].gone = True
    for note in board.notes.values():
        if note.group == source:
            note.group = target
    for cast in board.votes.values():
        both = cast.pop(source, 0) + cast.get(target, 0)
        if both:
            cast[target] = min(both, said["most"])


def _give_back(board: Board, thing: int) -> None:
    for cast in board.votes.values():
        cast.pop(thing, None)


def _vote_cast(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.votes.setdefault(actor or 0, Counter())[said["on"]] += 1


def _vote_take_back(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    cast = board.votes[actor or 0]
    cast[said["on"]] -= 1
    if not cast[said["on"]]:
        del cast[said["on"]]


def _vote_abstain(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.votes.pop(actor or 0, None)
    board.abstain.add(actor or 0)


def _hand_raise(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    if actor and actor not in board.hands:
        board.hands.append(actor)


def _hand_lower(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.hands = [member for member in board.hands if member != said["member"]]


def _chat_say(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.chat = [*board.chat, {"id": seq, "by": actor, "text": said["text"], "at": at}][-MOST_CHAT:]


def _link_share(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.links.append({"id": seq, "by": actor, "url": said["url"], "title": said["title"]})


def _question_ask(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.questions[seq] = Asked(id=seq, author=actor, text=said["text"])


def _question_up(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    up = board.questions[said["question"]].up
    (up.discard if said.get("down") else up.add)(actor or 0)


def _question_answered(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.questions[said["question"]].answered = True


def _decision_make(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.decisions[said["group"]] = Decision(
        id=seq, group=said["group"], verdict=said["verdict"], why=said["why"], by=actor
    )


def _decision_dissent(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.decisions[said["group"]].dissent[actor or 0] = said["text"]


def _action_add(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.actions[seq] = Action(
        id=seq, text=said["text"], owner=said["owner"], due=said["due"], group=said.get("group")
    )


def _action_drop(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.actions.pop(said["action"], None)


def _suspend(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.suspended, board.left, board.deadline = True, said["left"], None


def _resume(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.suspended, board.left, board.deadline = False, None, said["deadline"]


def _lead_pass(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.lead = said["to"]


def _recording_ask(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.recording, board.agreed = Recording.ASKED, {actor or 0}


def _recording_agree(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.agreed.add(actor or 0)


def _recording_over(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.recording, board.agreed = Recording.OFF, set()


def _recording_start(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.recording = Recording.ON


def _recording_pause(board: Board, seq: int, actor: int | None, said: Mapping[str, Any], at: str) -> None:
    board.recording = Recording.ASKED


_HOW = {
    **picture_events.HOW,
    "phase.move": _phase,
    "timer.set": _timer,
    "room.suspend": _suspend,
    "room.resume": _resume,
    "lead.pass": _lead_pass,
    "recording.ask": _recording_ask,
    "recording.agree": _recording_agree,
    "recording.refuse": _recording_over,
    "recording.start": _recording_start,
    "recording.pause": _recording_pause,
    "recording.stop": _recording_over,
    "note.add": _note_add,
    "note.edit": _note_edit,
    "note.move": _note_move,
    "note.delete": _note_delete,
    "note.restore": _note_restore,
    "note.hold": _note_hold,
    "note.release": _note_release,
    "group.add": _group_add,
    "group.edit": _group_edit,
    "group.delete": _group_delete,
    "group.merge": _group_merge,
    "vote.cast": _vote_cast,
    "vote.take_back": _vote_take_back,
    "vote.abstain": _vote_abstain,
    "hand.raise": _hand_raise,
    "hand.lower": _hand_lower,
    "chat.say": _chat_say,
    "link.share": _link_share,
    "question.ask": _question_ask,
    "question.up": _question_up,
    "question.answered": _question_answered,
    "decision.make": _decision_make,
    "decision.dissent": _decision_dissent,
    "action.add": _action_add,
    "action.drop": _action_drop,
}
