"""Sound and picture over `/ws/workshops/<id>/`: who is connected, what goes to whom, and that nothing of it stays."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import time
from collections.abc import Iterator

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from kocforum.live import signals
from kocforum.members.actions.bans import ban
from tasks.actions.workshops import give_up_seat
from tasks.consumers import callers, circles
from tasks.enums import SeatRole
from tasks.models import RoomEvent, Seat, Workshop
from tasks.rules import sound
from tests.house import House
from tests.live.test_server import Server
from tests.people import make_staff
from tests.sockets import close_code, cookie_of, hear, serving
from tests.tasks.workshops import goes_to, person, room, workshop_of

pytestmark = pytest.mark.django_db(transaction=True)

LAST = 2**53


@pytest.fixture
def address(settings, monkeypatch) -> Iterator[str]:
    with serving(settings, monkeypatch) as address:
        yield address


class Window:
    """One socket of somebody, and what it hears about sound and picture."""

    def __init__(self, address: str, here: Workshop, who: str) -> None:
        path = f"ws://{address}/ws/workshops/{here.task_id}/?after={LAST}"
        self.opening = connect(path, additional_headers=cookie_of(person(who)), open_timeout=20)
        self.peer = ""

    def __enter__(self) -> Window:
        self.socket: ClientConnection = self.opening.__enter__()
        self.heard("hello")
        return self

    def __exit__(self, *error: object) -> None:
        with contextlib.suppress(ConnectionClosed):
            self.opening.__exit__(*error)

    def says(self, **command) -> None:
        self.socket.send(json.dumps(command))

    def heard(self, wanted: str) -> dict:
        """The next message of a kind, what comes before it passed over."""
        while wanted not in {(said := hear(self.socket)).get("type"), said.get("call")}:
            pass
        return said

    def joins(self, *on: str) -> dict:
        self.says(call="join", on=list(on))
        said = self.heard("joined")
        self.peer = said["peer"]
        return said

    def hears_nothing_more(self) -> None:
        """What was sent before a ping is heard before its pong."""
        self.says(ping=1)
        assert hear(self.socket) == {"pong": 1}


@pytest.fixture
def enters(address) -> Iterator:
    with contextlib.ExitStack() as opened:
        yield lambda here, who: opened.enter_context(Window(address, here, who))


def test_who_joins_learns_who_is_there_and_the_others_learn_who_joins(enters):
    here = room()
    zhou, he = enters(here, "zhou"), enters(here, "he")
    assert [one["peer"] for one in zhou.joins("microphone")["people"]] == [zhou.peer]
    joined = he.joins()
    assert {one["member"] for one in joined["people"]} == {person("zhou").pk, person("he").pk}
    assert (joined["speaks"], joined["ice"], joined["media"]) == (True, [], None)
    assert zhou.heard("here")["who"]["peer"] == zhou.peer
    who = zhou.heard("here")["who"]
    assert (who["peer"], who["member"], who["name"]) == (he.peer, person("he").pk, "He")
    assert who["on"] == {"microphone": False, "camera": False, "screen": False}
    he.says(call="on", on=["microphone", "camera", "nonsense"])
    assert zhou.heard("here")["who"]["on"] == {"microphone": True, "camera": True, "screen": False}
    he.says(call="leave")
    assert zhou.heard("gone")["peer"] == he.peer and he.heard("left")


def test_a_signal_goes_to_one_window_and_to_no_other(enters):
    here = room(("zhou", "he", "su"))
    zhou, he, su = enters(here, "zhou"), enters(here, "he"), enters(here, "su")
    for window in (zhou, he, su):
        window.joins()
    zhou.says(signal={"to": he.peer, "data": {"candidate": "一条路"}})
    assert he.heard("signal") == {"type": "signal", "from": zhou.peer, "data": {"candidate": "一条路"}}
    su.heard("here")
    su.hears_nothing_more()


def test_signals_stay_within_the_room(enters):
    here, elsewhere = room(), room(("su", "ma"))
    zhou, su = enters(here, "zhou"), enters(elsewhere, "su")
    zhou.joins()
    assert [one["peer"] for one in su.joins()["people"]] == [su.peer]
    su.heard("here")
    zhou.says(signal={"to": su.peer, "data": {"sdp": "x"}})
    zhou.heard("here")
    zhou.hears_nothing_more()
    su.hears_nothing_more()


def test_who_is_not_connected_sends_and_hears_nothing(enters):
    here = room()
    zhou, he = enters(here, "zhou"), enters(here, "he")
    zhou.joins()
    he.says(signal={"to": zhou.peer, "data": {"sdp": "x"}})
    assert he.heard("refused")["detail"]
    zhou.heard("here")
    zhou.hears_nothing_more()
    he.hears_nothing_more()


def test_nothing_of_it_is_in_the_log_and_the_log_goes_on(enters):
    here = room()
    before = RoomEvent.objects.count()
    zhou, he = enters(here, "zhou"), enters(here, "he")
    zhou.joins("microphone")
    he.joins()
    zhou.says(signal={"to": he.peer, "data": {"sdp": "x"}})
    he.heard("signal")
    assert RoomEvent.objects.count() == before and workshop_of(here.task).seq == before
    goes_to(here, "reveal")
    assert zhou.heard("event")["payload"]["to"] == "reveal"


@pytest.mark.parametrize(
    "said", [{"to": 5, "data": {}}, {"to": "x", "data": "words"}, {"to": "x" * 99, "data": {}}, []]
)
def test_what_is_no_signal_is_refused(enters, said):
    zhou = enters(room(), "zhou")
    zhou.joins()
    zhou.says(signal=said)
    assert zhou.heard("refused")["detail"]


def test_too_long_a_signal_reaches_nobody(enters):
    here = room()
    zhou, he = enters(here, "zhou"), enters(here, "he")
    zhou.joins()
    he.joins()
    zhou.says(signal={"to": he.peer, "data": {"sdp": "x" * 66_000}})
    assert zhou.heard("refused")["detail"]
    he.heard("here")
    he.hears_nothing_more()


def test_signals_have_a_budget_of_their_own_and_who_goes_on_is_put_out(enters, monkeypatch):
    monkeypatch.setattr(callers, "BURST", 4)
    monkeypatch.setattr(callers, "SIGNALS_PER_SECOND", 0.1)
    monkeypatch.setattr(callers, "PATIENCE", 3)
    here = room()
    zhou, he = enters(here, "zhou"), enters(here, "he")
    he.joins()
    zhou.joins()
    for _ in range(4):
        zhou.says(signal={"to": he.peer, "data": {}})
    assert zhou.heard("refused")["detail"]
    zhou.says(op_id="0b5c1e6e-0000-4000-8000-000000000001", kind="chat.say", payload={"text": "写得出来"})
    assert zhou.heard("ack")
    for _ in range(3):
        zhou.says(signal={"to": he.peer, "data": {}})
    assert close_code(zhou.socket) == 4429
    assert he.heard("gone")["peer"] == zhou.peer


def test_a_window_that_vanishes_is_gone_for_the_others_at_once(enters):
    here = room()
    zhou, he = enters(here, "zhou"), enters(here, "he")
    zhou.joins()
    he.joins()
    he.socket.socket.close()  # no goodbye
    assert zhou.heard("gone")["peer"] == he.peer


def gives_up(here: Workshop) -> None:
    give_up_seat(by=person("he"), workshop=workshop_of(here.task))


def is_banned(here: Workshop) -> None:
    ban(by=make_staff("warden", role="admin"), member=person("he"), reason="吵")


@pytest.mark.parametrize("goes", [gives_up, is_banned])
def test_who_has_no_seat_any_more_is_refused_and_is_gone_for_the_others(enters, goes):
    here = room()
    zhou, he = enters(here, "zhou"), enters(here, "he")
    zhou.joins()
    he.joins()
    goes(here)
    he.says(signal={"to": zhou.peer, "data": {"sdp": "still here"}})
    assert zhou.heard("gone")["peer"] == he.peer
    zhou.hears_nothing_more()


def test_an_observer_listens_and_turns_nothing_on(enters):
    here = room()
    Seat.objects.filter(workshop=here, member=person("he")).update(role=SeatRole.OBSERVER)
    zhou, he = enters(here, "zhou"), enters(here, "he")
    zhou.joins("microphone")
    joined = he.joins("microphone")
    assert joined["speaks"] is False
    own = next(one for one in joined["people"] if one["peer"] == he.peer)
    assert own["role"] == "observer" and not any(own["on"].values())
    he.says(call="on", on=["microphone"])
    assert he.heard("refused")["detail"]
    zhou.says(signal={"to": he.peer, "data": {"sdp": "x"}})
    assert he.heard("signal")["from"] == zhou.peer


def test_more_pictures_than_fit_are_refused_and_sound_stays(enters, monkeypatch):
    monkeypatch.setattr(sound, "MOST_PICTURES", 1)
    here = room()
    zhou, he = enters(here, "zhou"), enters(here, "he")
    zhou.joins("microphone", "camera")
    own = next(one for one in he.joins("microphone", "camera")["people"] if one["peer"] == he.peer)
    assert own["on"] == {"microphone": True, "camera": False, "screen": False}
    he.says(call="on", on=["microphone", "screen"])
    assert he.heard("refused")["detail"]
    zhou.says(call="on", on=["microphone"])
    he.heard("here")
    he.says(call="on", on=["microphone", "screen"])
    assert he.heard("here")["who"]["on"]["screen"] is True


def test_more_people_than_fit_are_told_so_and_stay_in_the_room(enters, monkeypatch):
    monkeypatch.setattr(sound, "MOST_PEOPLE", 1)
    here = room()
    zhou, he = enters(here, "zhou"), enters(here, "he")
    zhou.joins()
    he.says(call="join")
    assert he.heard("refused")["detail"]
    he.hears_nothing_more()
    zhou.says(call="leave")
    zhou.heard("left")
    assert len(he.joins()["people"]) == 1


def test_nobody_joins_a_room_that_is_over(enters):
    here = room()
    zhou, he = enters(here, "zhou"), enters(here, "he")
    zhou.joins()
    goes_to(here, "ended")
    he.says(call="join")
    assert he.heard("refused")["detail"]
    zhou.says(call="on", on=["microphone"])  # to say goodbye
    assert zhou.heard("here")["who"]["on"]["microphone"] is False
    assert zhou.heard("here")["who"]["on"]["microphone"] is True


def test_who_joins_again_is_one_and_not_two(enters):
    here = room()
    zhou, he = enters(here, "zhou"), enters(here, "he")
    zhou.joins()
    first = he.joins() and he.peer
    assert len(he.joins()["people"]) == 2 and he.peer != first
    assert zhou.heard("gone")["peer"] == first


def test_a_room_without_anybody_connected_is_forgotten(enters):
    here = room()
    zhou = enters(here, "zhou")
    zhou.joins()
    assert any(here.pk in rooms for rooms in circles._circles.values())
    zhou.says(call="leave")
    zhou.heard("left")
    assert not any(here.pk in rooms for rooms in circles._circles.values())


@pytest.mark.redis
@pytest.mark.postgres
def test_two_processes_are_one_room(tmp_path, transactional_db, redis_url, settings):
    here = room(("zhou", "he", "su"))
    house = House("tests.stories.site", tmp_path)
    house.env |= {"REDIS_URL": redis_url, "SECRET_KEY": settings.SECRET_KEY}  # the cookies are of this process
    with contextlib.ExitStack() as opened:
        opened.callback(house.close)
        first, second = Server(house), Server(house)
        zhou = opened.enter_context(Window(first.address, here, "zhou"))
        he, su = (opened.enter_context(Window(second.address, here, who)) for who in ("he", "su"))
        zhou.joins("microphone")
        assert {one["member"] for one in he.joins()["people"]} == {person("zhou").pk, person("he").pk}
        while zhou.heard("here")["who"]["peer"] != he.peer:
            pass
        he.says(signal={"to": zhou.peer, "data": {"sdp": "从另一个进程"}})
        assert zhou.heard("signal") == {"type": "signal", "from": he.peer, "data": {"sdp": "从另一个进程"}}
        assert len(su.joins()["people"]) == 3
        he.says(call="leave")
        assert zhou.heard("gone")["peer"] == he.peer
        su.socket.socket.close()
        assert zhou.heard("gone")["peer"] == su.peer


def test_a_process_that_says_nothing_more_takes_its_people_along(monkeypatch):
    circle = circles.Circle(7)
    heard: list[dict] = []
    window = type("Window", (), {"say": lambda self, said: heard.append(said)})()
    circle.enter(window, 1, "Zhou", "koc", [])
    other = {"peer": "far", "member": 2, "name": "He", "role": "koc", "on": dict.fromkeys(sound.SLOTS, False)}
    circle.hears({"here": [other]})
    circle.hears({"here": [other]})
    assert [said["call"] for said in heard] == ["here"]  # said again is not news
    circle.drop_silent(now=time.monotonic() + circles.GONE_AFTER - 1)
    assert len(circle.peers) == 2
    circle.drop_silent(now=time.monotonic() + circles.GONE_AFTER + 1)
    assert heard[-1] == {"type": "call", "call": "gone", "peer": "far"} and len(circle.peers) == 1


def test_a_signal_that_is_too_long_is_no_signal(settings):
    settings.REDIS_URL = ""
    with pytest.raises(ValueError):
        signals.signal("peer:1:x", "长" * signals.LONGEST_SIGNAL).send(None)


def test_turn_credentials_end_by_themselves_and_stun_needs_none(settings):
    settings.ICE_SERVERS = [{"urls": "stun:s.example.com"}, {"urls": ["turn:t.example.com", "turns:t.example.com"]}]
    assert sound.ice_servers("p") == settings.ICE_SERVERS
    settings.TURN_SECRET = "coturn"
    stun, turn = sound.ice_servers("p")
    assert stun == {"urls": "stun:s.example.com"}
    ends, _, peer = turn["username"].partition(":")
    assert peer == "p" and 0 < int(ends) - time.time() <= sound.CREDENTIAL_SECONDS
    digest = hmac.new(b"coturn", turn["username"].encode(), hashlib.sha1).digest()
    assert turn["credential"] == base64.b64encode(digest).decode()


def test_the_media_server_is_told_to_who_joins_and_each_room_is_another(enters, settings):
    settings.MEDIA_SERVER_URL, settings.MEDIA_SERVER_SECRET = "ws://127.0.0.1:8188", "janus"
    here, elsewhere = room(), room(("su", "ma"))
    zhou, su = enters(here, "zhou"), enters(elsewhere, "su")
    one, other = zhou.joins()["media"], su.joins()["media"]
    assert one["url"] == "ws://127.0.0.1:8188" and one["room"] != other["room"] and one["pin"] != other["pin"]
    said, _, signed = one["token"].rpartition(":")
    assert said.split(",")[1:] == ["janus", "janus.plugin.videoroom"]
    assert signed == base64.b64encode(hmac.new(b"janus", said.encode(), hashlib.sha1).digest()).decode()
