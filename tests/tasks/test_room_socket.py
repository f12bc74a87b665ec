"""`/ws/workshops/<id>/` on a real server: who is let in, what is told in which order, what is refused, how one comes back."""

from __future__ import annotations

import asyncio
import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tasks.actions.presence import note_presence
from tasks.actions.workshops import give_up_seat
from tasks.consumers import feeds
from tasks.consumers import rooms as consumers
from tasks.models import RoomEvent, Workshop
from tests.people import make_member, make_staff
from tests.sockets import close_code, cookie_of, hear, serving
from tests.tasks.workshops import does, goes_to, invited_workshop, person, room, workshop_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def address(settings, monkeypatch) -> Iterator[str]:
    with serving(settings, monkeypatch) as address:
        yield address


def enters(address: str, here: Workshop, who: str = "", after: int = 0) -> ClientConnection:
    headers = cookie_of(person(who)) if who else {}
    path = f"ws://{address}/ws/workshops/{here.task_id}/?after={after}"
    return connect(path, additional_headers=headers, open_timeout=20)


def sends(socket: ClientConnection, kind: str, op_id: str = "", **payload) -> str:
    op_id = op_id or str(uuid.uuid4())
    socket.send(json.dumps({"op_id": op_id, "kind": kind, "payload": payload}))
    return op_id


def hears(socket: ClientConnection, wanted: str) -> dict:
    """The next message of a type."""
    while (said := hear(socket))["type"] != wanted:
        pass
    return said


def test_a_member_is_greeted_told_the_log_and_then_what_happens(address):
    here = room()
    does(here, "zhou", "note.add", text="先响一声")
    with enters(address, here, "he") as he, enters(address, here, "zhou", after=1) as zhou:
        hello = hears(he, "hello")
        assert (hello["seq"], hello["phase"]) == (2, "diverge") and hello["me"]["username"] == "he"
        assert [hears(he, "event")["seq"] for _ in range(2)] == [1, 2]
        assert hears(zhou, "event")["payload"]["text"] == "先响一声"  # the own one, from where the client was
        op_id = sends(zhou, "note.add", text="第二句")
        assert hears(zhou, "ack") == {"type": "ack", "op_id": op_id, "seq": 3}
        veiled = hears(he, "event")
        assert (veiled["seq"], veiled["op_id"], veiled["actor"], veiled["payload"]) == (3, op_id, None, {})
        goes_to(here, "reveal")
        assert hears(he, "event")["payload"]["to"] == "reveal"


def test_the_same_op_id_is_acknowledged_with_the_first_number(address):
    here = room()
    with enters(address, here, "zhou") as zhou:
        op_id = sends(zhou, "note.add", text="一张")
        first = hears(zhou, "ack")
        sends(zhou, "note.add", op_id, text="一张")
        assert hears(zhou, "ack") == first and RoomEvent.objects.filter(kind="note.add").count() == 1


def test_what_is_refused_says_why_and_the_room_stays(address):
    here = room()
    with enters(address, here, "zhou") as zhou:
        op_id = sends(zhou, "phase.move", to="reveal")
        refused = hears(zhou, "refused")
        assert refused["op_id"] == op_id and refused["detail"]
        zhou.send("[1, 2")
        assert hears(zhou, "refused")["op_id"] is None
        zhou.send(json.dumps({"kind": "chat.say", "payload": {"text": "没有号"}}))
        assert hears(zhou, "refused")["detail"]
        zhou.send(json.dumps({"op_id": str(uuid.uuid4()), "kind": "chat.say", "payload": {"text": "长" * 12_000}}))
        assert hears(zhou, "refused")["detail"]
        sends(zhou, "chat.say", text="我还在")
        assert hears(zhou, "ack")["seq"]


def test_too_many_at_once_are_refused_and_who_goes_on_is_put_out(address, monkeypatch):
    monkeypatch.setattr(consumers, "BURST", 3)
    monkeypatch.setattr(consumers, "COMMANDS_PER_SECOND", 0.1)
    monkeypatch.setattr(consumers, "PATIENCE", 4)
    here = room()
    with enters(address, here, "zhou") as zhou, enters(address, here, "he") as he:
        for _ in range(4):
            sends(zhou, "chat.say", text="喂")
        assert hears(zhou, "refused")["detail"]
        with suppress(ConnectionClosed):  # it may be over before all four are out
            for _ in range(4):
                sends(zhou, "chat.say", text="喂")
        assert close_code(zhou) == 4429
        assert hears(he, "event")["seq"] == 1  # nobody else is harmed


@pytest.mark.parametrize(
    ("who", "code"), [("", 4401), ("passer", 4403), ("engineer", 4403), ("undecided", 4403)]
)  # nobody, a member, a colleague who is not on the list, somebody who has not taken the seat
def test_a_stranger_gets_a_code_and_a_sentence_and_nothing_else(address, who, code):
    make_member("passer")
    make_staff("engineer", role="engineer")
    here = invited_workshop(("zhou", "undecided"))
    with enters(address, here, who) as socket:
        with pytest.raises(ConnectionClosed) as closed:
            socket.recv(timeout=20)
        assert closed.value.rcvd.code == code and closed.value.rcvd.reason


