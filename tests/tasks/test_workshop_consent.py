"""What everybody accepts before a room, by version: owners, colleagues and hosts; new words are asked for anew; roles on the list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.notifications.models import Notification
from tasks import kinds
from tasks.actions.consents import accept_text, reword_consent
from tasks.actions.rooms import open_room
from tasks.actions.workshops import take_seat
from tasks.models import ConsentText, Seat, Task
from tasks.rules.workshops import can_enter, consent_hash_of
from tests.people import make_member, make_staff
from tests.tasks.stories import make_researcher
from tests.tasks.test_pages import client_of
from tests.tasks.test_survey_api import api
from tests.tasks.test_workshops import filled
from tests.tasks.workshops import drafted_workshop, invited_workshop, person, workshop_of

pytestmark = pytest.mark.django_db

WORDS, NEWER = "房间里说的不外传。", "房间里说的不外传，也不拍照。"


def page_of(here, who: str) -> str:
    return client_of(person(who)).get(f"/tasks/{here.task_id}/").content.decode()


def test_colleagues_have_seats_and_accept_before_the_room_once():
    make_staff("engineer", role="engineer")
    here = invited_workshop(("zhou", "engineer"), consent=WORDS)
    open_room(by=person("researcher"), workshop=here)  # who wrote the words accepted them by writing
    here, engineer = workshop_of(here.task), person("engineer")
    assert can_enter(person("researcher"), here) is True
    assert isinstance(can_enter(engineer, here), Forbidden)
    room, client = f"/tasks/workshops/{here.task_id}/room/", client_of(engineer)
    assert client.get(room).status_code == 302
    assert WORDS in client.get(f"/tasks/{here.task_id}/").content.decode()
    client.post(f"/tasks/{here.task_id}/seat/", {"do": "accept"})  # without a tick
    assert client.get(room).status_code == 302
    client.post(f"/tasks/{here.task_id}/seat/", {"do": "accept", "consent": "on"})
    assert client.get(room).status_code == 200
    assert Seat.objects.get(member=engineer).consent_hash == consent_hash_of(here)


def test_without_words_nobody_is_asked():
    make_staff("engineer", role="engineer")
    here = invited_workshop(("zhou", "engineer"))
    open_room(by=person("researcher"), workshop=here)
    assert can_enter(person("engineer"), workshop_of(here.task)) is True
    assert 'id="accept"' not in page_of(here, "engineer")


def test_new_words_are_a_version_and_who_accepted_the_old_ones_is_asked_anew(run_deliveries):
    here = invited_workshop(("zhou", "he"), consent=WORDS)
    take_seat(by=person("zhou"), workshop=here, consent=True)
    desk = client_of(person("researcher"))
    assert desk.post(f"/desk/tasks/{here.task_id}/consent/", {"consent": NEWER, "seen": "1"}).status_code == 302
    here = workshop_of(here.task)
    assert here.consent == NEWER
    assert list(here.consent_texts.values_list("number", "text")) == [(1, WORDS), (2, NEWER)]
    assert Seat.objects.get(member=person("zhou")).state == "accepted"  # the seat is kept
    run_deliveries()
    told = Notification.objects.filter(kind=kinds.CONSENT_CHANGED).values_list("member__username", flat=True)
    assert list(told) == ["zhou"]
    open_room(by=person("researcher"), workshop=here)
    here = workshop_of(here.task)
    assert can_enter(person("zhou"), here) is not True
    assert NEWER in page_of(here, "zhou") and 'id="accept"' in page_of(here, "zhou")
    accept_text(by=person("zhou"), workshop=here)
    assert can_enter(person("zhou"), here) is True
    with pytest.raises(Conflict):  # the words stay as they were when the room opened
        reword_consent(by=person("researcher"), workshop=here, text="又改了", seen=2)


def test_nobody_accepts_words_that_they_were_not_shown():
    here = invited_workshop(("zhou",), consent=WORDS)
    shown = consent_hash_of(here)
    reword_consent(by=person("researcher"), workshop=here, text=NEWER, seen=1)
    client_of(person("zhou")).post(f"/tasks/{here.task_id}/seat/", {"consent": "on", "read": shown})
    assert Seat.objects.get(member=person("zhou")).state == "invited"
    here = workshop_of(here.task)
    client_of(person("zhou")).post(f"/tasks/{here.task_id}/seat/", {"consent": "on", "read": consent_hash_of(here)})
    assert Seat.objects.get(member=person("zhou")).state == "accepted"


def test_two_colleagues_who_reword_meet_and_the_same_words_are_no_version():
    here = invited_workshop(("zhou",), consent=WORDS)
    by = person("researcher")
    reword_consent(by=by, workshop=here, text=NEWER, seen=1)
    with pytest.raises(Conflict):
        reword_consent(by=by, workshop=here, text="第三版", seen=1)
    reword_consent(by=by, workshop=here, text=NEWER, seen=2)
    assert ConsentText.objects.count() == 2
    with pytest.raises(Invalid):
        reword_consent(by=by, workshop=here, text="  ", seen=2)
    with pytest.raises(Forbidden):
        reword_consent(by=make_staff("engineer", role="engineer"), workshop=here, text="x", seen=2)


def test_words_can_be_written_first_while_people_are_invited():
    here = invited_workshop(("zhou",))
    take_seat(by=person("zhou"), workshop=here, consent=True)
    reword_consent(by=person("researcher"), workshop=here, text=WORDS, seen=0)
    assert can_enter(person("zhou"), workshop_of(here.task)) is not True


def test_a_draft_keeps_its_versions_as_well():
    desk = client_of(make_researcher())
    for name in ("zhou", "he"):
        make_member(name)
    make_staff("operator")
    desk.post("/desk/tasks/workshops/new/", filled(consent=WORDS))
    task = Task.objects.get()
    path = f"/desk/tasks/{task.pk}/workshop/"
    desk.post(path, filled(consent=NEWER, seen=desk.get(path).context["stamp"]))
    assert list(ConsentText.objects.values_list("number", "text")) == [(1, WORDS), (2, NEWER)]
    assert Seat.objects.get(role="host").consent_hash == consent_hash_of(workshop_of(task))


def test_a_cohost_who_opens_the_room_accepts_with_it_on_the_page_and_by_json():
    for number, opens in enumerate(("page", "json")):
        cohost = make_staff(f"second{number}", role="researcher")
        here = invited_workshop((f"z{number}",), consent=WORDS, cohosts=(cohost.username,), title=f"第 {number} 次")
        assert Seat.objects.get(workshop=here, member=cohost).consent_hash == ""
        if opens == "page":
            assert client_of(cohost).post(f"/tasks/workshops/{here.task_id}/open/").url.endswith("/room/")
        else:
            assert api(cohost).post(f"/api/v1/workshops/{here.task_id}/open/").status_code == 200
        here = workshop_of(here.task)
        assert here.is_live and can_enter(cohost, here) is True


def test_opening_without_a_cohost_says_what_that_means():
    here = invited_workshop(("zhou",))
    page = client_of(person("researcher")).post(f"/tasks/workshops/{here.task_id}/open/", follow=True)
    assert any(str(one.level_tag) == "warning" for one in page.context["messages"])
    make_staff("second")
    other = invited_workshop(("zhou",), cohosts=("second",), title="有人一起")
    page = client_of(person("researcher")).post(f"/tasks/workshops/{other.task_id}/open/", follow=True)
    assert not [one for one in page.context["messages"] if one.level_tag == "warning"]


def test_scribes_and_observers_are_named_in_the_form_and_kept():
    desk = client_of(make_researcher())
    for name in ("zhou", "he", "watcher"):
        make_member(name)
    make_staff("operator"), make_staff("scribbler")
    page = desk.post("/desk/tasks/workshops/new/", filled(scribes="scribbler", observers="watcher"))
    assert page.status_code == 302
    roles = {seat.member.username: (seat.role, seat.state) for seat in Seat.objects.all()}
    assert roles["scribbler"] == ("scribe", "accepted") and roles["watcher"] == ("observer", "invited")
    task = Task.objects.get()
    assert set(task.audience.criteria["members"]) == {"zhou", "he", "watcher"}  # asked as owners are
    form = desk.get(f"/desk/tasks/{task.pk}/workshop/").context["form"]
    assert (form.initial["scribes"], form.initial["observers"]) == ("scribbler", "watcher")
    assert desk.post("/desk/tasks/workshops/new/", filled(cohosts="")).status_code == 422  # the page asks for one
    assert desk.post("/desk/tasks/workshops/new/", filled(scribes="nobody")).status_code == 422


def test_observers_and_scribes_take_no_seat_of_an_owner():
    make_member("watcher")
    here = invited_workshop(("zhou",), seats=1, observers=("watcher",))
    take_seat(by=person("watcher"), workshop=here, consent=True)
    assert take_seat(by=person("zhou"), workshop=here, consent=True).state == "accepted"
    assert workshop_of(here.task).taken == 1


def test_json_draws_up_a_meeting_in_person_with_all_roles():
    by = make_researcher()
    for name in ("zhou", "watcher"):
        make_member(name)
    make_staff("scribbler")
    said = {
        "title": "把泊车的提示重做一遍",
        "goal": "ideas",
        "decision": "选出先做的三条提示。",
        "starts_at": (timezone.now() + timedelta(days=3)).isoformat(),
        "seats": 2,
        "invitees": ["zhou"],
        "scribes": ["scribbler"],
        "observers": ["watcher"],
        "meeting": "in_person",
        "place": "上海，河边 3 号",
        "travel": "打车票据实报。",
        "arrival_minutes": 45,
    }
    answer = api(by).post("/api/v1/workshops/", said, format="json")
    assert answer.status_code == 201, answer.content
    shown = answer.json()
    assert (shown["travel"], shown["arrival_minutes"]) == ("打车票据实报。", 45)
    assert {one["username"]: one["role"] for one in shown["list"]} == {
        "researcher": "host", "scribbler": "scribe", "watcher": "observer", "zhou": "koc",
    }  # fmt: skip


def test_a_draft_is_changed_by_a_colleague_and_its_host_stays_the_host():
    task = drafted_workshop(("zhou",), consent=WORDS)
    make_staff("operator")
    desk = client_of(make_staff("other", role="researcher"))
    path = f"/desk/tasks/{task.pk}/workshop/"
    assert (
        desk.post(path, filled(invitees="zhou", consent=NEWER, seen=desk.get(path).context["stamp"])).status_code == 302
    )
    assert Seat.objects.get(role="host").member.username == "researcher"
    assert not Seat.objects.filter(member__username="other").exists()
