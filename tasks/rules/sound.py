"""Sound and picture of a room: who may be heard, how many fit, and what a window needs to find the others."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden

from ..enums import SeatRole
from ..models import Seat, Workshop

SLOTS = ("microphone", "camera", "screen")
PICTURES = ("camera", "screen")
MOST_PICTURES = 6  # at once, between browsers: each one is sent to everybody apart
MOST_PEOPLE = 12  # between browsers
MOST_THROUGH_SERVER = 50
CREDENTIAL_SECONDS = 6 * 60 * 60


def through_server() -> bool:
    """Sound and picture go through a media server, and not from browser to browser."""
    return bool(settings.MEDIA_SERVER_URL)


def can_be_heard(role: str) -> bool:
    """An observer listens."""
    return role != SeatRole.OBSERVER


def can_join(seat: Seat | None, workshop: Workshop, people: int) -> Any:
    """Who sits in a room that is open, while there is room."""
    if seat is None:
        return Forbidden(_("You are not in this room any more."))
    if not workshop.is_live:
        return Conflict(_("This room is over. It stays as it was."))
    most = MOST_THROUGH_SERVER if through_server() else MOST_PEOPLE
    if people >= most:
        return Conflict(
            _("%(most)s people are connected, and more do not fit. The room itself is open to you.") % {"most": most}
        )
    return True


def can_turn_on(slots: set[str], role: str, pictures: int) -> Any:
    """What somebody wants to turn on. `pictures`: how many are on now."""
    if slots and not can_be_heard(role):
        return Forbidden(_("An observer listens and does not speak."))
    wanted = len(slots.intersection(PICTURES))
    if wanted and not through_server() and pictures + wanted > MOST_PICTURES:
        return Conflict(
            _("%(most)s pictures are on, and more do not fit. You are heard all the same.") % {"most": MOST_PICTURES}
        )
    return True


def ice_servers(peer: str) -> list[dict[str, Any]]:
    """STUN and TURN servers of the house. With a secret each window gets a name and a password of its own that end by themselves, as
    coturn's REST scheme has it (`use-auth-secret`)."""
    servers = [dict(one) for one in settings.ICE_SERVERS]
    if settings.TURN_SECRET:
        name = f"{int(time.time()) + CREDENTIAL_SECONDS}:{peer}"
        digest = hmac.new(settings.TURN_SECRET.encode(), name.encode(), hashlib.sha1).digest()
        own = {"username": name, "credential": base64.b64encode(digest).decode()}
        servers = [{**one, **own} if _is_turn(one) else one for one in servers]
    return servers


def _is_turn(server: dict[str, Any]) -> bool:
    urls = server.get("urls", [])
    return any(url.startswith(("turn:", "turns:")) for url in ([urls] if isinstance(urls, str) else urls))


def media_server(workshop: Workshop) -> dict[str, Any] | None:
    """Where the media server is, and the number and the word by which this room is found there: both follow from what only we know."""
    if not through_server():
        return None
    said = {"url": settings.MEDIA_SERVER_URL, "room": _drawn(workshop, "room"), "pin": _drawn(workshop, "pin")}
    return {**said, "room": int(said["room"][:12], 16), "pin": said["pin"][:32], "token": _media_token()}


def _drawn(workshop: Workshop, what: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{workshop.token}:{what}".encode(), hashlib.sha256).hexdigest()


def _media_token() -> str | None:
    """As Janus' signed tokens have it (`token_auth_secret`): until when, for whom, for which plugin, and the HMAC of that."""
    if not settings.MEDIA_SERVER_SECRET:
        return None
    said = f"{int(time.time()) + CREDENTIAL_SECONDS},janus,janus.plugin.videoroom"
    digest = hmac.new(settings.MEDIA_SERVER_SECRET.encode(), said.encode(), hashlib.sha1).digest()
    return f"{said}:{base64.b64encode(digest).decode()}"
