"""`/ws/` on a real server: who may subscribe, what arrives, what is too much."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user_model
from rest_framework.authtoken.models import Token
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from kocforum.live import consumers, groups
from kocforum.live.groups import register_group
from kocforum.live.hub import publish
from tests.sockets import close_code, cookie_of, hear, serving

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def address(settings, monkeypatch) -> Iterator[str]:
    monkeypatch.setattr(groups, "_kinds", {})
    members = get_user_model().objects
    register_group("profile", lambda user: members.filter(is_active=True))  # public
    register_group("garage", lambda user: members.filter(pk=user.pk or 0))  # one's own
    with serving(settings, monkeypatch) as address:
        yield address


@pytest.fixture
def owner():
    return get_user_model().objects.create_user("owner")


def opened(address: str, headers: dict[str, str] | None = None) -> ClientConnection:
    return connect(f"ws://{address}/ws/", additional_headers=headers or {}, open_timeout=20)


def say(socket: ClientConnection, command: dict) -> dict:
    socket.send(json.dumps(command))
    return hear(socket)


def test_a_visitor_listens_to_what_is_public_and_to_nothing_else(address, owner):
    with opened(address) as socket:
        names = [f"profile:{owner.pk}", f"garage:{owner.pk}", f"member:{owner.pk}", "nonsense"]
        assert say(socket, {"subscribe": names}) == {"subscribed": names[:1], "refused": names[1:]}
        publish(f"member:{owner.pk}", "notice.created", 1)
        publish(f"profile:{owner.pk}", "profile.changed", owner.pk)
        assert hear(socket) == {"group": f"profile:{owner.pk}", "type": "profile.changed", "id": owner.pk}


def test_a_session_listens_to_its_own(address, owner):
    other = get_user_model().objects.create_user("other")
    with opened(address, cookie_of(owner)) as socket:
        mine, theirs = f"member:{owner.pk}", f"member:{other.pk}"
        assert say(socket, {"subscribe": [mine, theirs]}) == {"subscribed": [mine], "refused": [theirs]}
        publish(mine, "notice.created", 4)
        assert hear(socket) == {"group": mine, "type": "notice.created", "id": 4}


def test_a_token_is_as_good_as_a_session(address, owner):
    token = Token.objects.create(user=owner)
    with opened(address, {"Authorization": f"Token {token.key}"}) as socket:
        name = f"garage:{owner.pk}"
        assert say(socket, {"subscribe": [name]}) == {"subscribed": [name], "refused": []}


def test_a_wrong_token_is_not_taken_for_a_visitor(address, owner):
    token = Token.objects.create(user=owner)
    get_user_model().objects.update(is_active=False)
    for key in ("nonsense", token.key):
        with opened(address, {"Authorization": f"Token {key}"}) as socket:
            assert close_code(socket) == 4401


def test_a_foreign_page_and_an_unknown_address_are_refused_at_the_handshake(address):
    for path, origin in (("/ws/", "https://evil.example"), ("/ws/nowhere/", f"http://{address}")):
        with pytest.raises(InvalidStatus) as refused:
            connect(f"ws://{address}{path}", origin=origin, open_timeout=20)
        assert refused.value.response.status_code == 403


def test_unsubscribed_groups_fall_silent(address, owner):
    first, second = f"profile:{owner.pk}", f"profile:{get_user_model().objects.create_user('other').pk}"
    with opened(address) as socket:
        say(socket, {"subscribe": [first, second]})
        assert say(socket, {"unsubscribe": [first]}) == {"unsubscribed": [first]}
        publish(first, "x", 1)
        publish(second, "x", 2)
        assert hear(socket)["id"] == 2


def test_ping_is_answered(address):
    with opened(address) as socket:
        assert say(socket, {"ping": 17}) == {"pong": 17}


@pytest.mark.parametrize("nonsense", ["", "{", "[]", '"subscribe"', "[" * 20000])
def test_what_is_not_a_command_ends_the_socket(address, nonsense):
    with opened(address) as socket:
        socket.send(nonsense)
        assert close_code(socket) == consumers.NOT_UNDERSTOOD


def test_binary_frames_are_not_understood(address):
    with opened(address) as socket:
        socket.send(b"\x00\x01")
        assert close_code(socket) == consumers.NOT_UNDERSTOOD


def test_sixty_four_kilobytes_are_taken_and_more_are_not(address):
    def command(size: int) -> str:
        frame = json.dumps({"ping": 1, "x": ""})
        return frame[:-2] + "x" * (size - len(frame)) + frame[-2:]

    with opened(address) as socket:
        socket.send(command(64 * 1024))
        assert hear(socket) == {"pong": 1}
        socket.send(command(64 * 1024 + 1))
        assert close_code(socket) == consumers.TOO_LONG


def test_a_flood_of_commands_ends_the_socket(address, monkeypatch):
    with opened(address) as socket:
        for _ in range(60):
            assert say(socket, {"ping": 1}) == {"pong": 1}
    monkeypatch.setattr(consumers, "COMMANDS_PER_SECOND", 0.001)
    with opened(address) as socket:
        for _ in range(consumers.BURST):
            assert say(socket, {"ping": 1}) == {"pong": 1}
        socket.send('{"ping": 1}')
        assert close_code(socket) == consumers.TOO_MANY


def test_a_hundred_groups_are_enough(address, monkeypatch):
    monkeypatch.setattr(consumers, "may_listen", lambda user, name: True)
    names = [f"thread:{number}" for number in range(150)]
    with opened(address) as socket:
        assert say(socket, {"subscribe": names}) == {"subscribed": names[:100], "refused": names[100:]}
        assert say(socket, {"subscribe": ["thread:900"]}) == {"subscribed": [], "refused": ["thread:900"]}
        say(socket, {"unsubscribe": names[:1]})
        assert say(socket, {"subscribe": ["thread:900"]}) == {"subscribed": ["thread:900"], "refused": []}


def test_a_socket_that_does_not_read_is_closed_with_4408_and_nobody_waits(monkeypatch):
    monkeypatch.setattr(consumers, "may_listen", lambda user, name: True)

    async def scene():
        said, stuck = [], asyncio.Event()
        incoming: asyncio.Queue = asyncio.Queue()

        async def send(message):
            if message["type"] == "websocket.send" and "subscribed" not in message["text"]:
                await stuck.wait()  # as a line does that takes no more
            said.append(message)

        scope = {"type": "websocket", "path": "/ws/", "headers": [], "user": None}
        app = asyncio.create_task(consumers.LiveConsumer.as_asgi()(scope, incoming.get, send))
        incoming.put_nowait({"type": "websocket.connect"})
        incoming.put_nowait({"type": "websocket.receive", "text": '{"subscribe": ["thread:5"]}'})
        while len(said) < 2:
            await asyncio.sleep(0.01)
        for number in range(300):
            consumers.hub.tell("thread:5", str(number))
            await asyncio.sleep(0)
        while said[-1]["type"] != "websocket.close":
            await asyncio.sleep(0.01)
        assert said[-1]["code"] == 4408
        assert consumers.hub._groups == {}
        incoming.put_nowait({"type": "websocket.disconnect", "code": 4408})
        await asyncio.wait_for(app, 20)

    asyncio.run(asyncio.wait_for(scene(), 60))


def test_pages_are_answered_beside_the_sockets(address):
    with urllib.request.urlopen(f"http://{address}/healthz", timeout=20) as answer:
        assert answer.read() == b"ok\n"
