"""Events: planned and run by who leads them and nobody else; found by owners by city and date; told of in time."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from django.contrib import admin
from django.db import IntegrityError, transaction
from django.utils import timezone

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.notifications.models import Notification
from tasks import kinds
from tasks.actions.endorsements import move_endorsement
from tasks.actions.events import (
    QuestionDraft,
    cancel_event,
    close_event,
    edit_event,
    forget_plates,
    open_event,
    plan_event,
    postpone_event,
)
from tasks.actions.passing import announce_events, begin_due, end_due
from tasks.actions.proposals import withdraw
from tasks.enums import EventState
from tasks.models import (
    Ask,
    Club,
    ClubMembership,
    Decision,
    Endorsement,
    Event,
    EventQuestion,
    Initiative,
    Review,
    Rsvp,
    Support,
)
from tasks.queries.event_files import as_calendar
from tasks.queries.events import my_places
from tasks.rules.events import EVENT_MOVES
from tests.people import make_car, make_catalogue, make_member, make_staff
from tests.tasks.initiatives import (
    agreed,
    comes,
    counts,
    drafted_initiative,
    koc,
    member,
    opened_event,
    planned_event,
    states,
    stays_away,
    terms,
)
from tests.tasks.test_pages import client_of, cost
from tests.tasks.test_reviews import endorsed, staff
from tests.tasks.test_survey_api import api

pytestmark = pytest.mark.django_db


def leader(event: Event):
    return event.initiative.proposer


def seen(user, event: Event) -> bool:
    return Event.objects.visible_to(user).filter(pk=event.pk).exists()


# --- whose it is


ALL_ROLES = ("operator", "researcher", "engineer", "approver", "admin")


@pytest.mark.parametrize("role", ALL_ROLES)
def test_colleagues_change_no_event_anywhere(role):
    event, by = opened_event(), make_staff("colleague", role=role, is_superuser=role == "admin", koc_level="leader")
    comes(event, "lin")
    before = Event.objects.values().get()
    for act in (
        lambda: edit_event(by=by, event=event, terms=terms(title="品牌日")),
        lambda: close_event(by=by, event=event),
        lambda: cancel_event(by=by, event=event, reason="不"),
        lambda: open_event(by=by, event=event),
    ):
        with pytest.raises(Forbidden):
            act()
    page, json = client_of(by), api(by)
    assert page.get(f"/events/{event.pk}/").status_code == 200
    assert page.get(f"/events/{event.pk}/edit/").status_code == 404
    assert page.get(f"/events/new/?initiative={event.initiative_id}").status_code == 404
    for what in ("open", "close", "cancel", "first"):
        page.post(f"/events/{event.pk}/run/{what}/", {"reason": "不", "place": Rsvp.objects.get().pk})
    assert json.patch(f"/api/v1/events/{event.pk}/", {"title": "品牌日"}, format="json").status_code == 403
    for what in ("open", "close", "cancel"):
        assert json.post(f"/api/v1/events/{event.pk}/{what}/", {"reason": "不"}, format="json").status_code == 403
    assert json.get(f"/api/v1/events/{event.pk}/rsvps/").status_code == 403
    assert Event.objects.values().get() == before


def test_nothing_that_owners_lead_stands_in_the_administration():
    """There is nothing there to change, and no plate to read."""
    led = {Club, ClubMembership, Initiative, Ask, Review, Decision, Endorsement, Event, EventQuestion, Rsvp, Support}
    assert not led & set(admin.site._registry)


def test_an_event_is_planned_by_who_leads_the_initiative_endorsed_or_not():
    made = drafted_initiative()
    assert planned_event(made).state == "planned"
    with pytest.raises(Forbidden):
        plan_event(by=make_member("lin"), initiative=made, terms=terms())
    withdraw(by=made.proposer, initiative=made)
    made.refresh_from_db()
    with pytest.raises(Conflict):
        planned_event(made)


def test_the_deputy_runs_it_as_well():
    event = opened_event()
    deputy = agreed(event.initiative)
    assert close_event(by=deputy, event=event).state == "closed"


def test_a_planned_event_is_known_to_its_organisers_and_seen_by_everybody_once_it_is_open():
    event = planned_event()
    people = [leader(event), agreed(event.initiative), make_member("lin")]
    assert [seen(one, event) for one in people] == [True, True, False]
    assert client_of().get(f"/events/{event.pk}/").status_code == 404
    open_event(by=leader(event), event=event)
    assert [seen(one, event) for one in people] == [True, True, True]
    assert client_of().get(f"/events/{event.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"capacity": 0}, "capacity"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"title": " "}, "title"),
        ({"city": ""}, "city"),
        ({"ends_at": timezone.now()}, "ends_at"),
        ({"party_most": 0}, "party_most"),
    ],
)
def test_an_event_says_what_when_and_where(values, field):
    with pytest.raises(Invalid) as refused:
        planned_event(**values)
    assert set(refused.value.fields) == {field}


def test_an_event_moves_by_the_table():
    event = planned_event()
    by = leader(event)
    with pytest.raises(Conflict):
        close_event(by=by, event=event)
    open_event(by=by, event=event)
    close_event(by=by, event=event)
    open_event(by=by, event=event)
    with pytest.raises(Invalid):
        cancel_event(by=by, event=event, reason=" ")
    cancel_event(by=by, event=event, reason="台风")
    for act in (open_event, close_event):
        with pytest.raises(Conflict):
            act(by=by, event=event)
    with pytest.raises(Conflict):
        edit_event(by=by, event=event, terms=terms())
    past = planned_event(starts_at=timezone.now() - timedelta(days=1))
    with pytest.raises(Conflict):
        open_event(by=by, event=past)


def test_questions_are_only_added_once_it_is_open():
    event = planned_event(questions=[QuestionDraft(text="几点到？", required=True), QuestionDraft(text="吃辣吗？")])
    by = leader(event)
    edit_event(by=by, event=event, terms=terms(questions=[QuestionDraft(text="几点到？", required=True)]))
    open_event(by=by, event=event)
    edit_event(by=by, event=event, terms=terms(questions=[QuestionDraft(text="带孩子吗？")]))
    assert list(EventQuestion.objects.values_list("key", "text", "required")) == [
        ("q1", "几点到？", True),
        ("q2", "带孩子吗？", False),
    ]


# --- told in time


def told(kind: str) -> set[str]:
    return set(Notification.objects.filter(kind=kind).values_list("member__username", flat=True))


def test_who_comes_is_reminded_a_day_before_once(run_deliveries):
    event = opened_event(capacity=1)
    comes(event, "lin")
    comes(event, "he")  # waits
    assert announce_events() == 0
    Event.objects.update(starts_at=timezone.now() + timedelta(hours=20))
    assert announce_events() == 1 and announce_events() == 0
    run_deliveries()
    assert told(kinds.EVENT_NEAR) == {"lin"}


def test_another_day_is_told_to_everybody_and_a_word_is_not(run_deliveries):
    event = opened_event(capacity=1)
    comes(event, "lin")
    comes(event, "he")
    now = Event.objects.get()
    same = {"starts_at": now.starts_at, "ends_at": now.ends_at, "capacity": 1}
    edit_event(by=leader(event), event=event, terms=terms(**same, about="带伞"))
    run_deliveries()
    assert told(kinds.EVENT_CHANGED) == set()
    later = {"starts_at": now.starts_at + timedelta(days=7), "ends_at": now.ends_at + timedelta(days=7), "capacity": 1}
    edit_event(by=leader(event), event=event, terms=terms(**later))
    run_deliveries()
    assert told(kinds.EVENT_CHANGED) == {"lin", "he"}


def test_a_cancellation_is_told_with_its_reason(run_deliveries):
    event = opened_event(capacity=1)
    comes(event, "lin")
    comes(event, "he")
    comes(event, "su")
    stays_away(event, "su")
    cancel_event(by=leader(event), event=event, reason="台风“云雀”")
    run_deliveries()
    assert told(kinds.EVENT_CANCELLED) == {"lin", "he"}
    assert "台风“云雀”" in client_of(member("lin")).get(f"/events/{event.pk}/").content.decode()
    with pytest.raises(Conflict):
        comes(event, "zhao")


def test_a_postponed_event_keeps_its_places_until_it_has_another_day(run_deliveries):
    event = opened_event(capacity=2)
    comes(event, "lin", party=2)
    comes(event, "he")
    with pytest.raises(Invalid):
        postpone_event(by=leader(event), event=event, reason=" ")
    with pytest.raises(Forbidden):
        postpone_event(by=staff("admin"), event=event, reason="不")
    postpone_event(by=leader(event), event=event, reason="大雪封山")
    run_deliveries()
    assert told(kinds.EVENT_POSTPONED) == {"lin", "he"}
    page = client_of(member("lin")).get(f"/events/{event.pk}/").content.decode()
    assert "大雪封山" in page and "改期" in page
    assert [place.event for place in my_places(member("lin"))] == [event]
    assert b"STATUS:TENTATIVE" in as_calendar([Event.objects.get()])
    with pytest.raises(Conflict):
        comes(event, "su")
    # The old day passes, and nothing begins, ends, or is offered to anybody.
    Event.objects.update(starts_at=timezone.now() - timedelta(days=2), ends_at=timezone.now() - timedelta(days=1))
    assert (begin_due(), end_due(), announce_events()) == (0, 0, 0)
    with pytest.raises(Conflict):
        open_event(by=leader(event), event=event)
    stays_away(event, "lin")
    assert states(event) == {"lin": "cancelled", "he": "waitlisted"}
    edit_event(by=leader(event), event=event, terms=terms(capacity=2))
    open_event(by=leader(event), event=event)
    run_deliveries()
    assert told(kinds.EVENT_HAS_A_DAY) == {"he"} and not told(kinds.EVENT_CHANGED)
    assert states(event)["he"] == "offered" and counts(event) == (0, 0, 1)
    assert Event.objects.get().postponed_because == ""


def test_offers_are_taken_back_when_nobody_can_take_them(run_deliveries):
    event = opened_event(capacity=1)
    comes(event, "lin")
    comes(event, "he")
    stays_away(event, "lin")
    run_deliveries()
    assert states(event)["he"] == "offered" and told(kinds.PLACE_OFFERED) == {"he"}
    stood = Rsvp.objects.get(member=member("he")).joined_at
    postpone_event(by=leader(event), event=event, reason="大雪封山")
    run_deliveries()
    assert states(event)["he"] == "waitlisted" and counts(event) == (0, 0, 0)
    assert Rsvp.objects.get(member=member("he")).joined_at == stood
    assert not Notification.objects.filter(kind=kinds.PLACE_OFFERED).unread().exists()
    open_event(by=leader(event), event=event)
    assert states(event)["he"] == "offered"
    Event.objects.update(starts_at=timezone.now() - timedelta(hours=1))
    assert begin_due() == 1
    assert states(event)["he"] == "waitlisted" and counts(event) == (0, 0, 0)


def test_reopened_on_the_same_day_people_hear_of_it_and_are_reminded(run_deliveries):
    event = opened_event()
    comes(event, "lin")
    soon = timezone.now() + timedelta(hours=20)
    Event.objects.update(starts_at=soon, ends_at=soon + timedelta(hours=8), reminded_at=timezone.now())
    postpone_event(by=leader(event), event=event, reason="路堵了")
    open_event(by=leader(event), event=event)
    run_deliveries()
    assert told(kinds.EVENT_HAS_A_DAY) == {"lin"}
    assert announce_events() == 1


def test_what_was_never_opened_stays_unseen_when_it_is_called_off():
    event = planned_event(title="先不说")
    cancel_event(by=leader(event), event=event, reason="算了")
    assert not seen(member("lin"), event)
    assert client_of().get(f"/events/{event.pk}/").status_code == 404
    assert seen(leader(event), event)


def test_what_has_begun_runs_takes_nobody_more_and_ends():
    event = opened_event()
    comes(event, "lin")
    close_event(by=leader(event), event=event)
    assert begin_due() == 0
    Event.objects.update(starts_at=timezone.now() - timedelta(hours=1), ends_at=timezone.now() + timedelta(hours=1))
    assert begin_due() == 1 and begin_due() == 0 and end_due() == 0
    assert Event.objects.get().state == "running"
    assert "进行中" in client_of().get(f"/events/{event.pk}/").content.decode()
    for refused in (open_event, close_event):
        with pytest.raises(Conflict):
            refused(by=leader(event), event=event)
    with pytest.raises(Conflict):
        comes(event, "he")
    with pytest.raises(Invalid):
        edit_event(by=leader(event), event=event, terms=terms())
    Event.objects.update(ends_at=timezone.now() - timedelta(minutes=1))
    assert end_due() == 1
    assert Event.objects.get().state == "held"


@pytest.mark.parametrize("here", EventState.values)
def test_every_state_is_left_by_its_own_edges_alone(here):
    event = opened_event()
    steps = {
        "open": lambda: open_event(by=leader(event), event=event),
        "closed": lambda: close_event(by=leader(event), event=event),
        "postponed": lambda: postpone_event(by=leader(event), event=event, reason="大雪"),
        "cancelled": lambda: cancel_event(by=leader(event), event=event, reason="大雪"),
    }
    for to, step in steps.items():
        Event.objects.update(state=here)
        if to in EVENT_MOVES[here]:
            assert step().state == to
        else:
            with pytest.raises(Conflict) as refused:
                step()
            assert str(refused.value)
            assert Event.objects.get().state == here


def test_what_is_over_is_over_and_plates_are_gone_a_month_later():
    make_catalogue()
    event, lin = opened_event(asks_car=True), make_member("lin")
    comes(event, lin, vehicle=make_car(lin), plate="苏e 12345")
    assert Rsvp.objects.get().plate == "苏E12345"
    assert end_due() == 0 and forget_plates() == 0
    days = timedelta(days=31)
    Event.objects.update(starts_at=timezone.now() - days, ends_at=timezone.now() - days + timedelta(hours=8))
    assert end_due() == 1 and forget_plates() == 1
    assert (Event.objects.get().state, Rsvp.objects.get().plate) == ("held", "")


# --- coupled with what the brand lends


def test_an_endorsement_shows_while_it_is_in_force_and_a_revocation_is_told_while_the_event_goes_on(run_deliveries):
    endorsement = endorsed()
    event = opened_event(endorsement.initiative)
    comes(event, "lin")
    assert endorsement.code in client_of().get(f"/events/{event.pk}/").content.decode()
    assert api().get(f"/api/v1/events/{event.pk}/").json()["endorsement"] == endorsement.code
    assert client_of().get("/events/").context["page"][0].initiative.endorsement.is_in_force
    move_endorsement(by=staff("approver"), endorsement=endorsement, to="revoked", reason="收了报名费。")
    run_deliveries()
    assert endorsement.code not in client_of().get(f"/events/{event.pk}/").content.decode()
    assert told(kinds.EVENT_UNENDORSED) == {"lin"}
    assert comes(event, "he").state == "going"


@pytest.mark.parametrize(
    ("values", "questioned"),
    [
        ({"about": "带伞"}, False),
        ({"capacity": 11}, False),
        ({"capacity": 13}, True),
        ({"city": "歙县"}, True),
        ({"days": 1}, True),
    ],
)
def test_i18_another_day_place_or_size_than_what_was_endorsed_is_looked_at_again(values, questioned):
    endorsement = endorsed()
    event = opened_event(endorsement.initiative, capacity=10)
    values, later = dict(values), timedelta(days=values.get("days", 0))
    values.pop("days", None)
    same = {"starts_at": event.starts_at + later, "ends_at": event.ends_at + later, "capacity": 10}
    edit_event(by=leader(event), event=event, terms=terms(**{**same, **values}))
    endorsement.refresh_from_db()
    assert endorsement.needs_reconfirmation is questioned


# --- pages


def filled(**values: Any) -> dict[str, Any]:
    begins = timezone.localtime() + timedelta(days=9)
    return {
        "op_id": uuid.uuid4(),
        "title": "皖南秋色慢行",
        "about": "慢慢走。",
        "agenda": "08:00 集合\n12:00 午饭",
        "city": "黄山",
        "place": "南停车场",
        "starts_at": f"{begins:%Y-%m-%dT09:00}",
        "ends_at": f"{begins:%Y-%m-%dT17:00}",
        "timezone": "Asia/Shanghai",
        "capacity": "2",
        "party_most": "4",
        "asks_car": "on",
        "questions": "几点到？*\n吃辣吗？",
        "offer_hours": "12",
        "offers_stop_hours": "6",
        **values,
    }


def test_an_event_is_planned_opened_filled_and_cancelled_through_the_pages():
    make_catalogue()
    made, lin = drafted_initiative(), make_member("lin")
    car = make_car(lin)
    zhou, owner = client_of(koc()), client_of(lin)
    page = zhou.post(f"/events/new/?initiative={made.pk}", filled(op_id=(op_id := uuid.uuid4())))
    zhou.post(f"/events/new/?initiative={made.pk}", filled(op_id=op_id))
    event = Event.objects.get()
    path = f"/events/{event.pk}/"
    assert page.url == path and event.begins_there.hour == 9
    zhou.post(f"{path}run/open/")
    assert "08:00 集合" in client_of().get(path).content.decode()
    refused = owner.post(f"{path}rsvp/", {"party": "2", "q2": "不吃"})
    assert refused.status_code == 422 and not Rsvp.objects.exists()  # q1 must be answered
    owner.post(f"{path}rsvp/", {"party": "2", "q1": "八点", "vehicle": car.pk, "plate": "苏E12345", "listed": "on"})
    place = Rsvp.objects.get()
    assert (place.state, place.party, place.answers, place.vehicle) == ("going", 2, {"q1": "八点"}, car)
    assert place.ticket in owner.get(path).content.decode()
    waits = client_of(make_member("he"))
    waits.post(f"{path}rsvp/", {"party": "1", "q1": "九点"})
    assert waits.get(path).context["place_in_line"] == 1
    run = zhou.get(path).content.decode()
    assert "苏E12345" in run and "八点" in run and place.ticket not in run
    for other in (waits, client_of(), client_of(staff("admin"))):
        assert "苏E12345" not in other.get(path).content.decode()
    seen = zhou.get(f"{path}edit/").context["seen"]
    zhou.post(f"{path}edit/", filled(capacity="3", seen=seen))
    assert states(event) == {"lin": "going", "he": "offered"}
    waits.post(f"{path}rsvp/", {"party": "1", "q1": "九点"})
    owner.post(f"{path}rsvp/", {"give_up": "1"})
    assert states(event) == {"lin": "cancelled", "he": "going"} and counts(event) == (1, 0, 0)
    zhou.post(f"{path}run/cancel/", {"reason": "台风"})
    assert "台风" in owner.get(path).content.decode()


def test_i5_others_see_who_comes_and_wants_to_be_seen_and_nobody_who_waits():
    event = opened_event(capacity=2)
    comes(event, "lin", listed=True)
    comes(event, "he")
    comes(event, "su", listed=True)  # waits
    shown = client_of().get(f"/events/{event.pk}/").context["listed"]
    assert [place.member.username for place in shown] == ["lin"]
    assert not Rsvp.objects.visible_to(make_staff("admin", role="admin")).exists()


def test_events_stand_by_city_and_date():
    made = drafted_initiative()
    begins = timezone.now() + timedelta(days=3)
    late = opened_event(made, city="苏州")
    soon = opened_event(made, starts_at=begins, ends_at=begins + timedelta(hours=2))
    planned_event(made)
    visitor = client_of()
    page = visitor.get("/events/")
    assert [one.pk for one in page.context["page"]] == [soon.pk, late.pk] and page.context["cities"] == ["苏州", "黄山"]
    assert [one.pk for one in visitor.get("/events/?city=苏州").context["page"]] == [late.pk]
    assert visitor.get("/events/?city=nowhere").context["page"].paginator.count == 2
    cancel_event(by=made.proposer, event=soon, reason="雨")
    assert [one.pk for one in visitor.get("/events/").context["page"]] == [late.pk]
    assert [one["id"] for one in api().get("/api/v1/events/?coming=1&city=苏州").json()["results"]] == [late.pk]


def test_a_list_of_events_costs_the_same_for_one_and_for_many():
    made = endorsed().initiative
    opened_event(made)
    visitor, lin = client_of(), client_of(make_member("lin"))
    counted = cost(visitor, "/events/"), cost(lin, "/events/")
    for number in range(6):
        comes(opened_event(made, city=f"城{number}"), "lin")
    assert (cost(visitor, "/events/"), cost(lin, "/events/")) == counted == (6, 10)


def test_an_events_page_costs_the_same_for_one_guest_and_for_many():
    event = opened_event(capacity=50)
    comes(event, "lin", listed=True)
    visitor, run = client_of(), client_of(leader(event))
    counted = cost(visitor, f"/events/{event.pk}/"), cost(run, f"/events/{event.pk}/")
    for number in range(6):
        comes(event, f"owner{number}", listed=True)
    assert (cost(visitor, f"/events/{event.pk}/"), cost(run, f"/events/{event.pk}/")) == counted == (5, 12)


def test_the_calendar_file_has_the_zone_by_name_and_the_same_number_every_time():
    begins = datetime(2027, 3, 28, 9, 0, tzinfo=UTC)
    event = opened_event(starts_at=begins, ends_at=begins + timedelta(hours=2), timezone="Europe/Oslo")
    entry = next(one for one in icalendar.Calendar.from_ical(as_calendar([event])).walk("VEVENT"))
    assert entry.decoded("dtstart") == begins and str(entry["dtstart"].params["TZID"]) == "Europe/Oslo"
    assert entry["uid"].startswith(str(event.token)) and "黄山" in entry["location"]
    answer = client_of().get(f"/events/{event.pk}/event.ics")
    assert answer["Content-Type"].startswith("text/calendar") and answer.content.startswith(b"BEGIN:VCALENDAR")


# --- JSON


def body(initiative: int, **values: Any) -> dict[str, Any]:
    begins = timezone.now() + timedelta(days=5)
    return {
        "initiative": initiative,
        "title": "慢行",
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(hours=3)).isoformat(),
        "timezone": "Asia/Shanghai",
        "city": "黄山",
        "place": "南停车场",
        "capacity": 1,
        **values,
    }


def test_an_event_in_json():
    made, zhou, op_id = drafted_initiative(), api(koc()), str(uuid.uuid4())
    first = zhou.post("/api/v1/events/", body(made.pk, op_id=op_id), format="json")
    assert first.status_code == 201, first.json()
    assert zhou.post("/api/v1/events/", body(made.pk, op_id=op_id), format="json").status_code == 200
    path = f"/api/v1/events/{first.json()['id']}/"
    lin, he = api(make_member("lin")), api(make_member("he"))
    assert lin.get(path).status_code == 404
    assert zhou.post(f"{path}open/", format="json").json()["state"] == "open"
    taken = lin.post(f"{path}rsvp/", {"party": 1}, format="json")
    assert taken.status_code == 201 and taken.json()["state"] == "going" and taken.json()["ticket"]
    assert lin.post(f"{path}rsvp/", {}, format="json").status_code == 200
    waits = he.post(f"{path}rsvp/", {}, format="json").json()
    assert (waits["state"], waits["position"], waits["ticket"]) == ("waitlisted", 1, None)
    assert zhou.patch(path, {"capacity": 2}, format="json").json()["offered"] == 1
    assert he.get(f"{path}rsvp/").json()["state"] == "offered"
    assert zhou.patch(path, {"capacity": 1}, format="json").status_code == 400
    assert he.post(f"{path}rsvp/", {}, format="json").json()["state"] == "going"
    assert lin.delete(f"{path}rsvp/").status_code == 204
    assert {one["username"] for one in zhou.get(f"{path}rsvps/").json()["results"]} == {"he"}
    assert zhou.get(f"{path}rsvps/").json()["results"][0]["ticket"] is None
    assert zhou.post(f"{path}close/", format="json").json()["state"] == "closed"
    assert lin.post(f"{path}rsvp/", {}, format="json").status_code == 409


def test_json_answers_right_before_fields():
    made = drafted_initiative()
    event = opened_event(made)
    assert api().post("/api/v1/events/", {}, format="json").status_code in {401, 403}
    assert api(make_member("lin")).post("/api/v1/events/", {}, format="json").status_code == 403
    assert api(koc()).post("/api/v1/events/", {}, format="json").status_code == 400
    assert api(koc()).post("/api/v1/events/", body(10**6), format="json").status_code == 400
    assert api(member("lin")).post(f"/api/v1/events/{event.pk}/rsvp/", {"party": "x"}, format="json").status_code == 400
    assert api(member("lin")).post(f"/api/v1/events/{event.pk}/rsvp/", {"party": 9}, format="json").status_code == 400
    assert api().post(f"/api/v1/events/{event.pk}/rsvp/", {}, format="json").status_code in {401, 403}
    assert api(member("lin")).delete(f"/api/v1/events/{event.pk}/rsvp/").status_code == 409


def test_the_database_keeps_the_promise_about_places():
    event = opened_event(capacity=2)
    for broken in ({"going": 3}, {"going": 1, "guests": 1, "offered": 1}, {"capacity": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Event.objects.filter(pk=event.pk).update(**broken)
