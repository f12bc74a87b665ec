"""Before a socket is opened: where the page came from, and who is there."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from channels.db import database_sync_to_async
from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.http import is_same_domain
from rest_framework.authtoken.models import Token

from .limits import NOT_SIGNED_IN

_DEFAULT_PORTS = {"http": "80", "ws": "80", "https": "443", "wss": "443"}


def header(scope: dict[str, Any], name: bytes) -> str:
    """A header of the handshake, or ""."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


class SameHost:
    """Refuses the handshake of a foreign page, which would come with the visitor's own cookie.

    Browsers always send Origin; who sends none is a program and brings a token. Allowed are the host that was asked
    for, if it is one of ALLOWED_HOSTS, and CSRF_TRUSTED_ORIGINS: the same trust as for a form.
    """

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if is_trusted(scope):
            await self.inner(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 4403})


def is_trusted(scope: dict[str, Any]) -> bool:
    """True when host and origin of a handshake are ours."""
    host = header(scope, b"host").lower()
    domain, _ = split_domain_port(host)
    if not validate_host(domain, settings.ALLOWED_HOSTS):
        return False
    origin = header(scope, b"origin").lower()
    if not origin:
        return True
    came_from = urlsplit(origin)
    return _with_port(came_from.scheme, came_from.netloc) == _with_port(came_from.scheme, host) or any(
        _matches(came_from.scheme, came_from.netloc, urlsplit(trusted)) for trusted in settings.CSRF_TRUSTED_ORIGINS
    )


def _with_port(scheme: str, netloc: str) -> tuple[str, str]:
    domain, port = split_domain_port(netloc)
    return domain, port or _DEFAULT_PORTS.get(scheme, "")


def _matches(scheme: str, netloc: str, trusted: Any) -> bool:
    # "https://*.example.com" covers the subdomains, as for forms.
    return scheme == trusted.scheme and is_same_domain(netloc, trusted.netloc.lower().removeprefix("*"))


class TokenUser:
    """`Authorization: Token …` in place of a session. A token that is not known is refused, not taken for a visitor."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        word, _, key = header(scope, b"authorization").partition(" ")
        if word.lower() == "token":
            user = await database_sync_to_async(_user_of, thread_sensitive=False)(key.strip())
            if user is None:
                await receive()
                await send({"type": "websocket.accept"})  # a close code reaches the client only after that
                await send({"type": "websocket.close", "code": NOT_SIGNED_IN})
                return
            scope = {**scope, "user": user}
        await self.inner(scope, receive, send)


def _user_of(key: str) -> Any:
    token = Token.objects.select_related("user").filter(key=key, user__is_active=True).first()
    return token.user if token else None
