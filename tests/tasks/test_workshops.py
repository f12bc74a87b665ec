"""Workshops before their room: drafts, seats that hold, the waiting list, the calendar file, pages, JSON."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.members.models import Member
from kocforum.notifications.models import Notification
from tasks import kinds
from tasks.actions.leaving import forget_member
from tasks.actions.moves import move_task
from tasks.actions.participations import decline
from tasks.actions.rooms import open_room
from tasks.actions.workshops import announce_meetings, give_up_seat, invite, take_seat
from tasks.handlers.asking import remind
from tasks.models import Invitation, RoomEvent, Seat, Task, Workshop
from tasks.queries.calendar_files import as_calendar
from tasks.queries.download import what_i_did_in_rooms
from tasks.queries.workshops import figures_of
from tests.at_once import at_once
from tests.people import make_member, make_staff
from tests.tasks.stories import make_researcher
from tests.tasks.test_pages import client_of, cost
from tests.tasks.test_survey_api import api
from tests.tasks.workshops import does, drafted_workshop, goes_to, invited_workshop, person, room, workshop_of

pytestmark = pytest.mark.django_db


def filled(**values) -> dict[str, str]:
    begins = timezone.localtime() + timedelta(days=9)
    return {
        "title": "把泊车的提示重做一遍",
        "decision": "选出先做的三条提示。",
        "why": "提示音的意见有三百条。",
        "starts_at": f"{begins:%Y-%m-%dT%H:%M}",
        "zone": "Asia/Shanghai",
        "minutes": "90",
        "meeting": "online",
        "seats": "2",
        "invitees": "zhou，he",
        "cohosts": "operator",
        "votes_each": "5",
        "votes_on_one": "3",
        "goal": "ideas",
        **values,
    }


def test_a_workshop_is_drawn_up_invited_and_entered_through_the_pages(run_deliveries):
    desk = client_of(make_researcher())
    zhou, _he, operator = make_member("zhou"), make_member("he"), make_staff("operator")
    page = desk.post("/desk/tasks/workshops/new/", filled(consent="房间里说的不外传。"))
    task = Task.objects.get()
    assert page.url == f"/desk/tasks/{task.pk}/"
    roles = {seat.member.username: (seat.role, seat.state) for seat in Seat.objects.all()}
    assert roles == {
        "researcher": ("host", "accepted"),
        "operator": ("cohost", "accepted"),
        "zhou": ("koc", "invited"),
        "he": ("koc", "invited"),
    }
    owner = client_of(zhou)
    assert owner.get(f"/tasks/{task.pk}/").status_code == 404  # nobody knows of a draft
    desk.post(f"/desk/tasks/{task.pk}/move/open/", {"expected": "draft"})
    run_deliveries()
    assert Notification.objects.filter(kind=kinds.INVITED, member=zhou).exists()
    assert task.title in owner.get("/tasks/").content.decode()
    page = owner.get(f"/tasks/{task.pk}/").content.decode()
    assert "房间里说的不外传。" in page and 'name="consent"' in page
    owner.post(f"/tasks/{task.pk}/seat/", {})
    assert Seat.objects.get(member=zhou).state == "invited"
    owner.post(f"/tasks/{task.pk}/seat/", {"consent": "on"})
    seat = Seat.objects.get(member=zhou)
    assert seat.state == "accepted" and len(seat.consent_hash) == 64
    room_page = f"/tasks/workshops/{task.pk}/room/"
    assert owner.get(room_page).status_code == 302  # not open yet
    assert client_of(operator).post(f"/tasks/workshops/{task.pk}/open/").url == room_page
    assert owner.get(room_page).status_code == 200
    assert client_of(make_member("passer")).get(room_page).status_code == 404
    assert client_of(make_staff("engineer", role="engineer")).get(room_page).status_code == 404


def test_the_room_works_as_plain_forms():
    here = room(phase="brief", votes_each=2, votes_on_one=1)
    host, zhou, he = (client_of(person(name)) for name in ("researcher", "zhou", "he"))
    path = f"/tasks/workshops/{here.task_id}/room/"

    def press(client, **said):
        return client.post(f"{path}do/", said)

    press(host, kind="phase.move", to="diverge", minutes="8")
    press(zhou, kind="note.add", text="松手前先响一声")
    press(he, kind="note.add", text="提示音和导航分开")
    assert "松手前先响一声" not in he.get(path).content.decode()
    press(host, kind="phase.move", to="cluster")
    assert "松手前先响一声" in he.get(path).content.decode()
    press(he, kind="group.add", name="声音")
    group = RoomEvent.objects.get(kind="group.add").seq
    for note in RoomEvent.objects.filter(kind="note.add"):
        press(zhou, kind="note.move", note=str(note.seq), group=str(group))
    press(host, kind="phase.move", to="vote")
    press(zhou, kind="vote.cast", on=str(group))
    refused = press(zhou, kind="vote.cast", on=str(group))
    assert refused.status_code == 422
    press(host, kind="vote.cast", on=str(group))
    press(host, kind="phase.move", to="decide")
    page = zhou.get(path).context
    assert [(one.name, one.owners, one.staff) for one in page["groups"]] == [("声音", 1, 1)]
    press(host, kind="decision.make", group=str(group), verdict="chosen", why="两条都指向声音")
    press(he, kind="decision.dissent", group=str(group), text="先做震动")
    press(host, kind="action.add", text="出三版", owner=str(person("researcher").pk), due="2026-12-20")
    shown = zhou.get(path).content.decode()
    assert "两条都指向声音" in shown and "先做震动" in shown and "出三版" in shown
    press(zhou, kind="question.ask", text="哪天能试？")
    press(he, kind="question.up", question=str(RoomEvent.objects.get(kind="question.ask").seq))
    press(zhou, kind="hand.raise")
    press(zhou, kind="chat.say", text="谢谢大家")
    press(host, kind="phase.move", to="ended")
    page = zhou.get(path)
    assert (
        page.status_code == 200
        and "谢谢大家" in page.content.decode()
        and 'value="note.add"' not in page.content.decode()
    )
    assert Task.objects.get().state == "closed"


def test_what_was_typed_is_still_there_when_it_is_refused():
    here = room(phase="diverge")
    zhou, path = client_of(person("zhou")), f"/tasks/workshops/{here.task_id}/room/"
    long = "很长的一张" * 120
    page = zhou.post(f"{path}do/", {"kind": "note.add", "text": long})
    assert page.status_code == 422 and long in page.content.decode()


def test_undo_on_the_page_takes_back_the_last_own_step():
    here = room(phase="cluster")
    zhou, path = client_of(person("zhou")), f"/tasks/workshops/{here.task_id}/room/"
    zhou.post(f"{path}do/", {"kind": "note.add", "text": "写错了"})
    undo = zhou.get(path).context["undo"]
    zhou.post(f"{path}do/", {"kind": "undo", "seq": str(undo)})
    assert "写错了" not in zhou.get(path).content.decode() and zhou.get(path).context["undo"] is None


def test_the_room_costs_as_many_queries_however_full_it_is():
    here = room(phase="cluster")
    zhou, path = client_of(person("zhou")), f"/tasks/workshops/{here.task_id}/room/"
    does(here, "zhou", "note.add", text="一张")
    zhou.get(path)
    few = cost(zhou, path)
    for number in range(20):
        does(here, "he", "note.add", text=f"第{number}张")
        does(here, "he", "group.add", name=f"组{number}")
    assert cost(zhou, path) <= few <= 13


def test_w11_seats_are_persons_and_the_host_is_never_counted():
    here = invited_workshop(("zhou", "he", "ma"), seats=2)
    for name in ("zhou", "zhou", "he"):
        take_seat(by=person(name), workshop=here, consent=True)
    assert workshop_of(here.task).taken == 2
    assert take_seat(by=person("ma"), workshop=here, consent=True).state == "standby"
    assert take_seat(by=person("researcher"), workshop=here, consent=True).state == "accepted"
    assert workshop_of(here.task).taken == 2


def test_w18_who_waits_moves_up_in_order_when_somebody_does_not_come():
    here = invited_workshop(("zhou", "he", "ma", "lin"), seats=1)
    for name in ("zhou", "ma", "he"):
        take_seat(by=person(name), workshop=here, consent=True)
    give_up_seat(by=person("zhou"), workshop=here)
    states = dict(here.list.values_list("member__username", "state"))
    assert (states["zhou"], states["ma"], states["he"]) == ("declined", "accepted", "standby")
    give_up_seat(by=person("he"), workshop=here)  # who only waited frees no seat
    assert workshop_of(here.task).taken == 1
    with pytest.raises(Conflict):
        give_up_seat(by=person("researcher"), workshop=here)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_who_press_at_once_only_as_many_come_as_there_are_seats():
    names = tuple(f"m{number}" for number in range(12))
    here = invited_workshop(names, seats=5)
    people = [person(name) for name in names]
    results = at_once(*[lambda one=one: take_seat(by=one, workshop=here, consent=True).state for one in people])
    assert sorted(results) == ["accepted"] * 5 + ["standby"] * 7
    comes = [one for one, state in zip(people, results, strict=True) if state == "accepted"]
    at_once(*[lambda one=one: give_up_seat(by=one, workshop=here) for one in comes[:3]])
    assert here.list.filter(role="koc", state="accepted").count() == 5 == Workshop.objects.get().taken


def test_the_database_refuses_a_seat_too_many():
    here = invited_workshop()
    with pytest.raises(IntegrityError), transaction.atomic():
        Workshop.objects.filter(pk=here.pk).update(taken=99)


def test_without_consent_and_without_invitation_nobody_has_a_seat():
    here = invited_workshop()
    with pytest.raises(Invalid):
        take_seat(by=person("zhou"), workshop=here, consent=False)
    with pytest.raises(Forbidden):
        take_seat(by=make_member("passer"), workshop=here, consent=True)


def test_more_people_are_invited_while_it_is_open(run_deliveries):
    here = invited_workshop()
    make_member("ma")
    make_staff("engineer", role="engineer")
    invite(by=person("researcher"), workshop=here, usernames=["ma", "engineer", "zhou"])
    assert {one.member.username: one.role for one in here.list.filter(member__username__in=["ma", "engineer"])} == {
        "ma": "koc",
        "engineer": "expert",
    }
    with pytest.raises(Invalid):
        invite(by=person("researcher"), workshop=here, usernames=["nobody"])
    run_deliveries()
    told = Notification.objects.filter(kind=kinds.INVITED).values_list("member__username", flat=True)
    assert set(told) >= {"ma", "engineer"}
    assert client_of(person("ma")).get(f"/tasks/{here.task_id}/").status_code == 200


def test_colleagues_who_are_invited_come_as_experts_and_hear_of_it(run_deliveries):
    make_staff("engineer", role="engineer")
    here = invited_workshop(("zhou", "engineer"))
    run_deliveries()
    assert here.list.get(member__username="engineer").role == "expert"
    assert here.task.audience.criteria == {"members": ["zhou"]}
    assert Notification.objects.filter(kind=kinds.INVITED, member__username="engineer").exists()


def test_who_moves_up_and_who_has_a_seat_hear_of_it(run_deliveries):
    here = invited_workshop(("zhou", "he"), seats=1)
    for name in ("zhou", "he"):
        take_seat(by=person(name), workshop=here, consent=True)
    give_up_seat(by=person("zhou"), workshop=here)
    open_room(by=person("researcher"), workshop=here)
    run_deliveries()
    told = set(
        Notification.objects.filter(kind__in=[kinds.SEAT_FREE, kinds.ROOM_OPENED]).values_list(
            "kind", "member__username"
        )
    )
    assert told == {(kinds.SEAT_FREE, "he"), (kinds.ROOM_OPENED, "he")}


def test_w17_a_day_before_who_comes_is_reminded_and_who_is_silent_is_asked_once(run_deliveries):
    here = invited_workshop(("zhou", "he", "ma"), starts_at=timezone.now() + timedelta(hours=23))
    far = invited_workshop(("zhou",), starts_at=timezone.now() + timedelta(days=3))
    take_seat(by=person("zhou"), workshop=here, consent=True)
    give_up_seat(by=person("ma"), workshop=here)
    assert announce_meetings() == 1 and announce_meetings() == 0
    remind()
    run_deliveries()
    told = Notification.objects.filter(member__is_staff=False).exclude(kind=kinds.INVITED)
    assert set(told.values_list("kind", "member__username", "object_id")) == {
        (kinds.MEETING_NEAR, "zhou", here.task_id),
        (kinds.SEAT_WAITS, "he", here.task_id),
    }
    assert workshop_of(far.task).reminded_at is None


def test_the_invitation_and_the_seat_say_the_same(run_deliveries):
    here = invited_workshop(("zhou", "he"))
    run_deliveries()
    give_up_seat(by=person("zhou"), workshop=here)
    mine = Invitation.objects.filter(task=here.task)
    assert mine.get(member=person("zhou")).state == "declined"
    take_seat(by=person("zhou"), workshop=here, consent=True)
    assert mine.get(member=person("zhou")).state == "invited"
    decline(by=person("zhou"), task=here.task)
    run_deliveries()
    assert here.list.get(member=person("zhou")).state == "declined" and workshop_of(here.task).taken == 0


def test_who_leaves_the_community_leaves_the_seat_to_the_next_one():
    here = invited_workshop(("zhou", "he"), seats=1)
    for name in ("zhou", "he"):
        take_seat(by=person(name), workshop=here, consent=True)
    forget_member(member_id=person("zhou").pk)
    assert here.list.get(member=person("he")).state == "accepted" and workshop_of(here.task).taken == 1


def test_what_one_did_in_a_room_is_among_the_own_data():
    here = room()
    does(here, "zhou", "note.add", text="我写的一张")
    does(here, "he", "note.add", text="别人写的一张")
    name, rows = what_i_did_in_rooms(person("zhou"))
    said = str(list(rows))
    assert name == "workshops" and "我写的一张" in said and "别人写的一张" not in said


def test_a_draft_needs_owners_a_beginning_and_names_that_are_known():
    task = drafted_workshop(())
    with pytest.raises(Invalid):
        move_task(by=task.created_by, task=task, to="open", expected="draft")
    desk = client_of(task.created_by)
    for values in ({"invitees": "nobody"}, {"seats": "0"}, {"meeting": "in_person"}, {"starts_at": ""}):
        page = desk.post("/desk/tasks/workshops/new/", filled(cohosts="researcher", **values))
        assert page.status_code == 422 and "选出先做的三条提示。" in page.content.decode(), values


def test_a_draft_is_changed_with_its_list_and_two_who_change_it_meet():
    desk = client_of(make_researcher())
    for name in ("zhou", "he", "ma"):
        make_member(name)
    make_staff("operator")
    desk.post("/desk/tasks/workshops/new/", filled())
    task = Task.objects.get()
    path = f"/desk/tasks/{task.pk}/workshop/"
    stamp = desk.get(path).context["stamp"]
    assert desk.post(path, filled(invitees="ma", seen=stamp)).status_code == 302
    assert set(Seat.objects.values_list("member__username", flat=True)) == {"researcher", "operator", "ma"}
    assert desk.post(path, filled(invitees="he", seen=stamp)).status_code == 422


def test_w17_the_calendar_file_names_the_zone_and_the_moment_survives_a_clock_change():
    starts = datetime(2027, 3, 28, 18, 0, tzinfo=UTC)  # the day on which clocks change in Berlin
    here = invited_workshop(starts_at=starts, zone="Europe/Berlin", place="柏林，河边 3 号", meeting="hybrid")
    (event,) = icalendar.Calendar.from_ical(as_calendar(here)).walk("VEVENT")
    assert event["dtstart"].params["TZID"] == "Europe/Berlin" and event["dtstart"].dt == starts
    assert (event["dtend"].dt - event["dtstart"].dt) == timedelta(minutes=90)
    assert event["location"] == "柏林，河边 3 号" and f"/tasks/{here.task_id}/" in event["url"]
    page = client_of(person("zhou")).get(f"/tasks/{here.task_id}/workshop.ics")
    assert page["Content-Type"].startswith("text/calendar")
    assert client_of(make_member("passer")).get(f"/tasks/{here.task_id}/workshop.ics").status_code == 404


def test_a_closed_room_is_listed_nowhere(client):
    here = room()
    does(here, "zhou", "chat.say", text="只在房间里")
    for path in ("/", "/tasks/", "/search/?q=提示", "/sitemap.xml"):
        assert here.task.title not in client.get(path).content.decode()
    assert client.get(f"/tasks/{here.task_id}/").status_code == 404


def test_who_came_took_part_and_the_report_freezes_what_was_done():
    here = room(phase="cluster")
    does(here, "zhou", "note.add", text="一张")
    group = does(here, "zhou", "group.add", name="组")
    goes_to(here, "decide")
    does(here, "researcher", "decision.make", group=group.seq, verdict="parked", why="先看数据")
    goes_to(here, "ended")
    assert figures_of(here.task) == {
        "invited": 2, "respondents": 1, "notes": 1, "groups": 1, "votes": 0, "decisions": 1, "actions": 0
    }  # fmt: skip
    took_part = here.task.participations.values_list("member__username", flat=True)
    assert set(took_part) == {"zhou", "researcher"}


def test_a_workshop_in_json_from_the_invitation_to_the_end():
    staff = api(make_researcher())
    for name in ("zhou", "he"):
        make_member(name)
    make_staff("operator")
    starts = (timezone.now() + timedelta(days=3)).isoformat()
    wanted = {
        "title": "把泊车的提示重做一遍", "goal": "ideas", "decision": "选三条", "starts_at": starts, "seats": 1,
        "invitees": ["zhou", "he"], "cohosts": ["operator"],
    }  # fmt: skip
    made = staff.post("/api/v1/workshops/", wanted, format="json")
    assert made.status_code == 201, made.json()
    here = f"/api/v1/workshops/{made.json()['id']}/"
    zhou, he = api(Member.objects.get(username="zhou")), api(Member.objects.get(username="he"))
    assert zhou.get(f"{here}state/").status_code == 403
    assert zhou.post(f"{here}seat/", {}, format="json").status_code == 400
    assert zhou.post(f"{here}seat/", {"consent": True}, format="json").json()["state"] == "accepted"
    waits = he.post(f"{here}seat/", {"consent": True}, format="json").json()
    assert (waits["state"], waits["position"]) == ("standby", 1)
    assert api(make_member("passer")).get(here).status_code == 404
    assert zhou.post(f"{here}open/").status_code == 403
    assert staff.post(f"{here}open/").json()["phase"] == "diverge"
    assert staff.post(f"{here}open/").status_code == 409
    op = {"op_id": "0b5c1e6e-0000-4000-8000-000000000001", "kind": "note.add", "payload": {"text": "先响一声"}}
    first = zhou.post(f"{here}events/", op, format="json")
    assert first.status_code == 201 and zhou.post(f"{here}events/", op, format="json").status_code == 200
    assert staff.get(f"{here}state/").json()["hidden_notes"] == 1
    told = staff.get(f"{here}events/?after=1").json()
    assert [event["seq"] for event in told["events"]] == [2] and told["events"][0]["payload"] == {}
    assert zhou.delete(f"{here}seat/").status_code == 204
    assert he.get(f"{here}state/").status_code == 200
    assert zhou.get(f"{here}state/").status_code == 403
