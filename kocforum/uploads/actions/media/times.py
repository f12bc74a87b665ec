"""Capture times as files tell them. What cannot be read is not known; it never becomes now."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from PIL import ExifTags, Image

from ...enums import CaptureSource
from .prepared import Captured

_EXIF = re.compile(r"^(\d{4})[:\-/](\d{2})[:\-/](\d{2})[ T](\d{2}):(\d{2}):(\d{2})")
_OFFSET = re.compile(r"^([+-])(\d{2}):?(\d{2})$")
EARLIEST = 1980


def exif_time(image: Image.Image) -> Captured:
    """DateTimeOriginal with OffsetTimeOriginal. Broken EXIF is common and no reason to refuse a picture."""
    try:
        about = image.getexif().get_ifd(ExifTags.IFD.Exif)
        moment = _text(about.get(ExifTags.Base.DateTimeOriginal))
        offset = _minutes(_text(about.get(ExifTags.Base.OffsetTimeOriginal)))
    except Exception:
        return Captured()
    found = _EXIF.match(moment)
    if not found:
        return Captured()
    try:
        clock = dt.datetime(*(int(part) for part in found.groups()), tzinfo=_zone(offset))  # type: ignore[misc]
    except ValueError:
        return Captured()
    return _told(clock, CaptureSource.EXIF, offset)


def video_time(metadata: Mapping[str, str]) -> Captured:
    """Apple's creation date with its offset, or else the instant of the container's header."""
    for key in ("com.apple.quicktime.creationdate", "creation_time"):
        try:
            clock = dt.datetime.fromisoformat(metadata.get(key, ""))
        except ValueError:
            continue
        # A header in UTC says when, and not on which clock; an Apple date says both.
        named = key.startswith("com.apple") and clock.tzinfo is not None
        offset = int(clock.utcoffset().total_seconds() // 60) if named else None  # type: ignore[union-attr]
        told = _told(clock if clock.tzinfo else clock.replace(tzinfo=_zone(None)), CaptureSource.VIDEO, offset)
        if told.at is not None:
            return told
    return Captured()


def _told(clock: dt.datetime, source: str, offset: int | None) -> Captured:
    """Zero dates (1904, 1970, 0000) are cameras without a clock, not times."""
    if clock.year < EARLIEST or clock.year > 9000:
        return Captured()
    return Captured(at=clock.astimezone(dt.UTC), source=source, offset=offset)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return str(value or "").strip("\0 ")


def _minutes(offset: str) -> int | None:
    found = _OFFSET.match(offset)
    if not found:
        return None
    minutes = int(found[2]) * 60 + int(found[3])
    return None if minutes > 14 * 60 else minutes * (-1 if found[1] == "-" else 1)


def _zone(offset: int | None) -> dt.tzinfo:
    return ZoneInfo(settings.TIME_ZONE) if offset is None else dt.timezone(dt.timedelta(minutes=offset))
