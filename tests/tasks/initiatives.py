"""Initiatives, clubs and events, for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from kocforum.members.models import Member
from tasks.actions.events import EventTerms, open_event, plan_event
from tasks.actions.initiatives import AskDraft, Pitch, draft_initiative
from tasks.actions.proposals import answer_as_deputy, submit
from tasks.actions.rsvps import give_up_place, take_place
from tasks.models import Event, Initiative, Rsvp
from tests.people import make_koc, make_member

MONEY = (AskDraft(kind="money", what="场地", amount_minor=800_000, currency="CNY"),)
LITTLE = (AskDraft(kind="money", what="饮用水", amount_minor=50_000, currency="CNY"),)


def member(username: str, **values: Any) -> Member:
    return Member.objects.filter(username=username).first() or make_member(username, **values)


def koc(username: str = "zhou") -> Member:
    return Member.objects.filter(username=username).first() or make_koc(username)


def pitch(**values: Any) -> Pitch:
    return Pitch(
        **{
            "title": "皖南秋色慢行",
            "summary": "一百辆车沿老公路慢慢走一天。",
            "plan": "八点集合，分四组，午饭在村口。最少二十辆车成行。",
            "asks": MONEY,
            "place": "黄山",
            "safety": ["每组一名带队", "雨天改期"],
            "deputy": member("su"),
            **values,
        }
    )


def drafted_initiative(by: Member | None = None, op_id: Any = None, **values: Any) -> Initiative:
    return draft_initiative(by=by or koc(), pitch=pitch(**values), op_id=op_id)


def agreed(initiative: Initiative) -> Member:
    """The deputy, who said yes."""
    deputy = Initiative.objects.get(pk=initiative.pk).deputy
    answer_as_deputy(by=deputy, initiative=initiative, agree=True)
    initiative.refresh_from_db()
    return deputy


def submitted(by: Member | None = None, **values: Any) -> Initiative:
    made = drafted_initiative(by, **values)
    return submit(by=made.proposer, initiative=made)


def terms(**values: Any) -> EventTerms:
    begins = timezone.now() + timedelta(days=10)
    return EventTerms(
        **{
            "title": "皖南秋色慢行",
            "starts_at": begins,
            "ends_at": begins + timedelta(hours=8),
            "city": "黄山",
            "place": "游客中心南停车场",
            "capacity": 3,
            **values,
        }
    )


def planned_event(initiative: Initiative | None = None, **values: Any) -> Event:
    initiative = initiative or drafted_initiative()
    return plan_event(by=initiative.proposer, initiative=initiative, terms=terms(**values))


def opened_event(initiative: Initiative | None = None, **values: Any) -> Event:
    event = planned_event(initiative, **values)
    return open_event(by=event.initiative.proposer, event=event)


def comes(event: Event, who: Member | str, party: int | None = 1, **values: Any) -> Rsvp:
    return take_place(by=member(who) if isinstance(who, str) else who, event=event, party=party, **values)


def stays_away(event: Event, who: Member | str) -> Rsvp:
    return give_up_place(by=member(who) if isinstance(who, str) else who, event=event)


def counts(event: Event) -> tuple[int, int, int]:
    return Event.objects.values_list("going", "guests", "offered").get(pk=event.pk)


def states(event: Event) -> dict[str, str]:
    return dict(Rsvp.objects.filter(event=event).order_by("pk").values_list("member__username", "state"))


def counters_tell_the_rows(event: Event) -> None:
    """The counters say what the rows say, and never more than there are places."""
    event = Event.objects.get(pk=event.pk)
    rows = list(Rsvp.objects.filter(event=event))
    going = [row for row in rows if row.state == "going"]
    assert event.going == len(going)
    assert event.guests == sum(row.party - 1 for row in going)
    assert event.offered == sum(row.party for row in rows if row.state == "offered")
    assert event.taken <= event.capacity
