"""Places at an event: the last one, parties, the line, offers that lapse (I1 to I5); with threads, and with many at once."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kocforum.errors import Conflict, Forbidden, Invalid, Refused
from kocforum.notifications.models import Notification
from tasks import kinds
from tasks.actions.events import close_event, edit_event
from tasks.actions.leaving import forget_member
from tasks.actions.rsvps import lapse_due, put_first
from tasks.models import Event, Rsvp, Scan
from tests.at_once import at_once
from tests.people import make_car, make_catalogue, make_member
from tests.tasks.initiatives import (
    comes,
    counters_tell_the_rows,
    counts,
    member,
    opened_event,
    states,
    stays_away,
    terms,
)
from tests.tasks.test_gate import draft, scanned
from tests.tasks.test_pages import client_of, cost
from tests.tasks.test_survey_api import api

pytestmark = pytest.mark.django_db


def resized(event: Event, capacity: int) -> Event:
    event.refresh_from_db()
    same = {"starts_at": event.starts_at, "ends_at": event.ends_at}
    return edit_event(by=event.initiative.proposer, event=event, terms=terms(**same, capacity=capacity))


def runs_out() -> None:
    Rsvp.objects.filter(state="offered").update(offered_until=timezone.now() - timedelta(seconds=1))


# --- the last place, parties (I1, I2)


def test_i1_who_finds_no_place_waits_in_the_same_request():
    event = opened_event(capacity=1)
    assert [comes(event, who).state for who in ("lin", "he")] == ["going", "waitlisted"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Rsvp.objects.create(event=event, member=member("lin"), state="going")


def test_i2_a_party_comes_whole_or_waits_whole():
    event = opened_event(capacity=3)
    comes(event, "lin")
    assert comes(event, "he", 3).state == "waitlisted"
    assert counts(event) == (1, 0, 0)
    assert comes(event, "su", 2).state == "going"  # fits, and passes nobody who would
    assert counts(event) == (2, 1, 0)
    assert comes(event, "zhao").state == "waitlisted"


def test_a_party_grows_where_there_is_room_and_stays_as_it_was_where_there_is_none():
    event = opened_event(capacity=4)
    comes(event, "lin", 2)
    assert comes(event, "lin", 3).party == 3
    comes(event, "he")
    with pytest.raises(Conflict):
        comes(event, "lin", 4)
    assert counts(event) == (2, 2, 0) and Rsvp.objects.get(member=member("lin")).party == 3
    assert comes(event, "su", 2).state == "waitlisted"
    comes(event, "lin", 1)
    assert states(event)["su"] == "offered"
    counters_tell_the_rows(event)


@pytest.mark.parametrize("party", [0, -1, 6])
def test_a_party_is_as_large_as_organisers_allow(party):
    event = opened_event(capacity=50)
    with pytest.raises(Invalid):
        comes(event, "lin", party)


def test_the_same_op_id_takes_one_place():
    event, op_id = opened_event(), uuid.uuid4()
    assert comes(event, "lin", op_id=op_id) == comes(event, "lin", op_id=op_id)
    assert counts(event) == (1, 0, 0)


# --- the line (I3, I4)


def test_i3_a_place_that_is_given_up_is_offered_to_the_first_in_line_and_counts_as_taken(run_deliveries):
    event = opened_event(capacity=1)
    for who in ("lin", "he", "su"):
        comes(event, who)
    stays_away(event, "lin")
    assert states(event) == {"lin": "cancelled", "he": "offered", "su": "waitlisted"} and counts(event) == (0, 0, 1)
    assert comes(event, "zhao").state == "waitlisted"  # the offered place is nobody else's
    run_deliveries()
    assert list(Notification.objects.filter(kind=kinds.PLACE_OFFERED).values_list("member__username", flat=True)) == [
        "he"
    ]
    assert comes(event, "he", None).state == "going" and counts(event) == (1, 0, 0)


def test_i3_more_places_are_offered_in_one_go():
    event = opened_event(capacity=1)
    for who in ("lin", "he", "su", "zhao"):
        comes(event, who)
    resized(event, 3)
    assert states(event) == {"lin": "going", "he": "offered", "su": "offered", "zhao": "waitlisted"}
    counters_tell_the_rows(event)


def test_i4_the_order_is_priority_then_time_then_number():
    event = opened_event(capacity=1)
    for who in ("lin", "he", "su", "zhao"):
        comes(event, who)
    same = timezone.now()
    Rsvp.objects.filter(member__username__in=["su", "zhao"]).update(joined_at=same - timedelta(hours=1))
    Rsvp.objects.filter(member__username="he").update(joined_at=same)
    put_first(by=event.initiative.proposer, rsvp=Rsvp.objects.get(member=member("zhao")))
    order = []
    for _time in range(3):
        for rsvp in Rsvp.objects.filter(state__in=["going", "offered"]):
            stays_away(event, rsvp.member)
        order += list(Rsvp.objects.filter(state="offered").values_list("member__username", flat=True))
    assert order == ["zhao", "su", "he"]


def test_only_organisers_let_somebody_stand_first():
    event = opened_event(capacity=1)
    comes(event, "lin")
    waits = comes(event, "he")
    with pytest.raises(Forbidden):
        put_first(by=member("he"), rsvp=waits)


def test_i4_an_offer_lapses_and_goes_on_to_the_next(run_deliveries):
    event = opened_event(capacity=1)
    for who in ("lin", "he", "su"):
        comes(event, who)
    stays_away(event, "lin")
    assert lapse_due() == 0
    runs_out()
    assert lapse_due() == 1
    assert states(event) == {"lin": "cancelled", "he": "lapsed", "su": "offered"} and counts(event) == (0, 0, 1)
    run_deliveries()
    assert Notification.objects.filter(kind=kinds.OFFER_LAPSED, member=member("he")).exists()
    assert comes(event, "he").state == "waitlisted"  # at the end of the line


def test_i4_who_takes_an_offer_a_moment_too_late_has_not_taken_it():
    event = opened_event(capacity=1)
    for who in ("lin", "he", "su"):
        comes(event, who)
    stays_away(event, "lin")
    runs_out()
    assert comes(event, "he").state == "waitlisted"
    assert states(event)["su"] == "offered"
    counters_tell_the_rows(event)


def test_i4_no_offer_ends_after_the_beginning_and_none_is_made_shortly_before():
    event = opened_event(capacity=1, offer_hours=48, offers_stop_hours=6)
    for who in ("lin", "he"):
        comes(event, who)
    Event.objects.update(starts_at=timezone.now() + timedelta(hours=10))
    stays_away(event, "lin")
    assert Rsvp.objects.get(state="offered").offered_until == Event.objects.get().offers_stop_at
    stays_away(event, "he")
    comes(event, "su")
    comes(event, "zhao")
    Event.objects.update(starts_at=timezone.now() + timedelta(hours=5))
    stays_away(event, "su")
    assert states(event)["zhao"] == "waitlisted" and counts(event) == (0, 0, 0)
    assert comes(event, "zhao").state == "going"  # the place is for whoever comes


def test_i4_who_gives_up_waiting_is_offered_nothing():
    event = opened_event(capacity=1)
    for who in ("lin", "he", "su"):
        comes(event, who)
    stays_away(event, "he")
    stays_away(event, "lin")
    assert states(event) == {"lin": "cancelled", "he": "cancelled", "su": "offered"}
    stays_away(event, "su")
    assert counts(event) == (0, 0, 0)
    with pytest.raises(Conflict):
        stays_away(event, "nobody")


def test_a_large_party_keeps_no_place_empty_for_those_behind_it():
    event = opened_event(capacity=2)
    comes(event, "lin", 2)
    comes(event, "he", 3)
    comes(event, "su", 1)
    comes(event, "lin", 1)
    assert states(event) == {"lin": "going", "he": "waitlisted", "su": "offered"}


def test_who_is_offered_a_place_takes_it_for_fewer_and_not_for_more():
    event = opened_event(capacity=3)
    comes(event, "lin", 3)
    comes(event, "he", 3)
    comes(event, "su")
    stays_away(event, "lin")
    with pytest.raises(Conflict):
        comes(event, "he", 4)
    assert comes(event, "he", 2).party == 2
    assert states(event)["su"] == "offered" and counts(event) == (1, 1, 1)


def test_after_closing_nobody_new_comes_and_who_was_offered_a_place_takes_it():
    event = opened_event(capacity=1)
    for who in ("lin", "he"):
        comes(event, who)
    stays_away(event, "lin")
    close_event(by=event.initiative.proposer, event=event)
    with pytest.raises(Conflict):
        comes(event, "su")
    assert comes(event, "he", None).state == "going"


def test_i5_places_never_fall_below_what_is_taken_or_promised():
    event = opened_event(capacity=3)
    comes(event, "lin", 2)
    comes(event, "he")
    comes(event, "su")
    stays_away(event, "he")
    assert counts(event) == (1, 1, 1)
    with pytest.raises(Invalid) as refused:
        resized(event, 2)
    assert set(refused.value.fields) == {"capacity"}
    assert resized(event, 4).capacity == 4


# --- what is told with a place


def test_a_place_comes_with_the_own_car_where_it_is_asked_for():
    make_catalogue()
    lin, he = make_member("lin"), make_member("he")
    asks, asks_not = opened_event(asks_car=True), opened_event()
    with pytest.raises(Invalid):
        comes(asks, lin, vehicle=make_car(he))
    with pytest.raises(Invalid):
        comes(asks_not, lin, vehicle=make_car(lin))
    assert comes(asks_not, lin, plate="苏E12345").plate == ""


def test_who_leaves_the_community_frees_the_place_and_leaves_nothing_behind():
    event = opened_event(capacity=1)
    comes(event, "lin")
    comes(event, "he")
    forget_member(member_id=member("lin").pk)
    assert states(event) == {"lin": "cancelled", "he": "offered"}
    counters_tell_the_rows(event)


# --- any order of anything


steps = st.lists(
    st.tuples(
        st.sampled_from(["come", "come", "come", "leave", "lapse", "resize", "first"]),
        st.integers(0, 5),
        st.integers(1, 4),
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, capacity=st.integers(1, 6))
def test_no_order_of_steps_makes_more_people_than_places_or_lets_who_fits_wait(steps, capacity):
    with transaction.atomic():
        event = opened_event(capacity=capacity)
        for what, who, number in steps:
            try:
                if what == "come":
                    comes(event, f"owner{who}", number)
                elif what == "leave":
                    stays_away(event, f"owner{who}")
                elif what == "lapse":
                    runs_out()
                    lapse_due()
                elif what == "resize":
                    resized(event, number)
                else:
                    rsvp = Rsvp.objects.filter(event=event, member=member(f"owner{who}")).first()
                    _first(event, rsvp)
            except Refused:
                pass
            counters_tell_the_rows(event)
            free = Event.objects.get(pk=event.pk).free
            assert not Rsvp.objects.filter(event=event, state="waitlisted", party__lte=free).exists()
        transaction.set_rollback(True)


def _first(event: Event, rsvp: Rsvp | None) -> None:
    if rsvp is not None:
        put_first(by=event.initiative.proposer, rsvp=rsvp)


# --- at once


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_i1_of_many_who_press_at_once_exactly_as_many_come_as_there_are_places():
    event = opened_event(capacity=3)
    people = [make_member(f"owner{number}") for number in range(8)]
    results = at_once(*(lambda one=one: comes(event, one).state for one in people))
    assert sorted(results) == ["going"] * 3 + ["waitlisted"] * 5
    counters_tell_the_rows(event)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_i1_one_person_who_presses_twice_at_once_has_one_place():
    event, lin = opened_event(capacity=3), make_member("lin")
    at_once(*(lambda: comes(event, lin, 2) for _time in range(4)))
    assert counts(event) == (1, 1, 0) and Rsvp.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_i2_two_parties_that_fit_one_at_a_time_never_come_both():
    event = opened_event(capacity=3)
    people = [make_member(f"owner{number}") for number in range(3)]
    results = at_once(*(lambda one=one: comes(event, one, 2).state for one in people))
    assert sorted(results) == ["going", "waitlisted", "waitlisted"] and counts(event) == (1, 1, 0)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_i3_two_who_give_up_at_once_and_more_places_in_the_same_moment_offer_each_place_once():
    event = opened_event(capacity=2)
    people = [make_member(f"owner{number}") for number in range(7)]
    for one in people:
        comes(event, one)
    at_once(
        lambda: stays_away(event, people[0]),
        lambda: stays_away(event, people[1]),
        lambda: resized(Event.objects.get(pk=event.pk), 4),
    )
    assert list(states(event).values()) == ["cancelled"] * 2 + ["offered"] * 4 + ["waitlisted"]
    counters_tell_the_rows(event)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_i4_an_offer_that_lapses_while_it_is_taken_is_one_or_the_other():
    event = opened_event(capacity=1)
    lin, he, su = (member(name) for name in ("lin", "he", "su"))
    for one in (lin, he, su):
        comes(event, one)
    stays_away(event, lin)
    Rsvp.objects.filter(state="offered").update(offered_until=timezone.now() + timedelta(milliseconds=30))
    at_once(lambda: comes(event, he), lapse_due, lapse_due)
    lapse_due()
    assert states(event) in (
        {"lin": "cancelled", "he": "going", "su": "waitlisted"},
        {"lin": "cancelled", "he": "lapsed", "su": "offered"},
        {"lin": "cancelled", "he": "waitlisted", "su": "offered"},
        {"lin": "cancelled", "he": "offered", "su": "waitlisted"},
    )
    counters_tell_the_rows(event)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_i5_fewer_places_and_a_new_guest_at_once_never_overbook():
    event = opened_event(capacity=3)
    comes(event, make_member("lin"))
    he = make_member("he")
    at_once(lambda: resized(Event.objects.get(pk=event.pk), 1), lambda: comes(event, he, 2))
    counters_tell_the_rows(event)


def test_the_places_in_json_cost_the_same_for_one_who_waits_and_for_many():
    event = opened_event(capacity=1)
    client, path = api(event.initiative.proposer), f"/api/v1/events/{event.pk}/rsvps/"
    comes(event, "lin")
    comes(event, "he")
    few = cost(client, path)
    for number in range(8):
        comes(event, f"owner{number}")
    assert cost(client, path) == few
    told = [(one["username"], one["position"]) for one in client.get(path).json()["results"]]
    assert sorted(told) == sorted([("lin", None), ("he", 1), *((f"owner{number}", number + 2) for number in range(8))])


# --- when it is over


@pytest.mark.parametrize("over", [{"state": "held"}, {"state": "cancelled"}, {"state": "running"}, {"state": "open"}])
def test_who_had_a_place_at_what_is_over_gives_it_up_no_more_and_is_not_offered_to(over):
    event, past = opened_event(), timezone.now() - timedelta(hours=1)
    comes(event, "lin"), comes(event, "he", 2), comes(event, "ma")
    client, path = client_of(member("lin")), f"/events/{event.pk}/"
    assert 'name="give_up"' in client.get(path).content.decode()
    Event.objects.filter(pk=event.pk).update(starts_at=past - timedelta(hours=5), ends_at=past, **over)
    for who in ("lin", "ma"):
        with pytest.raises(Conflict):
            stays_away(event, who)
    assert 'name="give_up"' not in client.get(path).content.decode()
    assert states(event) == {"lin": "going", "he": "going", "ma": "waitlisted"}


def test_who_is_checked_in_gives_up_no_place_unless_the_gate_takes_it_back():
    event = opened_event(capacity=5)
    mine, waits = comes(event, "lin", 3), comes(event, "he", 5)
    client, path = client_of(member("lin")), f"/events/{event.pk}/"
    let_in = draft(mine, people=2)
    assert scanned(event, let_in) == ["in"]
    assert 'name="give_up"' not in client.get(path).content.decode()
    with pytest.raises(Conflict) as refused:
        stays_away(event, "lin")
    assert "签到" in str(refused.value)
    assert api(member("lin")).delete(f"/api/v1/events/{event.pk}/rsvp/").status_code == 409
    # Who is on the way can still be fewer, and who came in not.
    assert comes(event, "lin", 2).party == 2
    with pytest.raises(Conflict):
        comes(event, "lin", 1)
    assert stays_away(event, "he").state == "cancelled" and waits.pk  # nobody let them in
    assert scanned(event, draft(kind="undo", of=let_in.nonce)) == ["undo"]
    assert 'name="give_up"' in client.get(path).content.decode()
    assert stays_away(event, "lin").state == "cancelled"
    counters_tell_the_rows(event)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_who_gives_up_while_the_gate_lets_them_in_did_one_or_the_other():
    event = opened_event(capacity=9)
    mine = comes(event, "lin")
    results = at_once(lambda: stays_away(event, "lin"), lambda: scanned(event, draft(mine)))
    mine.refresh_from_db()
    inside = Scan.objects.filter(rsvp=mine).came().exists()
    assert (mine.state == "going") == inside
    assert sum(isinstance(one, Conflict) for one in results) == inside
    counters_tell_the_rows(event)


def test_who_has_a_place_at_what_is_postponed_or_goes_on_can_still_give_it_up():
    event, past = opened_event(), timezone.now() - timedelta(hours=1)
    comes(event, "lin"), comes(event, "he")
    Event.objects.filter(pk=event.pk).update(state="running", starts_at=past)
    assert stays_away(event, "lin").state == "cancelled"
    Event.objects.filter(pk=event.pk).update(state="postponed", starts_at=past - timedelta(hours=5), ends_at=past)
    assert 'name="give_up"' in client_of(member("he")).get(f"/events/{event.pk}/").content.decode()
    assert stays_away(event, "he").state == "cancelled"
