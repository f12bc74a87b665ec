"""Live workshops: who has a seat, and what happened in the room."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from tasks.actions.rooms import act, open_room
from tasks.actions.workshop_terms import Terms
from tasks.actions.workshops import draft_workshop, take_seat
from tasks.enums import Meeting
from tasks.models import Workshop

from . import content
from .after_meeting import plan_after
from .asking import RESEARCHER, brief_of, plan_moves, plan_report
from .community import Community

NAMED = ("note", "group", "on", "question", "into")


def plan_meeting(community: Community) -> None:
    """Everything of workshops.toml."""
    for table in content.read("workshops")["workshops"]:
        _plan_draft(community, table)
        plan_moves(community, {name: value for name, value in table.items() if name != "closed"})
        for who, at in table["seats"]:
            _plan_seat(community, table["key"], who, at)
        if "room" in table:
            _plan_room(community, table)
        if "after" in table:
            plan_after(community, table)
        if "reported" in table:
            plan_report(community, table)


def _room(community: Community, key: str) -> Workshop:
    return Workshop.objects.select_related("task__audience").get(task=community.tasks[key])


def _plan_draft(community: Community, table: content.Table) -> None:
    def draft() -> None:
        starts = community.moment(table["starts"])
        brief = brief_of(community, table)
        if brief.closes_at is None:
            brief = replace(brief, closes_at=community.moment("-7 22:00"))
        community.tasks[table["key"]] = draft_workshop(
            by=community.members[RESEARCHER],
            brief=brief,
            terms=Terms(
                starts_at=starts,
                seats=table.get("seats_for", 8),
                meeting=table.get("meeting", Meeting.ONLINE),
                place=table.get("place", ""),
                travel=table.get("travel", ""),
                arrival_minutes=table.get("arrival", Terms.arrival_minutes),
                invitees=table["invited"],
                cohosts=table["cohosts"],
                consent=table["consent"],
                reading=table["reading"],
                votes_each=table.get("votes_each", 5),
                votes_on_one=table.get("votes_on_one", 3),
            ),
        )

    community.plan(table["drafted"], draft, by=RESEARCHER)


def _plan_seat(community: Community, key: str, who: str, at: str) -> None:
    def come() -> None:
        take_seat(by=community.members[who], workshop=_room(community, key), consent=True)

    community.plan(at, come, by=who)


def _plan_room(community: Community, table: content.Table) -> None:
    named: dict[str, int] = {}

    def opens() -> None:
        open_room(by=community.members[RESEARCHER], workshop=_room(community, table["key"]))

    def step(told: content.Table) -> None:
        for _time in range(told.get("times", 1)):
            event = act(
                by=community.members[told["by"]],
                workshop=_room(community, table["key"]),
                op_id=uuid.uuid4(),
                kind=told["kind"],
                said=_said(community, told, named),
            )
        if "as" in told:
            named[told["as"]] = event.seq

    community.plan(table["room"], opens, by=RESEARCHER)
    for told in table["steps"]:
        community.plan(told["at"], lambda told=told: step(told), by=told["by"])


def _said(community: Community, told: content.Table, named: dict[str, int]) -> dict[str, Any]:
    """The payload of a step: names as numbers, days as dates."""
    said = {name: value for name, value in told.items() if name not in {"by", "at", "kind", "as", "times"}}
    said |= {name: named[said[name]] for name in NAMED if name in said}
    if "notes" in said:
        said["notes"] = [named[name] for name in said["notes"]]
    if "owner" in said:
        said["owner"] = community.members[said["owner"]].pk
    if "due" in said:
        said["due"] = community.moment(f"{said['due']} 12:00").date().isoformat()
    return said
