"""A foreign page does not open a socket with the visitor's cookie."""

from __future__ import annotations

import pytest

from kocforum.live.doors import is_trusted


def handshake(host: str, origin: str | None = None) -> dict:
    headers = [(b"host", host.encode())]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    return {"type": "websocket", "headers": headers}


@pytest.mark.parametrize(
    ("host", "origin", "trusted"),
    [
        ("forum.example", "https://forum.example", True),
        ("forum.example:443", "https://forum.example", True),
        ("127.0.0.1:8000", "http://127.0.0.1:8000", True),
        ("FORUM.example", "https://forum.EXAMPLE", True),
        ("forum.example", None, True),  # a program, not a page
        ("forum.example", "https://evil.example", False),
        ("forum.example", "https://forum.example.evil.example", False),
        ("127.0.0.1:8000", "http://127.0.0.1:9000", False),
        ("forum.example", "null", False),
        ("forum.example", "https://m.cars.example", True),  # by CSRF_TRUSTED_ORIGINS
        ("forum.example", "http://m.cars.example", False),
    ],
)
def test_origin(settings, host, origin, trusted):
    settings.ALLOWED_HOSTS = ["*"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://*.cars.example"]
    assert is_trusted(handshake(host, origin)) is trusted


def test_a_host_that_is_not_ours_is_refused_even_when_the_origin_agrees(settings):
    settings.ALLOWED_HOSTS = ["forum.example"]
    assert is_trusted(handshake("forum.example", "https://forum.example"))
    assert not is_trusted(handshake("rebound.evil.example", "http://rebound.evil.example"))
