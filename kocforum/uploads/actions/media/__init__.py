"""From bytes that somebody sent to renditions that everybody may get."""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils.translation import gettext as _

from ...enums import Kind
from ...rules import MEGABYTE, limit
from .clips import prepare_clip
from .pictures import prepare_picture
from .prepared import Prepared, unfit
from .sniffing import HEAD, sniff

__all__ = ["Prepared", "fingerprint", "prepare"]


def prepare(file: Any) -> Prepared:
    """Type by content, limits, decoding, cleaning, proof. Raises Invalid at the field `file` with a sentence."""
    file.seek(0)
    kind, decoder = sniff(file.read(HEAD))
    most = limit("VIDEO_BYTES" if kind == Kind.VIDEO else "IMAGE_BYTES")
    if file.seek(0, 2) > most:
        told = (
            _("This video is larger than %(n)s MB.")
            if kind == Kind.VIDEO
            else _("This picture is larger than %(n)s MB.")
        )
        raise unfit(told % {"n": most // MEGABYTE})
    return prepare_clip(file) if kind == Kind.VIDEO else prepare_picture(file, decoder)


def fingerprint(file: Any) -> tuple[str, int]:
    """SHA-256 and number of the bytes as they were sent."""
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(MEGABYTE):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size
