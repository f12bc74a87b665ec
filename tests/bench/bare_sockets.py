"""A set of sockets and nothing else: every message goes to all of them. What this machine can do at best."""

from __future__ import annotations

from typing import Any

everyone: set[Any] = set()


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    everyone.add(send)
    try:
        while (message := await receive())["type"] == "websocket.receive":
            for other in list(everyone):
                await other({"type": "websocket.send", "text": message["text"]})
    finally:
        everyone.discard(send)
