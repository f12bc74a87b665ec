"""Commands about votes, hands, chat, links, questions, decisions and action items."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid
from kocforum.text import clean_line
from kocforum.ui.moments import can_be_reckoned_with

from ..enums import RoomVerdict
from .boards import Board
from .sittings import Event, Said, Sitting, group_of, note_of, number_of, words_of

VOTE = -1  # the veil of a single vote: it is never lifted
LONGEST_SAY = 1000


def _named(said: Said) -> int:
    return number_of(said, next((name for name in ("on", "group", "note") if said.get(name) is not None), "on"))


def _on(board: Board, sitting: Sitting, said: Said) -> int:
    """A standing group, or a note that stands in none; named `on`, or as what it is."""
    number = _named(said)
    if number in board.groups:
        return group_of(board, {"group": number}).id
    note = note_of(board, sitting, {"note": number})
    if note.group is not None:
        raise Invalid({"on": _("Vote for the group in which it stands.")})
    return note.id


def vote_cast(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    """One vote more. The log takes one event after the other, so nobody has a vote too many (W7, W8)."""
    if sitting.member in board.abstain:
        raise Conflict(_("You said that you do not vote here."))
    on = _on(board, sitting, said)
    if board.cast_by(sitting.member) >= sitting.votes_each:
        raise Conflict(_("You have given all your votes. Take one back first."))
    if board.votes.get(sitting.member, {}).get(on, 0) >= sitting.votes_on_one:
        raise Conflict(_("No more than %(most)s votes on one idea.") % {"most": sitting.votes_on_one})
    return Event("vote.cast", {"on": on}, VOTE)


def vote_take_back(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    on = _named(said)
    if not board.votes.get(sitting.member, {}).get(on):
        raise Conflict(_("You have no vote there."))
    return Event("vote.take_back", {"on": on}, VOTE)


def vote_abstain(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    return Event("vote.abstain", {})


def hand_raise(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    if sitting.member in board.hands:
        raise Conflict(_("Your hand is up already."))
    return Event("hand.raise", {})


def hand_lower(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    member = said.get("member") if sitting.leads and said.get("member") else sitting.member
    if member not in board.hands:
        raise Conflict(_("This hand is not up."))
    return Event("hand.lower", {"member": member})


def lead_pass(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    """Who leads says who leads from now on; a co-host takes it by naming the own number."""
    to = number_of(said, "to")
    if to == board.lead:
        raise Conflict(_("Leads it already."))
    return Event("lead.pass", {"to": to})


def chat_say(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    return Event("chat.say", {"text": words_of(said, "text", LONGEST_SAY)})


def link_share(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    url = words_of(said, "url", 500, one_line=True)
    if not url.startswith(("https://", "http://")):
        raise Invalid({"url": _("An address begins with https://.")})
    title = clean_line(said["title"])[:120] if isinstance(said.get("title"), str) else ""
    return Event("link.share", {"url": url, "title": title or url})


def question_ask(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    return Event("question.ask", {"text": words_of(said, "text", 300)})


def _question(board: Board, said: Said) -> int:
    number = number_of(said, "question")
    if number not in board.questions:
        raise Invalid({"question": _("There is no such question.")})
    if board.questions[number].answered:
        raise Conflict(_("This question is answered."))
    return number


def question_up(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    """Said again it is taken back."""
    number = _question(board, said)
    return Event("question.up", {"question": number, "down": sitting.member in board.questions[number].up})


def question_answered(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    return Event("question.answered", {"question": _question(board, said)})


def decision_make(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    verdict = said.get("verdict")
    if verdict not in RoomVerdict.values:
        raise Invalid({"verdict": _("Chosen, parked or rejected.")})
    why = words_of(said, "why", 400)
    return Event("decision.make", {"group": group_of(board, said).id, "verdict": verdict, "why": why})


def decision_dissent(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    group = group_of(board, said)
    if group.id not in board.decisions:
        raise Conflict(_("Nothing is decided about it yet."))
    return Event("decision.dissent", {"group": group.id, "text": words_of(said, "text", 400)})


def action_add(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    payload: dict[str, Any] = {"text": words_of(said, "text", 200), "owner": number_of(said, "owner")}
    try:
        due = date.fromisoformat(str(said.get("due")))
    except ValueError:
        due = None
    if due is None or not can_be_reckoned_with(due):
        raise Invalid({"due": _("Say until which day.")})
    payload["due"] = due.isoformat()
    if said.get("group") is not None:
        payload["group"] = group_of(board, said).id
    return Event("action.add", payload)


def action_drop(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    number = number_of(said, "action")
    if number not in board.actions:
        raise Invalid({"action": _("There is no such action item.")})
    return Event("action.drop", {"action": number})
