"""Commands about pictures on the board and the pins that people put on them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden, Invalid

from .boards import Board, Picture
from .sittings import Event, Said, Sitting, number_of, words_of

MOST_PICTURES, MOST_PINS = 24, 99


def picture_add(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    """A sketch, or a photo of the paper on the wall. Whose file it is and how large it is, is asked where it is written."""
    if sum(not one.gone for one in board.pictures.values()) >= MOST_PICTURES:
        raise Conflict(_("There is no more room for pictures. Take one off first."))
    text = words_of(said, "text", 120, one_line=True) if said.get("text") else ""
    return Event("picture.add", {"image": number_of(said, "image"), "text": text})


def picture_delete(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    picture = _picture_of(board, said)
    if picture.author != sitting.member and not sitting.leads:
        raise Forbidden(_("Only who put it up, or a host, takes a picture off the board."))
    return Event("picture.delete", {"picture": picture.id})


def pin_add(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    """A numbered place on a picture, in hundredths of its width and height from the upper left corner. A number is never given again."""
    picture = _picture_of(board, said)
    number = sum(one.picture == picture.id for one in board.pins.values()) + 1
    if number > MOST_PINS:
        raise Conflict(_("This picture is full of pins."))
    payload: dict[str, Any] = {"picture": picture.id, "number": number, "text": words_of(said, "text", 200)}
    payload |= {axis: _hundredths(said, axis) for axis in ("x", "y")}
    return Event("pin.add", payload)


def pin_delete(board: Board, sitting: Sitting, said: Said, now: datetime) -> Event:
    pin = board.pins.get(number_of(said, "pin"))
    if pin is None:
        raise Invalid({"pin": _("There is no such pin.")})
    if pin.gone or board.pictures[pin.picture].gone:
        raise Conflict(_("This pin is gone."))
    if pin.author != sitting.member and not sitting.leads:
        raise Forbidden(_("Only who put it there, or a host, takes a pin away."))
    return Event("pin.delete", {"pin": pin.id})


def _picture_of(board: Board, said: Said) -> Picture:
    picture = board.pictures.get(number_of(said, "picture"))
    if picture is None:
        raise Invalid({"picture": _("There is no such picture.")})
    if picture.gone:
        raise Conflict(_("This picture is gone. Your text is still with you."))
    return picture


def _hundredths(said: Said, axis: str) -> float:
    value = said.get(axis)
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= 100:
        raise Invalid({axis: _("Between 0 and 100.")})
    return round(float(value), 1)
