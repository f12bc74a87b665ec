"""The hub hands an event to the sockets of its group, from any thread, and waits for nobody."""

from __future__ import annotations

import asyncio
import json
import os
import threading

import pytest
import redis
from django.db import transaction

from kocforum.live import hub as hubs
from kocforum.live import relay
from kocforum.live.hub import A_QUEUE_HOLDS, Hub, Listener, publish
from kocforum.live.pushing import push
from tests.house import until


@pytest.fixture
def hub(monkeypatch):
    """A hub of this test's own behind `publish`."""
    fresh = Hub()
    monkeypatch.setattr(hubs, "hub", fresh)
    return fresh


def listener() -> Listener:
    return Listener(too_slow=lambda: None)


def in_a_thread(call, *values) -> None:
    threading.Thread(target=call, args=values).start()


async def next_of(one: Listener) -> dict:
    message = await asyncio.wait_for(one.queue.get(), 20)
    assert message["type"] == "websocket.send"
    return json.loads(message["text"])


def test_an_event_from_a_thread_reaches_its_group_and_no_other(hub, settings):
    settings.REDIS_URL = ""

    async def scene():
        await hub.open()
        here, there = listener(), listener()
        hub.join(here, "thread:5")
        hub.join(there, "thread:6")
        in_a_thread(publish, "thread:5", "post.created", 9)
        assert await next_of(here) == {"group": "thread:5", "type": "post.created", "id": 9}
        assert there.queue.empty()

    asyncio.run(scene())


def test_everyone_in_a_group_gets_the_same_encoded_message(hub):
    async def scene():
        await hub.open()
        crowd = [listener() for _ in range(3)]
        for one in crowd:
            hub.join(one, "thread:5")
        hub.tell("thread:5", "{}")
        assert len({id(one.queue.get_nowait()) for one in crowd}) == 1

    asyncio.run(scene())


def test_who_left_hears_nothing_and_empty_groups_go(hub):
    async def scene():
        await hub.open()
        one = listener()
        hub.join(one, "thread:5")
        hub.join(one, "topic:1")
        hub.leave(one, "thread:5")
        hub.leave(one, "thread:5")
        hub.tell("thread:5", "{}")
        assert one.queue.empty()
        hub.leave_all(one)
        assert hub._groups == {}

    asyncio.run(scene())


def test_a_slow_listener_is_dropped_and_the_others_are_told(hub):
    async def scene():
        await hub.open()
        dropped = []
        slow = Listener(too_slow=lambda: (dropped.append(1), hub.leave_all(slow)))
        quick = listener()
        hub.join(slow, "thread:5")
        hub.join(quick, "thread:5")
        for _ in range(A_QUEUE_HOLDS + 5):
            hub.tell("thread:5", "{}")
            quick.queue.get_nowait()
        assert dropped == [1]

    asyncio.run(scene())


def test_without_sockets_or_after_their_loop_ended_a_push_is_nothing(hub):
    publish("thread:5", "post.created", 1)
    asyncio.run(hub.open())
    publish("thread:5", "post.created", 1)


@pytest.mark.django_db
def test_a_push_waits_for_the_commit(monkeypatch, django_capture_on_commit_callbacks):
    told = []
    monkeypatch.setattr("kocforum.live.pushing.publish", lambda *event: told.append(event))
    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            push("thread:5", "post.created", 9)
            assert told == []
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            push("thread:6", "post.created", 9)
            raise ZeroDivisionError
        assert told == []
    assert told == [("thread:5", "post.created", 9)]


@pytest.mark.redis
def test_through_redis_every_process_hears(hub, settings, redis_url):
    settings.REDIS_URL = redis_url
    group = f"thread:{os.getpid()}1"

    async def scene():
        other_process = Hub()
        await hub.open()
        await other_process.open()
        here, there = listener(), listener()
        hub.join(here, group)
        other_process.join(there, group)
        in_a_thread(publish, group, "post.created", 9)
        for one in (here, there):
            assert await next_of(one) == {"group": group, "type": "post.created", "id": 9}
        assert here.queue.empty()  # once, not once by Redis and once directly

    asyncio.run(scene())


@pytest.mark.redis
def test_a_site_at_another_database_of_the_same_redis_hears_nothing(hub, settings, redis_url):
    settings.REDIS_URL = redis_url
    group = f"thread:{os.getpid()}3"
    server, _, database = redis_url.rpartition("/")

    async def scene():
        await hub.open()
        one = listener()
        hub.join(one, group)
        settings.REDIS_URL = f"{server}/{int(database) + 1}"
        await asyncio.to_thread(until, lambda: relay.send(group, '{"id":9}'), "Redis takes what the other site says")
        settings.REDIS_URL = redis_url
        await asyncio.to_thread(until, lambda: relay.send(group, '{"id":10}'), "Redis takes what this site says")
        assert (await next_of(one))["id"] == 10

    asyncio.run(scene())


@pytest.mark.redis
def test_after_an_interruption_pages_are_told_that_they_missed_something(hub, settings, redis_url):
    settings.REDIS_URL = redis_url
    group = f"thread:{os.getpid()}2"

    def cut_the_line():
        with redis.Redis.from_url(redis_url) as client:
            for connected in client.client_list():
                if connected["name"] == f"kocforum-live-{os.getpid()}":
                    client.client_kill_filter(_id=connected["id"])

    async def scene():
        await hub.open()
        one = listener()
        hub.join(one, group)
        in_a_thread(cut_the_line)
        assert (await next_of(one))["type"] == "missed"
        in_a_thread(publish, group, "post.created", 9)
        assert (await next_of(one))["id"] == 9

    asyncio.run(scene())


def test_when_redis_does_not_answer_this_process_is_told_and_the_page_goes_on(hub, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert relay.send("thread:5", "{}") is False

    async def scene():
        loop = asyncio.get_running_loop()
        hub._loop = loop
        one = listener()
        hub.join(one, "thread:5")
        in_a_thread(publish, "thread:5", "post.created", 9)
        assert (await next_of(one))["id"] == 9

    asyncio.run(scene())
