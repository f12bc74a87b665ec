"""Limits on writing."""

from __future__ import annotations

import math
import time
from typing import Any

from django.core.cache import cache
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

PER_SECOND = 10
BURST = 50


class WriteThrottle(BaseThrottle):
    """Members write at most 10 a second in bursts of 50; a signed-out writer by address; staff and readers without limit.

    The bucket is one number in the cache: the tick (a tenth of a second) up to which writing is paid for. A write
    moves it on by one, atomically, and is allowed while it is no more than a burst ahead of the clock. A bucket that
    has filled up again is a key that has expired.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.method in SAFE_METHODS or request.user.is_staff:
            return True
        self.retry_after = spend(f"writes:{self._writer(request)}")
        return self.retry_after is None

    def wait(self) -> float | None:
        """Seconds for Retry-After."""
        return self.retry_after

    def _writer(self, request: Request) -> str:
        if request.user.is_authenticated:
            return f"member:{request.user.pk}"
        # Without a proxy of ours X-Forwarded-For is only what the caller claims.
        address = self.get_ident(request) if api_settings.NUM_PROXIES else request.META.get("REMOTE_ADDR", "")
        return "address:" + "".join(char for char in address if char.isalnum() or char in ".:")


def spend(key: str) -> float | None:
    """Pay for one write. None when it is allowed, else the seconds until the next one is."""
    now = math.floor(time.time() * PER_SECOND)
    paid_until = _move_on(key, now)
    ahead = paid_until - now
    if ahead > BURST:
        cache.incr(key, -1)  # what was refused is not paid for
        return max((ahead - BURST) / PER_SECOND, 1.0)
    # Rounded up, so the bucket may be up to a second's worth too full after a pause, never too empty.
    if ahead > 1:  # the first write of a while has just set its second
        cache.touch(key, math.ceil(ahead / PER_SECOND))
    return None


def _move_on(key: str, now: int) -> int:
    if cache.add(key, now + 1, timeout=1):
        return now + 1
    try:
        paid_until = cache.incr(key)
    except ValueError:  # expired between the two calls
        paid_until = 0
    if paid_until <= now:  # it fell behind the clock: the bucket is full
        paid_until = now + 1
        cache.set(key, paid_until, timeout=1)
    return paid_until
