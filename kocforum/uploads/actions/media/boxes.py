"""The boxes of MP4 and MOV files, read as bytes: before a decoder sees them, and after, to prove what is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"dinf", b"stbl", b"edts"}
MOST = 50_000


class BrokenBoxes(Exception):
    """Sizes that do not add up, or boxes without end."""


@dataclass(frozen=True)
class Box:
    """One box: its path of names, where its content begins and where it ends."""

    path: tuple[bytes, ...]
    start: int
    end: int

    @property
    def name(self) -> bytes:
        return self.path[-1]

    def read(self, file: BinaryIO, most: int = 4096) -> bytes:
        file.seek(self.start)
        return file.read(min(self.end - self.start, most))


def walk(
    file: BinaryIO, start: int, end: int, path: tuple[bytes, ...] = (), seen: list[int] | None = None
) -> Iterator[Box]:
    """Every box between two places, containers before what they contain."""
    seen = [0] if seen is None else seen
    at = start
    while at < end:
        # QuickTime ends a list of boxes with four zero bytes; they are no box.
        if end - at < 8 and path:
            return
        seen[0] += 1
        file.seek(at)
        head = file.read(16)
        if len(head) < 8 or seen[0] > MOST:
            raise BrokenBoxes
        size, name, body = int.from_bytes(head[:4], "big"), head[4:8], at + 8
        if size == 1:
            size, body = int.from_bytes(head[8:16], "big"), at + 16
        elif size == 0 and not path:
            size = end - at
        if size < body - at or at + size > end:
            raise BrokenBoxes
        box = Box((*path, name), body, at + size)
        yield box
        if name in CONTAINERS:
            yield from walk(file, body, at + size, box.path, seen)
        at += size


def length_of(file: BinaryIO) -> int:
    return file.seek(0, 2)
