"""Parts of a file, as players ask for them (RFC 9110, section 14)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

_ONE = re.compile(r"^bytes=\s*(\d{0,18})-(\d{0,18})\s*$")
CHUNK = 256 * 1024
# An open end ("from here on") is answered in pieces, so that a slow player does not keep a thread for a whole video.
MOST = 8 * 1024 * 1024


class Unsatisfiable(Exception):
    """A range that begins behind the end: 416."""


def asked_range(header: str, size: int) -> tuple[int, int] | None:
    """(first, last) byte of one range; None where there is none, or several: then the whole is the answer."""
    found = _ONE.match(header)
    if not found or not (found[1] or found[2]):
        return None
    if not found[1]:
        length = int(found[2])
        if not length or not size:
            raise Unsatisfiable
        return max(0, size - length), size - 1
    first = int(found[1])
    if found[2] and int(found[2]) < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return first, min(int(found[2]), size - 1) if found[2] else min(first + MOST, size) - 1


class Part:
    """The bytes from first to last of an open file, which the response closes, read or not."""

    def __init__(self, file: BinaryIO, first: int, last: int) -> None:
        self.file, self.first, self.length = file, first, last - first + 1

    def __iter__(self) -> Iterator[bytes]:
        self.file.seek(self.first)
        left = self.length
        while left > 0 and (chunk := self.file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk

    def close(self) -> None:
        self.file.close()
