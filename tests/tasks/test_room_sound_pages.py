"""Pages around sound and picture: the part in the room, and the check before it."""

from __future__ import annotations

import pytest

from tasks.enums import SeatRole
from tasks.models import Seat
from tests.people import make_member, make_staff
from tests.tasks.test_pages import client_of, cost
from tests.tasks.workshops import goes_to, invited_workshop, person, room

pytestmark = pytest.mark.django_db


def test_who_is_on_the_list_checks_sound_and_picture_before_and_to_others_it_is_not_there():
    workshop = invited_workshop()
    address = f"/tasks/workshops/{workshop.task_id}/check/"
    page = client_of(person("zhou")).get(address)
    assert page.status_code == 200 and b'data-try="camera"' in page.content and b"<noscript>" in page.content
    assert client_of(make_member("passer")).get(address).status_code == 404
    assert client_of(make_staff("engineer", role="engineer")).get(address).status_code == 404


def test_an_observer_checks_what_is_heard_alone():
    workshop = invited_workshop()
    Seat.objects.filter(workshop=workshop, member=person("he")).update(role=SeatRole.OBSERVER)
    page = client_of(person("he")).get(f"/tasks/workshops/{workshop.task_id}/check/").content
    assert b"data-tone" in page and b"data-try" not in page


def test_the_check_is_linked_from_the_seat_until_the_room_is_over():
    here = room()
    zhou, link = client_of(person("zhou")), f"/tasks/workshops/{here.task_id}/check/".encode()
    assert link in zhou.get(f"/tasks/{here.task_id}/").content
    goes_to(here, "ended")
    assert link not in zhou.get(f"/tasks/{here.task_id}/").content


def test_the_part_stands_in_an_open_room_outside_of_what_is_swapped():
    here = room()
    zhou, address = client_of(person("zhou")), f"/tasks/workshops/{here.task_id}/room/"
    page = zhou.get(address).content.decode()
    assert f'data-socket="/ws/workshops/{here.task_id}/"' in page and "js/call/call.js" in page
    assert page.index('id="call"') < page.index('id="room"')
    assert "data-join" in page.partition('id="room"')[0] and "data-join" not in page.partition('id="room"')[2]
    goes_to(here, "ended")
    assert 'id="call"' not in zhou.get(address).content.decode()


def test_no_server_of_the_house_is_named_on_the_page(settings):
    """It is told over the socket, to who joins."""
    settings.ICE_SERVERS = [{"urls": "turn:turn.example.com"}]
    settings.TURN_SECRET, settings.MEDIA_SERVER_URL = "coturn", "wss://media.example.com"
    here = room()
    page = client_of(person("zhou")).get(f"/tasks/workshops/{here.task_id}/room/").content
    assert b"example.com" not in page and b"coturn" not in page


def test_what_the_check_costs():
    workshop = invited_workshop()
    zhou = client_of(person("zhou"))
    assert cost(zhou, f"/tasks/workshops/{workshop.task_id}/check/") <= 6
