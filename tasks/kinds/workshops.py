"""Kinds of news about workshops: a seat is free, the room is open."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kocforum.notifications.kinds import Params

from .asking import register_about_tasks

SEAT_FREE = "seat.free"
ROOM_OPENED = "room.opened"
MEETING_NEAR = "meeting.near"
SEAT_WAITS = "seat.waits"
SEAT_MISSED = "seat.missed"
SEAT_RELEASED = "seat.released"
CONSENT_CHANGED = "consent.changed"


def _seat_free(params: Params, count: int) -> str:
    return _("A seat is free for you in %(title)s") % params


def _opened(params: Params, count: int) -> str:
    return _("The room of %(title)s is open. Come in") % params


def _near(params: Params, count: int) -> str:
    return _("Within a day: %(title)s, in which you have a seat") % params


def _waits(params: Params, count: int) -> str:
    return _("Within a day: %(title)s. Say whether you come") % params


def _missed(params: Params, count: int) -> str:
    return _("You were missed at %(title)s. Something came up? A word is enough") % params


def _released(params: Params, count: int) -> str:
    return _("%(title)s has begun, and somebody at the door has your seat. Come in when one is free") % params


def _consent_changed(params: Params, count: int) -> str:
    return _("What everybody accepts before %(title)s has changed. Read it once more, your seat is kept") % params


def _to_task(object_id: int, params: Params) -> str:
    return reverse("task", args=[object_id])


def _to_room(object_id: int, params: Params) -> str:
    return reverse("room", args=[object_id])


KINDS = (
    (SEAT_FREE, gettext_lazy("I move up from a waiting list"), _seat_free, _to_task),
    (MEETING_NEAR, gettext_lazy("A meeting in which I have a seat begins soon"), _near, _to_task),
    (SEAT_WAITS, gettext_lazy("A meeting to which I have not answered begins soon"), _waits, _to_task),
    (SEAT_MISSED, gettext_lazy("I had a seat in a meeting and did not come"), _missed, _to_task),
    (SEAT_RELEASED, gettext_lazy("I am late and my seat is somebody else's"), _released, _to_task),
    (CONSENT_CHANGED, gettext_lazy("What I accepted before a meeting changes"), _consent_changed, _to_task),
    (ROOM_OPENED, gettext_lazy("A room in which I have a seat opens"), _opened, _to_room),
)


def register_workshops() -> None:
    """Let members be told."""
    register_about_tasks(KINDS)
