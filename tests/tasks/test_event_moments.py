"""When an event is: within reason whatever was typed, and everywhere on the clocks of its place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.utils import timezone

from kocforum.errors import Invalid
from tasks.actions.events import edit_event
from tasks.models import Event, Incident, Scan
from tasks.queries.event_files import as_calendar
from tasks.queries.event_terms import version_of_terms
from tests.tasks.initiatives import comes, drafted_initiative, koc, opened_event, planned_event, terms
from tests.tasks.test_events import filled
from tests.tasks.test_gate import draft, scanned
from tests.tasks.test_pages import client_of
from tests.tasks.test_survey_api import api

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")
NO_TIMES = ("0001-01-01T00:00:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59", "9999-12-31T20:00:00Z")


def in_berlin(**values: Any) -> Event:
    """From nine to five, where clocks are seven or six hours behind ours."""
    begins = (datetime.now(BERLIN) + timedelta(days=20)).replace(hour=9, minute=0, second=0, microsecond=0)
    return opened_event(
        starts_at=begins, ends_at=begins.replace(hour=17), timezone="Europe/Berlin", city="柏林", **values
    )


# --- within reason


@pytest.mark.parametrize(
    ("starts", "ends", "zone"),
    [
        ("9999-12-31T20:00", "9999-12-31T23:59", "Europe/Berlin"),
        ("9999-12-31T20:00", "9999-12-31T23:59", "America/Los_Angeles"),
        ("0001-01-01T00:00", "0001-01-01T01:00", "Asia/Shanghai"),
        ("0001-01-01T00:00", "0001-01-01T01:00", "Europe/Berlin"),
        ("2199-12-31T20:00", "2199-12-31T23:59", "Europe/Berlin"),
        ("1900-01-01T00:00", "1900-01-01T01:00", "Asia/Shanghai"),
    ],
)
def test_a_year_that_nobody_means_is_said_at_its_field_and_takes_no_page_down(starts, ends, zone):
    event, zhou = opened_event(), client_of(koc())
    seen = version_of_terms(event)
    sent = filled(starts_at=starts, ends_at=ends, timezone=zone, capacity="3", seen=seen)
    for path in (f"/events/{event.pk}/edit/", f"/events/new/?initiative={event.initiative_id}"):
        refused = zhou.post(path, sent)
        assert refused.status_code == 422 and {"starts_at", "ends_at"} <= set(refused.context["form"].errors)
        assert starts in refused.content.decode(), "what was typed stays"
    for path in ("/", "/events/", f"/events/{event.pk}/", f"/initiatives/{event.initiative_id}/"):
        assert zhou.get(path).status_code == 200
    assert Event.objects.get().starts_at == event.starts_at


def test_an_event_lies_between_a_year_ago_and_five_years_from_now():
    event, now = planned_event(), timezone.now()
    for begins in (now - timedelta(days=380), now + timedelta(days=6 * 366)):
        with pytest.raises(Invalid) as refused:
            edit_event(by=koc(), event=event, terms=terms(starts_at=begins, ends_at=begins + timedelta(hours=2)))
        assert set(refused.value.fields) == {"starts_at", "ends_at"}
    with pytest.raises(Invalid) as refused:
        edit_event(by=koc(), event=event, terms=terms(ends_at=now + timedelta(days=7 * 366)))
    assert set(refused.value.fields) == {"ends_at"}
    far = now + timedelta(days=4 * 366)
    assert edit_event(by=koc(), event=event, terms=terms(starts_at=far, ends_at=far + timedelta(hours=2))).pk


@pytest.mark.parametrize("moment", NO_TIMES)
def test_a_moment_at_the_ends_of_the_calendar_is_a_wrong_field_in_json(moment):
    event, zhou = opened_event(), api(koc())
    path = f"/api/v1/events/{event.pk}/"
    for name in ("starts_at", "ends_at"):
        answer = zhou.patch(path, {name: moment}, format="json")
        assert answer.status_code == 400 and name in answer.json()
    incident = {"kind": "injury", "happened_at": moment, "what": "滑倒"}
    answer = zhou.post(f"{path}incidents/", incident, format="json")
    assert answer.status_code == 400 and set(answer.json()) == {"happened_at"}
    scan = {"nonce": "1", "device": "A", "scanned_at": moment, "kind": "walk_in"}
    assert zhou.post(f"{path}check-ins/", {"scans": [scan]}, format="json").status_code == 400
    assert not Incident.objects.exists() and not Scan.objects.exists()


@pytest.mark.parametrize("moment", NO_TIMES)
def test_no_form_and_no_address_takes_a_moment_that_no_clock_can_show(moment):
    """Whoever adds a moment to an API or a form takes the fields that know the ends of the calendar."""
    from django import forms
    from rest_framework import serializers

    from kocforum.ui.api.moments import MomentField
    from kocforum.ui.fields import MomentField as FormField

    class Told(serializers.Serializer):
        at = MomentField()

    class Typed(forms.Form):
        at = FormField()

    said = Told(data={"at": moment})
    assert not said.is_valid() and set(said.errors) == {"at"}
    typed = Typed({"at": moment})
    assert not typed.is_valid() and set(typed.errors) == {"at"}
    assert Told(data={"at": "1970-01-01T00:00:00Z"}).is_valid(), "a phone that lost its clock is heard"


def test_a_decision_is_not_told_in_a_year_that_is_none():
    from tests.tasks.initiatives import LITTLE, submitted
    from tests.tasks.money import staff

    made, approver = submitted(asks=LITTLE), api(staff("approver"))
    for moment in NO_TIMES:
        said = {"to": "endorsed", "reason": "好", "tell_at": moment}
        answer = approver.post(f"/api/v1/initiatives/{made.pk}/review/", said, format="json")
        assert answer.status_code == 400 and set(answer.json()) == {"tell_at"}


# --- on the clocks of the place


def test_pages_lists_and_the_paper_at_the_gate_show_the_clock_of_the_place():
    event = in_berlin()
    comes(event, koc())
    client = client_of(koc())
    day = event.begins_there
    page = client.get(event.get_absolute_url()).content.decode()
    assert f"{day:%Y-%m-%d} 09:00</time> – 17:00" in page and 'name="description" content="' in page
    assert f"{day:%Y-%m-%d} 16:00" not in page and f"{day:%Y-%m-%d} 15:00" not in page
    listed = client.get("/events/").content.decode()
    assert f"{day:%Y-%m-%d} 09:00" in listed and f"{day.month}/{day.day} 09:00" in listed
    assert f"{day.month}/{day.day} 09:00" in client.get("/").content.decode()
    assert f"{day:%Y-%m-%d} 09:00" in client.get(f"/events/{event.pk}/gate/list/").content.decode()


def test_an_event_at_night_stands_under_the_day_of_its_place():
    begins = datetime.now(BERLIN).replace(hour=20, minute=30, second=0, microsecond=0) + timedelta(days=20)
    event = opened_event(
        drafted_initiative(), starts_at=begins, ends_at=begins + timedelta(hours=2), timezone="Europe/Berlin"
    )
    client = client_of(koc())
    page = client.get(event.get_absolute_url()).content.decode()
    assert f"{begins:%Y-%m-%d} 20:30</time> – 22:30" in page
    assert f"{begins:%Y-%m-%d}" in client.get(f"/initiatives/{event.initiative_id}/").content.decode()
    assert f"<b>{begins.day}</b>" in client.get("/events/").content.decode()


def test_who_came_when_is_on_the_clock_of_the_place_too():
    event = in_berlin()
    scanned(event, draft(kind="walk_in", name="老王"))
    at = Scan.objects.get().happened_at
    paper = client_of(koc()).get(f"/events/{event.pk}/gate/list/").content.decode()
    assert f"{at.astimezone(BERLIN):%H:%M}" in paper and f"{timezone.localtime(at):%H:%M}" not in paper


def test_calendar_files_and_json_tell_the_moment_itself():
    event = in_berlin()
    [entry] = icalendar.Calendar.from_ical(as_calendar([event])).walk("VEVENT")
    assert entry.decoded("dtstart") == event.starts_at and b"TZID=Europe/Berlin" in as_calendar([event])
    told = api().get(f"/api/v1/events/{event.pk}/").json()["starts_at"]
    assert datetime.fromisoformat(told) == event.starts_at.astimezone(UTC)