def test_a_room_that_is_not_there_looks_like_one_that_is_closed(address):
    here = invited_workshop()
    here.task_id = 987654
    with enters(address, here, "zhou") as socket:
        assert close_code(socket) == 4403


def test_who_gives_up_the_seat_leaves_the_room(address):
    here = room(("zhou", "he"))
    with enters(address, here, "he") as he:
        hears(he, "event")
        give_up_seat(by=person("he"), workshop=workshop_of(here.task))
        assert close_code(he) == 4403


def test_after_a_drop_the_rest_is_told_from_the_last_number_in_order(address):
    here = room()
    with enters(address, here, "he") as he:
        assert hears(he, "event")["seq"] == 1
    for number in range(30):
        does(here, "zhou", "chat.say", text=f"第{number}句")
    with enters(address, here, "he", after=1) as he:
        assert hears(he, "hello")["seq"] == 31
        assert [hears(he, "event")["seq"] for _ in range(30)] == list(range(2, 32))
        does(here, "zhou", "chat.say", text="新的一句")
        assert hears(he, "event")["seq"] == 32


@pytest.mark.postgres
def test_everybody_hears_the_same_order_while_many_write(address):
    people = tuple(f"m{number}" for number in range(4))
    here = room(people)
    heard: dict[str, list[int]] = {}
    cookies = {who: cookie_of(person(who)) for who in people}  # the threads below open no connection of their own

    def sits(who: str) -> None:
        path = f"ws://{address}/ws/workshops/{here.task_id}/"
        with connect(path, additional_headers=cookies[who], open_timeout=20) as socket:
            for number in range(6):
                sends(socket, "chat.say", text=f"{who} {number}")
            heard[who] = [hears(socket, "event")["seq"] for _ in range(25)]

    threads = [threading.Thread(target=sits, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert heard == {who: list(range(1, 26)) for who in people}


def test_a_number_that_is_not_there_yet_is_taken_for_the_last(address):
    here = room()
    with enters(address, here, "zhou", after=9999) as zhou:
        assert hears(zhou, "hello")["seq"] == 1
        does(here, "he", "chat.say", text="还听得到")
        assert hears(zhou, "event")["seq"] == 2


def test_a_feed_stays_while_somebody_is_on_the_way_in_and_one_that_failed_is_not_kept(monkeypatch):
    here, opened, closed = Workshop(pk=7, task_id=7), [], []

    async def opens(feed: feeds.Feed) -> None:
        opened.append(feed)
        await asyncio.sleep(0)
        if len(opened) == 1:
            raise OSError("no database")

    monkeypatch.setattr(feeds.Feed, "open", opens)
    monkeypatch.setattr(feeds.Feed, "close", lambda feed: closed.append(feed))

    async def scene() -> None:
        with pytest.raises(OSError):
            await feeds.enter_feed(here)
        first = asyncio.create_task(feeds.enter_feed(here))
        second = asyncio.create_task(feeds.enter_feed(here))
        one = await first
        feeds.leave_feed(one, object())
        assert await second is one and closed == [] and len(opened) == 2
        feeds.leave_feed(one, object())
        assert closed == [one]
        assert await feeds.enter_feed(here) is not one

    asyncio.run(scene())


def test_a_ping_is_answered(address):
    here = room()
    with enters(address, here, "zhou") as zhou:
        hears(zhou, "event")
        zhou.send(json.dumps({"ping": 7}))
        while "pong" not in (said := hear(zhou)):
            assert said["type"] == "presence"
        assert said == {"pong": 7}


def hears_present(socket: ClientConnection, *names: str) -> None:
    """Until exactly these are said to be here."""
    wanted = sorted(person(name).pk for name in names)
    while hears(socket, "presence")["here"] != wanted:
        pass


def test_who_comes_and_goes_is_told_at_once(address, monkeypatch):
    monkeypatch.setattr(feeds, "BEAT", 600)  # no sign of life says it
    here = room()
    with enters(address, here, "he") as he:
        hears_present(he, "he")
        with enters(address, here, "zhou") as zhou:
            hears_present(he, "he", "zhou")
            hears_present(zhou, "he", "zhou")  # who comes in learns who is there already
            with enters(address, here, "zhou") as second:
                hears_present(second, "he", "zhou")
            # Of two windows one is closed, and another process takes its last one for the end: who is still here is told to be.
            note_presence(workshop=here, here=set(), gone={person("zhou").pk})
            hears_present(he, "he")
            hears_present(he, "he", "zhou")
        hears_present(he, "he")


def test_a_sign_of_life_tells_nobody_anything(monkeypatch):
    here, told = room(), []
    monkeypatch.setattr("kocforum.live.pushing.publish", lambda *said: told.append(said))
    members = {person("zhou").pk, person("he").pk}
    note_presence(workshop=here, here=members)
    assert told == [(f"room:{here.pk}", "room.presence", here.pk)]
    note_presence(workshop=here, here=members)
    assert len(told) == 1
    note_presence(workshop=here, here=members - {person("he").pk}, gone={person("he").pk})
    assert len(told) == 2
