"""Events are found: on the front page, in search, in a calendar and a feed; what waits of them stands in the inbox, and all of it in the
download."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from kocforum.members.download import archive
from tasks.actions.events import cancel_event
from tasks.actions.initiative_reports import report
from tasks.actions.initiatives import edit_initiative
from tasks.actions.memories import tell_memory
from tasks.actions.payments import return_expense
from tasks.models import Initiative, Rsvp
from tasks.queries.leading import waits_of
from tests.people import make_member
from tests.tasks.initiatives import comes, koc, member, opened_event, pitch, planned_event, stays_away
from tests.tasks.money import granted, handed_in, staff
from tests.tasks.test_initiative_reports import STORY, held_event
from tests.tasks.test_pages import client_of, cost

pytestmark = pytest.mark.django_db


def test_what_owners_can_join_stands_on_the_front_page_and_nothing_else():
    event = opened_event(title="看得见的慢行")
    planned_event(event.initiative, title="还没公布的慢行")
    for reader in (None, make_member("lin")):
        page = client_of(reader).get("/").content.decode()
        assert "看得见的慢行" in page and "还没公布的慢行" not in page


def test_an_opened_event_is_found_by_its_words_and_a_planned_one_by_nobody_else():
    event = opened_event(title="皖南秋色慢行", about="经过新安江")
    planned_event(event.initiative, title="新安江夜航")
    for words in ("皖南", "新安江", "黄山"):
        [found] = [
            one for one in client_of().get(f"/api/v1/search/?q={words}").json()["results"] if one["type"] == "event"
        ]
        assert found["url"] == event.get_absolute_url()


def test_what_took_place_stays_to_be_found_by_city_with_how_much_was_kept_of_it():
    held = held_event("lin", title="办过的慢行", city="黄山")
    off = opened_event(held.initiative, title="没办成的慢行", city="黄山")
    cancel_event(by=koc(), event=off, reason="雨")
    tell_memory(by=member("lin"), event=held, words="雨停在午饭之前")
    page = client_of().get("/events/").content.decode()
    assert "办过的慢行" in page and "没办成的慢行" not in page
    assert "<b>1</b>条留影" in page
    opened_event(held.initiative, city="苏州")
    assert "办过的慢行" not in client_of().get("/events/?city=苏州").content.decode()


def test_the_page_of_what_is_over_asks_nobody_to_come_and_leads_to_what_came_of_it():
    held = held_event("lin", title="办过的慢行")
    stays = reverse("initiative_report", args=[held.initiative_id])
    for name in ("lin", "wei"):
        page = client_of(member(name)).get(held.get_absolute_url()).content.decode()
        assert "我的名额" not in page and "我的票" not in page and stays not in page
        assert "谁报了名" in page
    report(by=koc(), initiative=held.initiative, story=STORY)
    assert stays in client_of().get(held.get_absolute_url()).content.decode()
    lead = client_of(koc()).get(held.get_absolute_url()).content.decode()
    assert f"{held.get_absolute_url()}edit/" not in lead and "由你组织" in lead


def test_a_calendar_to_subscribe_to_has_what_is_coming_by_city_and_says_what_was_cancelled():
    here = opened_event(city="黄山")
    there = opened_event(here.initiative, city="苏州", title="苏州夜跑")
    planned_event(here.initiative, title="还没公布的慢行")
    cancel_event(by=koc(), event=there, reason="雨")
    answer = client_of(make_member("lin")).get("/events/calendar.ics")
    entries = {str(entry["uid"]).split("@")[0]: entry for entry in icalendar.Calendar.from_ical(answer.content).events}
    assert set(entries) == {str(here.token), str(there.token)}
    assert entries[str(there.token)]["status"] == "CANCELLED"
    one = icalendar.Calendar.from_ical(client_of().get("/events/calendar.ics?city=黄山").content)
    assert len(one.events) == 1 and "黄山" in one["x-wr-calname"]
    assert client_of().get("/events/calendar.ics?city=nowhere").status_code == 200
    assert cost(client_of(), "/events/calendar.ics") <= 1


def test_the_feed_has_what_was_opened():
    event = opened_event(title="皖南秋色慢行")
    planned_event(event.initiative, title="还没公布的慢行")
    feed = client_of().get("/events/feed/").content.decode()
    assert "皖南秋色慢行" in feed and "还没公布的慢行" not in feed and str(event.token) in feed
    assert "皖南秋色慢行" not in client_of().get("/events/feed/?city=苏州").content.decode()


def test_offers_and_questions_wait_in_the_inbox_and_go_when_they_are_answered():
    event = opened_event(capacity=1)
    comes(event, "lin")
    comes(event, "he")
    stays_away(event, "lin")
    he, su = member("he"), member("su")
    assert [wait.url for wait in waits_of(he)] == [event.get_absolute_url()]
    assert event.title in client_of(he).get("/tasks/").content.decode()
    comes(event, "he")
    assert waits_of(he) == []
    assert [wait.url for wait in waits_of(su)] == [event.initiative.get_absolute_url()]
    Initiative.objects.update(deputy_agreed_at=timezone.now())
    assert waits_of(su) == []
    Initiative.objects.update(state="changes_asked")
    assert len(waits_of(koc())) == 1
    assert waits_of(make_member("nobody")) == []


def test_a_receipt_that_came_back_waits_with_its_reason():
    expense = handed_in(granted())
    return_expense(by=staff("approver"), expense=expense, reason="看不清金额")
    [wait] = [one for one in waits_of(koc()) if one.title == expense.what]
    assert "看不清金额" in wait.what and wait.url == expense.get_absolute_url()


def test_an_offer_that_ran_out_waits_for_nobody():
    event = opened_event(capacity=1)
    comes(event, "lin")
    comes(event, "he")
    stays_away(event, "lin")
    Rsvp.objects.filter(state="offered").update(offered_until=timezone.now() - timedelta(seconds=1))
    assert waits_of(member("he")) == []


def test_the_download_has_what_somebody_did_with_other_owners_and_nothing_of_others():
    event = opened_event(capacity=5)
    comes(event, "lin", 2)
    comes(event, "he")
    edit_initiative(by=koc(), initiative=event.initiative, pitch=pitch(title="另一条路"))

    def rows(who):
        with archive(who) as file, zipfile.ZipFile(file) as packed:
            return json.loads(packed.read("initiatives.json"))

    [mine] = rows(member("lin"))
    assert mine["event"] == event.title and mine["party"] == 2
    assert [row["role"] for row in rows(koc())] == ["proposer"]
    assert [row["initiative"] for row in rows(member("su"))] == ["另一条路"]
    assert rows(make_member("nobody")) == []
