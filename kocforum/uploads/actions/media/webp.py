"""Proof, on the saved bytes, that a picture carries nothing but pixels."""

from __future__ import annotations

import struct

_PIXELS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}
_ALPHA_FLAG = 0x10


class NotClean(Exception):
    """Bytes that we made hold more than they may. Nothing of them is kept."""


def assert_only_pixels(data: bytes) -> None:
    """Walk the RIFF container: only pixel chunks, no flag of EXIF, XMP, ICC or animation, nothing behind the end."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or struct.unpack("<I", data[4:8])[0] != len(data) - 8:
        raise NotClean("not one whole WebP")
    at = 12
    while at < len(data):
        name, size = data[at : at + 4], struct.unpack("<I", data[at + 4 : at + 8])[0]
        if name not in _PIXELS:
            raise NotClean(f"chunk {name!r}")
        if name == b"VP8X" and data[at + 8] & ~_ALPHA_FLAG:
            raise NotClean("flags of metadata")
        at += 8 + size + size % 2


def canvas_of(head: bytes) -> tuple[int, int]:
    """Width and height from the first bytes, because opening a WebP already reserves its canvas. (0, 0): not readable."""
    kind, body = head[12:16], head[20:30]
    if len(body) < 10:
        return 0, 0
    if kind == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", body[6:10])
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0
