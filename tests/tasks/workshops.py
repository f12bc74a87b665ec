"""Workshops and rooms, for tests."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from kocforum.members.models import Member
from tasks.actions.moves import move_task
from tasks.actions.rooms import act, open_room
from tasks.actions.workshop_terms import Terms, closing_of
from tasks.actions.workshops import draft_workshop, take_seat
from tasks.models import RoomEvent, Seat, Task, Workshop
from tasks.queries.rooms import state_of
from tests.people import make_member
from tests.tasks.stories import brief, make_researcher


def drafted_workshop(invitees: tuple[str, ...] = ("zhou", "he"), **values: Any) -> Task:
    names = Terms.__dataclass_fields__
    terms = Terms(
        **{
            "starts_at": timezone.now() + timedelta(days=7),
            "invitees": invitees,
            **{name: values.pop(name) for name in list(values) if name in names},
        }
    )
    for username in (*invitees, *terms.cohosts):
        if not Member.objects.filter(username=username).exists():
            make_member(username)
    said = {
        "title": "把泊车的提示重做一遍",
        "decision": "选出先做的三条提示。",
        "minutes": "90",
        "goal": "ideas",
        "closes_at": closing_of(terms),
        "criteria": {"members": list(invitees)},
        **values,
    }
    by = Member.objects.filter(username="researcher").first() or make_researcher()
    return draft_workshop(by=by, brief=brief(**said), terms=terms)


def invited_workshop(invitees: tuple[str, ...] = ("zhou", "he"), **values: Any) -> Workshop:
    task = drafted_workshop(invitees, **values)
    move_task(by=task.created_by, task=task, to="open", expected="draft")
    return workshop_of(task)


def workshop_of(task: Task) -> Workshop:
    return Workshop.objects.select_related("task__audience").get(task=task)


def room(invitees: tuple[str, ...] = ("zhou", "he"), phase: str = "diverge", **values: Any) -> Workshop:
    """A live room in which everybody who is invited has a seat."""
    workshop = invited_workshop(invitees, **values)
    for username in invitees:
        take_seat(by=person(username), workshop=workshop, consent=True)
    return open_room(by=workshop.task.created_by, workshop=workshop, phase=phase)


def person(username: str) -> Member:
    return Member.objects.get(username=username)


def does(workshop: Workshop, who: Member | str, kind: str, op_id: uuid.UUID | None = None, **said: Any) -> RoomEvent:
    by = person(who) if isinstance(who, str) else who
    return act(by=by, workshop=workshop, op_id=op_id or uuid.uuid4(), kind=kind, said=said)


def goes_to(workshop: Workshop, phase: str) -> None:
    does(workshop, "researcher", "phase.move", to=phase)


def seen(workshop: Workshop, who: str) -> dict[str, Any]:
    fresh = workshop_of(workshop.task)
    return state_of(fresh, Seat.objects.get(workshop=fresh, member=person(who)))
