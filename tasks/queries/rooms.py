"""What somebody in a room is told: the state as it is, and events as they come, each as far as this person may see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from django.utils import timezone

from kocforum.members.models import Ban

from ..enums import Phase
from ..models import RoomEvent, Seat, Workshop
from ..rules.boards import Board, Note, Picture, in_order
from ..rules.talk_commands import VOTE
from ..rules.workshops import lane_of
from .boards import board_of
from .presence import here_now

MAKES = frozenset(
    {"note.add", "group.add", "question.ask", "action.add", "chat.say", "link.share"}
)  # things named by their number
NAMELESS = frozenset(
    {
        "note.add",
        "note.edit",
        "note.delete",
        "note.hold",
        "note.release",
        "picture.add",
        "picture.delete",
        "pin.add",
        "pin.delete",
    }
)  # where notes show no names


def people_of(workshop: Workshop) -> list[Seat]:
    """Everybody on the list, as the room names them."""
    return list(Seat.objects.filter(workshop=workshop).select_related("member").order_by("pk"))


def may_stay(workshop: Workshop) -> set[int]:
    """Members who have their seat and may write."""
    return set(
        Seat.objects.in_the_room()
        .filter(workshop=workshop, member__is_active=True)
        .exclude(member__in=Ban.objects.standing().values("member"))
        .values_list("member", flat=True)
    )


def told(event: RoomEvent, board: Board, member: int, *, anonymous: bool) -> dict[str, Any]:
    """One event for one person. Under a veil the others learn that something happened, and neither who nor what (W13)."""
    said = {
        "type": "event",
        "seq": event.seq,
        "op_id": str(event.op_id),
        "kind": event.kind,
        "at": event.at.isoformat(),
    }
    mine = event.actor_id == member
    if is_hidden(event, board) and not mine:
        effect = {"effect": event.payload["kind"]} if event.kind == "undo" else {}  # for who counts what is hidden
        return {**said, "actor": None, "payload": {}, **effect}
    shown = mine or not (anonymous and event.kind in NAMELESS)
    payload = event.payload if mine or "was" not in event.payload else {**event.payload, "was": None}
    if event.kind in MAKES:
        payload = {**payload, "id": event.seq}
    return {**said, "actor": event.actor_id if shown else None, "payload": payload}


def is_hidden(event: RoomEvent, board: Board) -> bool:
    """Whether the others are kept from this event as things stand."""
    if event.veil is None:
        return False
    return event.veil == VOTE or (board.phase == Phase.DIVERGE and event.veil == board.round)


def events_after(workshop: Workshop, seq: int, limit: int = 1000) -> list[RoomEvent]:
    return list(RoomEvent.objects.filter(workshop=workshop, seq__gt=seq).order_by("seq")[:limit])


def state_of(workshop: Workshop, seat: Seat) -> dict[str, Any]:
    """The room as this person sees it. Equal to what follows from the events that they were told, whatever was lost on the way."""
    people, here = people_of(workshop), here_now(workshop)
    with board_of(workshop) as board:
        return state_at(board, workshop, seat, people, here)


def state_at(
    board: Board, workshop: Workshop, seat: Seat, people: list[Seat], here: Collection[int] = ()
) -> dict[str, Any]:
    """What a board of this room, of now or of an earlier moment, shows this person. `here`: members who are in the room now."""
    roles = {one.member_id: one.role for one in people}
    return {
        "seq": board.seq,
        "phase": board.phase,
        "round": board.round,
        "deadline": board.deadline,
        "server_time": timezone.now().isoformat(),
        "live": workshop.is_live,
        "lead": board.lead,
        "suspended": board.suspended,
        "recording": {"state": board.recording, "agreed": sorted(board.agreed)},
        "me": _me(board, workshop, seat),
        "people": [_person(one, here) for one in people],
        "notes": [_note(note, board, seat, workshop) for note in _seen_notes(board, seat.member_id)],
        "hidden_notes": sum(board.is_veiled(note) and note.author != seat.member_id for note in board.standing_notes()),
        "groups": [
            {"id": group.id, "name": group.name, "index": group.index} for group in in_order(board.standing_groups())
        ],
        "pictures": [_picture(one, board, seat, workshop) for one in board.pictures.values() if not one.gone],
        "votes": _votes(board, seat.member_id, roles),
        "hands": list(board.hands),
        "questions": [
            {"id": one.id, "by": one.author, "text": one.text, "up": sorted(one.up), "answered": one.answered}
            for one in board.questions.values()
        ],
        "chat": list(board.chat),
        "links": list(board.links),
        "decisions": [
            {
                "group": one.group,
                "verdict": one.verdict,
                "why": one.why,
                "by": one.by,
                "dissent": [{"by": by, "text": text} for by, text in one.dissent.items()],
            }
            for one in board.decisions.values()
        ],
        "actions": [
            {"id": one.id, "text": one.text, "owner": one.owner, "due": one.due, "group": one.group}
            for one in board.actions.values()
        ],
    }


def _me(board: Board, workshop: Workshop, seat: Seat) -> dict[str, Any]:
    return {
        "member": seat.member_id,
        "role": seat.role,
        "votes_each": workshop.votes_each,
        "votes_left": max(0, workshop.votes_each - board.cast_by(seat.member_id)),
        "abstains": seat.member_id in board.abstain,
        "done": [{"seq": seq, "kind": kind} for seq, kind in board.done.get(seat.member_id, [])],
    }


def _person(seat: Seat, here: set[int]) -> dict[str, Any]:
    return {
        "member": seat.member_id,
        "username": seat.member.username,
        "name": seat.member.name,
        "role": seat.role,
        "state": seat.state,
        "here": seat.member_id in here,
    }


def _seen_notes(board: Board, member: int) -> list[Note]:
    return in_order(note for note in board.standing_notes() if not board.is_veiled(note) or note.author == member)


def _note(note: Note, board: Board, seat: Seat, workshop: Workshop) -> dict[str, Any]:
    hold = board.holds.get(note.id)
    return {
        "id": note.id,
        "text": note.text,
        "group": note.group,
        "index": note.index,
        "image": note.image,
        "behalf": note.behalf,
        "version": note.version,
        **_named(note.author, seat, workshop),
        "hold": {"by": _named(hold[0], seat, workshop)["author"], "until": hold[1]} if hold else None,
    }


def _named(author: int | None, seat: Seat, workshop: Workshop) -> dict[str, Any]:
    """Whose it is, as far as the room shows names."""
    mine = author == seat.member_id
    return {"mine": mine, "author": author if mine or not workshop.anonymous else None}


def _picture(picture: Picture, board: Board, seat: Seat, workshop: Workshop) -> dict[str, Any]:
    return {
        "id": picture.id,
        "image": picture.image,
        "text": picture.text,
        "width": picture.width,
        "height": picture.height,
        **_named(picture.author, seat, workshop),
        "pins": [
            {"id": pin.id, "number": pin.number, "x": pin.x, "y": pin.y, "text": pin.text}
            | _named(pin.author, seat, workshop)
            for pin in board.pins.values()
            if pin.picture == picture.id and not pin.gone
        ],
    }


def _votes(board: Board, member: int, roles: dict[int, str]) -> dict[str, Any]:
    """The own votes; all votes in two lanes once the vote is over, so that nobody follows the first ones."""
    mine = {str(on): count for on, count in board.votes.get(member, {}).items()}
    if board.phase in {Phase.LOBBY, Phase.BRIEF, Phase.DIVERGE, Phase.REVEAL, Phase.CLUSTER, Phase.VOTE}:
        return {"mine": mine, "totals": None}
    lanes: dict[int, Counter[str]] = {}
    for who, cast in board.votes.items():
        for on, count in cast.items():
            lanes.setdefault(on, Counter())[lane_of(roles.get(who, ""))] += count
    totals = {str(on): {"owners": lane["owners"], "staff": lane["staff"]} for on, lane in sorted(lanes.items())}
    return {"mine": mine, "totals": totals}
