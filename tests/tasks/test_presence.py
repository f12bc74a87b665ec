"""Who is in a room, and what becomes of a room whose hosts are gone (W10, W16)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from kocforum.errors import Conflict, Invalid
from tasks.actions.presence import look_after_room, look_after_rooms, note_presence
from tasks.models import RoomEvent, Stay, Workshop
from tasks.queries.presence import here_now, minutes_here
from tests.at_once import at_once
from tests.people import make_member, make_staff
from tests.tasks.workshops import does, goes_to, person, room, seen, workshop_of

pytestmark = pytest.mark.django_db

BEGUN = datetime.fromisoformat("2026-11-20T12:00:00+00:00")


@pytest.fixture
def clock():
    with time_machine.travel(BEGUN, tick=False) as clock:
        yield clock


def led_room(**values) -> Workshop:
    make_staff("second", role="researcher")
    return room(cohosts=("second",), **values)


def beat(here: Workshop, *names: str, gone: tuple[str, ...] = ()) -> None:
    note_presence(workshop=here, here={person(name).pk for name in names}, gone={person(name).pk for name in gone})


def names_here(here: Workshop) -> set[str]:
    return {one["username"] for one in seen(here, "zhou")["people"] if one["here"]}


def passes(clock, here: Workshop, seconds: int, *names: str) -> None:
    """Time goes by; these people keep giving a sign of life."""
    for _beat in range(seconds // 15):
        clock.shift(15)
        beat(here, *names)
        look_after_room(workshop=here)


def test_who_comes_is_here_until_nothing_is_heard_of_them(clock):
    here = led_room()
    beat(here, "zhou", "he")
    assert names_here(here) == {"zhou", "he"}
    clock.shift(20)
    beat(here, "zhou", gone=("he",))
    assert names_here(here) == {"zhou"}
    clock.shift(60)  # the process died, and said no goodbye
    assert names_here(here) == set()


def test_two_windows_and_two_processes_are_one_stay(clock):
    here = led_room()
    beat(here, "zhou")
    beat(here, "zhou")
    beat(here, "he", gone=("zhou",))  # this process has lost the last window of zhou
    beat(here, "zhou")  # another one still has one
    assert here_now(here) == {person("zhou").pk, person("he").pk}
    assert Stay.objects.filter(member=person("zhou"), left_at=None).count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_processes_that_notice_the_same_person_at_once_write_one_stay():
    here = led_room()
    member = person("zhou").pk
    assert not any(at_once(*[lambda: note_presence(workshop=here, here={member})] * 6))
    assert Stay.objects.filter(workshop=here, member=member).count() == 1


def test_w16_minutes_are_counted_without_breaks_and_only_while_the_room_is_open(clock):
    here = led_room()
    passes(clock, here, 600, "zhou", "he")
    beat(here, "zhou", gone=("he",))
    passes(clock, here, 300, "zhou")
    beat(here, "zhou", "he")
    passes(clock, here, 300, "zhou", "he")
    goes_to(here, "ended")
    passes(clock, here, 600, "zhou")
    minutes = minutes_here(workshop_of(here.task))
    assert (minutes[person("zhou").pk], minutes[person("he").pk]) == (19, 14)


def test_w10_after_ninety_seconds_without_the_host_a_cohost_leads(clock):
    here = led_room()
    beat(here, "researcher", "second", "zhou")
    passes(clock, here, 75, "second", "zhou")
    assert seen(here, "zhou")["lead"] == person("researcher").pk
    passes(clock, here, 30, "second", "zhou")
    state = seen(here, "zhou")
    assert (state["lead"], state["suspended"]) == (person("second").pk, False)
    assert does(here, "second", "phase.move", to="reveal").seq


def test_w10_without_any_host_the_room_waits_and_its_timer_with_it(clock):
    here = led_room()
    does(here, "researcher", "timer.set", minutes=10)
    beat(here, "researcher", "zhou")
    passes(clock, here, 120, "zhou")
    state = seen(here, "zhou")
    assert state["suspended"] and state["deadline"] is None
    for kind, said in (("note.add", {"text": "先响"}), ("question.ask", {"text": "多久？"})):
        with pytest.raises(Conflict):
            does(here, "zhou", kind, **said)
    assert does(here, "zhou", "chat.say", text="主持掉线了？").seq
    clock.shift(600)
    beat(here, "researcher", "zhou")
    look_after_room(workshop=here)
    state = seen(here, "zhou")
    assert not state["suspended"]
    left = datetime.fromisoformat(state["deadline"]) - timezone.now()
    assert timedelta(minutes=8) <= left <= timedelta(minutes=8, seconds=30)
    assert does(here, "zhou", "note.add", text="先响").seq


def test_w10_a_host_who_acts_brings_the_room_back_also_without_a_socket(clock):
    here = led_room()
    beat(here, "researcher", "zhou")
    passes(clock, here, 120, "zhou")
    does(here, "researcher", "phase.move", to="reveal")
    state = seen(here, "zhou")
    assert (state["suspended"], state["phase"]) == (False, "reveal")
    kinds = list(RoomEvent.objects.filter(workshop=here).order_by("seq").values_list("kind", flat=True))
    assert kinds[-3:] == ["room.suspend", "room.resume", "phase.move"]


def test_w10_who_was_never_seen_on_a_socket_is_not_missed(clock):
    here = led_room()
    passes(clock, here, 600, "zhou")
    assert not seen(here, "zhou")["suspended"]


def test_w10_a_guest_is_never_put_in_the_lead(clock):
    here = led_room()
    beat(here, "researcher", "zhou")
    passes(clock, here, 600, "zhou", "he")
    assert seen(here, "zhou")["lead"] == person("researcher").pk
    beat(here, "researcher")
    make_member("guest")
    for to in ("zhou", "guest"):
        with pytest.raises(Invalid):
            does(here, "researcher", "lead.pass", to=person(to).pk)
    does(here, "researcher", "lead.pass", to=person("second").pk)
    assert seen(here, "zhou")["lead"] == person("second").pk


def test_w10_a_room_that_everybody_left_is_looked_after_by_the_worker(clock):
    here = led_room()
    beat(here, "researcher", "zhou")
    clock.shift(300)
    assert look_after_rooms() == 1
    assert look_after_rooms() == 0
    assert seen(here, "zhou")["suspended"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_w10_several_processes_that_look_at_once_write_one_event():
    here = led_room()
    beat(here, "researcher", "zhou")
    Stay.objects.update(seen_at=timezone.now() - timedelta(minutes=5))
    RoomEvent.objects.update(at=timezone.now() - timedelta(minutes=5))
    done = at_once(*[lambda: look_after_room(workshop=here)] * 4)
    assert sorted(done) == ["", "", "", "room.suspend"]
