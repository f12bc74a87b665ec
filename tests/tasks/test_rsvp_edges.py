"""A place at an event moves by its edges alone: from every state, under every state of the event, each step ends where it should."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tasks.actions.rsvps import lapse_due, put_first
from tasks.enums import EventState, RsvpState
from tasks.models import Event, Rsvp
from tests.tasks.initiatives import comes, counts, koc, opened_event, stays_away
from tests.tasks.test_edges import tried
from tests.tasks.test_rsvps import resized, runs_out

pytestmark = pytest.mark.django_db

REFUSED = ""
EDGES = {
    "going": {"take": "going", "give up": "cancelled", "time": "going", "room": "going", "first": "going"},
    "waitlisted": {"take": "waitlisted", "give up": "cancelled", "time": "waitlisted", "room": "offered", "first": "waitlisted"},
    "offered": {"take": "going", "give up": "cancelled", "time": "lapsed", "room": "offered", "first": "offered"},
    "lapsed": {"take": "going", "give up": "lapsed", "time": "lapsed", "room": "lapsed", "first": "lapsed"},
    "cancelled": {"take": "going", "give up": "cancelled", "time": "cancelled", "room": "cancelled", "first": "cancelled"},
}  # fmt: skip
STANDING = ("going", "waitlisted", "offered")


def place(here: str) -> Rsvp:
    """Lin's place in this state, at an event with room for one, as it comes to be so."""
    event = opened_event(capacity=1)
    if here in {"waitlisted", "offered", "lapsed"}:
        comes(event, "he")
    mine = comes(event, "lin")
    if here in {"offered", "lapsed"}:
        stays_away(event, "he")
    if here == "lapsed":
        runs_out()
        lapse_due()
    if here == "cancelled":
        stays_away(event, "lin")
    mine.refresh_from_db()
    assert mine.state == here
    return mine


def test_the_table_names_every_state():
    assert set(EDGES) == set(RsvpState.values)


@pytest.mark.parametrize("here", RsvpState.values)
def test_a_place_goes_from_every_state_by_its_own_edges_alone(here):
    mine = place(here)
    event = mine.event

    def time() -> None:
        runs_out()
        lapse_due()

    steps = {
        "take": lambda: comes(event, "lin"),
        "give up": lambda: stays_away(event, "lin"),
        "time": time,
        "room": lambda: resized(event, 2),
        "first": lambda: put_first(by=koc(), rsvp=mine),
    }
    assert {name: tried(step, mine) for name, step in steps.items()} == EDGES[here]


@pytest.mark.parametrize("of_event", [state for state in EventState.values if state != EventState.PLANNED])
@pytest.mark.parametrize("here", RsvpState.values)
def test_what_may_be_done_with_a_place_follows_the_event(here, of_event):
    mine = place(here)
    Event.objects.filter(pk=mine.event_id).update(state=of_event)
    may_take = of_event == EventState.OPEN or (of_event == EventState.CLOSED and here == "offered")
    over = of_event in {EventState.HELD, EventState.CANCELLED}
    assert tried(lambda: comes(mine.event, "lin"), mine) == (EDGES[here]["take"] if may_take else REFUSED)
    given_up = REFUSED if over and here in STANDING else EDGES[here]["give up"]
    assert tried(lambda: stays_away(mine.event, "lin"), mine) == given_up


@pytest.mark.parametrize("here", RsvpState.values)
def test_no_place_is_taken_once_it_has_begun(here):
    mine = place(here)
    now = timezone.now()
    Event.objects.update(starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(hours=3))
    before = counts(mine.event)
    assert tried(lambda: comes(mine.event, "lin"), mine) == REFUSED
    assert counts(mine.event) == before
