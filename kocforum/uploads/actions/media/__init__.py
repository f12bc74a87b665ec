"""From bytes that somebody sent to renditions that everybody may get."""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils.translation import gettext as _

from ...enums import Kind
from ...rules import MEGABYTE, limit
from .clips import prepare_clip
from .papers import prepare_paper
from .pictures import prepare_picture
from .prepared import Prepared, unfit
from .sniffing import HEAD, sniff

__all__ = ["Prepared", "fingerprint", "prepare"]


def prepare(file: Any, *, papers_of: Any = None) -> Prepared:
    """Type by content, limits, decoding, cleaning, proof. Raises Invalid at the field `file` with a sentence.

    `papers_of`: the member from whom a PDF is taken, too."""
    file.seek(0)
    kind, decoder = sniff(file.read(HEAD), papers=papers_of is not None)
    size, told = {
        Kind.VIDEO: ("VIDEO_BYTES", _("This video is larger than %(n)s MB.")),
        Kind.PAPER: ("PDF_BYTES", _("This PDF is larger than %(n)s MB.")),
        Kind.IMAGE: ("IMAGE_BYTES", _("This picture is larger than %(n)s MB.")),
    }[kind]
    if file.seek(0, 2) > limit(size):
        raise unfit(told % {"n": limit(size) // MEGABYTE})
    if kind == Kind.PAPER:
        return prepare_paper(file, by=papers_of)
    return prepare_clip(file) if kind == Kind.VIDEO else prepare_picture(file, decoder)


def fingerprint(file: Any) -> tuple[str, int]:
    """SHA-256 and number of the bytes as they were sent."""
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(MEGABYTE):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size
