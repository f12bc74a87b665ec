"""The square that a phone scans at the door."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe


def drawn(address: str) -> SafeString:
    """A QR code as part of the page: dark on light in every theme, as large as its place."""
    return mark_safe(segno.make(address, error="m").svg_inline(border=3, dark="#1b1f24", light="#fff", omitsize=True))
