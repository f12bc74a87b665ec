"""Ten writes a second in bursts of fifty, for members; none for staff and readers."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.test import override_settings
from rest_framework.test import APIRequestFactory

from kocforum.ui.api import throttles
from kocforum.ui.api.throttles import BURST, WriteThrottle


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands until it is told to go on."""
    now = SimpleNamespace(at=1_800_000_000.0)
    monkeypatch.setattr(throttles.time, "time", lambda: now.at)
    return now


def person(pk: int = 1, *, is_staff: bool = False) -> SimpleNamespace:
    return SimpleNamespace(pk=pk, is_staff=is_staff, is_authenticated=True)


def write(user, method: str = "post", **meta) -> WriteThrottle | None:
    """None when it was allowed, else the throttle that refused it."""
    request = getattr(APIRequestFactory(), method)("/api/v1/x/", **meta)
    request.user = user
    throttle = WriteThrottle()
    return None if throttle.allow_request(request, view=None) else throttle


def allowed(user, times: int, **meta) -> int:
    return sum(write(user, **meta) is None for _ in range(times))


def test_a_member_writes_in_bursts_of_fifty(clock):
    assert allowed(person(), 80) == BURST
    assert allowed(person(2), 1) == 1


def test_ten_more_each_second(clock):
    allowed(person(), 80)
    clock.at += 1
    assert allowed(person(), 80) == 10
    clock.at += 2.5
    assert allowed(person(), 80) == 25


def test_after_a_rest_there_is_a_full_burst_and_not_more(clock):
    allowed(person(), 80)
    clock.at += 3600
    assert allowed(person(), 80) == BURST


def test_a_steady_ten_a_second_is_never_refused(clock):
    refused = 0
    for _ in range(300):
        clock.at += 0.1
        refused += write(person()) is not None
    assert refused == 0


def test_the_refusal_says_when_to_come_back(clock):
    allowed(person(), BURST)
    assert write(person()).wait() == 1.0


def test_staff_and_readers_are_not_limited(clock):
    assert allowed(person(3, is_staff=True), 200) == 200
    assert sum(write(person(4), "get") is None for _ in range(200)) == 200


def test_the_signed_out_are_counted_by_address(clock):
    assert allowed(AnonymousUser(), 80, REMOTE_ADDR="10.0.0.1") == BURST
    assert allowed(AnonymousUser(), 1, REMOTE_ADDR="10.0.0.2") == 1


def test_a_claimed_address_does_not_help(clock):
    tried = [write(AnonymousUser(), REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=f"1.2.3.{n}") for n in range(60)]
    assert tried.count(None) == BURST


def many_at_once(user) -> int:
    answers = []
    together = threading.Barrier(8)

    def writer() -> None:
        together.wait(10)
        answers.append(allowed(user, 20))

    threads = [threading.Thread(target=writer) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return sum(answers)


def test_many_at_once_do_not_get_more(clock):
    # A refused writer takes its tick back a moment later, so that its neighbour may be refused with it: never more.
    assert BURST - 8 <= many_at_once(person(5)) <= BURST + 1


@pytest.mark.redis
def test_the_bucket_is_shared_through_redis(clock, redis_url):
    shared = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_url}}
    with override_settings(CACHES={**shared}):
        caches["default"].delete("writes:member:987654321")
        try:
            assert BURST - 8 <= many_at_once(person(987654321)) <= BURST + 1
        finally:
            caches["default"].delete("writes:member:987654321")
