"""What came after a room: its minutes, what was promised in it, and the talk of those who met."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from insights.actions.tickets import promote
from tasks.actions.minutes import answer_minutes, correct_minutes, reply_to_objection, sign_minutes
from tasks.actions.room_results import move_result
from tasks.actions.room_words import speak_after
from tasks.models import Minutes, RoomResult, Workshop

from . import content
from .community import Community


def plan_after(community: Community, table: content.Table) -> None:
    """The steps of `after`, each at its time."""
    for told in table["after"]:
        community.plan(told["at"], lambda told=told: _DO[told["do"]](community, table["key"], told), by=told["by"])


def _room(community: Community, key: str) -> Workshop:
    return Workshop.objects.select_related("task").get(task=community.tasks[key])


def _minutes(community: Community, key: str) -> Minutes:
    return Minutes.objects.select_related("workshop__task").get(workshop=_room(community, key))


def _answer(community: Community, key: str, told: content.Table) -> None:
    answer_minutes(
        by=community.members[told["by"]],
        minutes=_minutes(community, key),
        verdict=told["verdict"],
        text=told.get("text", ""),
    )


def _reply(community: Community, key: str, told: content.Table) -> None:
    answer = _minutes(community, key).answers.get(member=community.members[told["to"]])
    reply_to_objection(by=community.members[told["by"]], answer=answer, reply=told["text"])


def _remark(community: Community, key: str, told: content.Table) -> None:
    minutes = _minutes(community, key)
    correct_minutes(by=community.members[told["by"]], minutes=minutes, remarks=told["text"], version=minutes.version)


def _sign(community: Community, key: str, told: content.Table) -> None:
    sign_minutes(by=community.members[told["by"]], minutes=_minutes(community, key))


def _ticket(community: Community, key: str, told: content.Table) -> None:
    result = RoomResult.objects.get(workshop=_room(community, key), title=told["result"])
    promote(by=community.members[told["by"]], kind=told["kind"], title=told["title"], evidence=[result])


def _move(community: Community, key: str, told: content.Table) -> None:
    result = RoomResult.objects.select_related("workshop__task").get(
        workshop=_room(community, key), title=told["result"]
    )
    move_result(by=community.members[told["by"]], result=result, to=told["to"], expected=result.state)


def _say(community: Community, key: str, told: content.Table) -> None:
    speak_after(
        by=community.members[told["by"]],
        workshop=_room(community, key),
        text=told["text"],
        kind=told.get("kind", "talk"),
        op_id=uuid.uuid4(),
    )


_DO: dict[str, Callable[[Community, str, content.Table], None]] = {
    "answer": _answer,
    "reply": _reply,
    "remark": _remark,
    "sign": _sign,
    "ticket": _ticket,
    "move": _move,
    "say": _say,
}
