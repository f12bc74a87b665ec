"""Between processes: a plain Redis client publishes from any thread, one task per process fans in."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Callable
from functools import cache

import redis
import redis.asyncio
from django.conf import settings

log = logging.getLogger("kocforum.live")

MISSED = json.dumps({"group": "", "type": "missed", "id": None}, separators=(",", ":"))


def channel(url: str) -> str:
    """Redis publishes across its numbered databases: the number is in the name, so that two sites at one Redis do not hear each other."""
    return f"kocforum:live:{redis.connection.parse_url(url).get('db', 0)}"


@cache
def _client(url: str) -> redis.Redis:
    # Short: a push is a courtesy, and the page that made it waits for this call.
    return redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=0.5)


def send(group: str, text: str) -> bool:
    """Publish to all processes. False when Redis does not answer; then this process at least is told."""
    try:
        _client(settings.REDIS_URL).publish(channel(settings.REDIS_URL), f"{group}\n{text}")
    except redis.RedisError as error:
        log.warning("Redis did not take a push: %s", error)
        return False
    return True


async def listen(tell: Callable[[str, str], None], heard: asyncio.Event, tell_everyone: Callable[[str], None]) -> None:
    """Hand every published event to this process's sockets, for as long as the loop runs.

    After an interruption events are missing: every page is told so, and refetches.
    """
    pause = 0.5
    while True:
        try:
            async with (
                redis.asyncio.Redis.from_url(
                    settings.REDIS_URL, socket_connect_timeout=2, client_name=f"kocforum-live-{os.getpid()}"
                ) as client,
                client.pubsub() as subscription,
            ):
                await subscription.subscribe(channel(settings.REDIS_URL))
                await subscription.get_message(timeout=2)  # Redis confirms: from here on nothing is missed
                if heard.is_set():
                    tell_everyone(MISSED)
                heard.set()
                pause = 0.5
                await _fan_in(subscription, tell)
        except (redis.RedisError, OSError) as error:
            log.warning("The subscription to Redis broke: %s", error)
        await asyncio.sleep(pause)
        pause = min(pause * 2, 10)


async def _fan_in(subscription: redis.asyncio.client.PubSub, tell: Callable[[str, str], None]) -> None:
    silent = 0
    while True:
        message = await subscription.get_message(timeout=10)
        if message is None:
            silent += 1
            if silent > 2:  # pings are answered within one turn; three without an answer is a dead line
                raise redis.ConnectionError("no answer to ping")
            await subscription.ping()
            continue
        silent = 0
        if message["type"] == "message":
            group, _, text = message["data"].decode().partition("\n")
            tell(group, text)
