"""Sockets by Channels; pages by the WSGI handler in threads, never by Django's ASGI handler.

At scale uvicorn runs this for `/ws/` alone, behind a proxy that sends the pages to granian and `kocforum.wsgi`. That
pages are answered here as well lets one process be enough: see `kocforum.server`.
"""

from __future__ import annotations

from typing import Any

from kocforum.wsgi import application as wsgi_application  # first: it sets Django up for the imports below

# isort: split
from a2wsgi import WSGIMiddleware
from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path, re_path

from kocforum.live.consumers import LiveConsumer
from kocforum.live.doors import SameHost, TokenUser
from tasks.consumers import RoomConsumer

PAGE_THREADS = 4

pages = WSGIMiddleware(wsgi_application, workers=PAGE_THREADS)


async def no_such_socket(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """An address without a socket: the handshake is refused with 403, as the protocol has it."""
    await receive()
    await send({"type": "websocket.close", "code": 4404})


ROUTES = [
    path("ws/", LiveConsumer.as_asgi()),
    path("ws/workshops/<int:pk>/", RoomConsumer.as_asgi()),
    re_path(r"", no_such_socket),
]

sockets = SameHost(AuthMiddlewareStack(TokenUser(URLRouter(ROUTES))))

application = ProtocolTypeRouter({"http": pages, "websocket": sockets})
