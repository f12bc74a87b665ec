"""The MP4 that we serve: scrubbed, then proved to hold nothing but what playing needs."""

from __future__ import annotations

from typing import BinaryIO

from .boxes import Box, BrokenBoxes, length_of, walk
from .webp import NotClean

_ALLOWED = {
    (): {b"ftyp", b"free", b"moov", b"mdat"},
    (b"moov",): {b"mvhd", b"trak", b"free"},
    (b"moov", b"trak"): {b"tkhd", b"edts", b"mdia", b"free"},
    (b"moov", b"trak", b"edts"): {b"elst"},
    (b"moov", b"trak", b"mdia"): {b"mdhd", b"hdlr", b"minf"},
    (b"moov", b"trak", b"mdia", b"minf"): {b"vmhd", b"smhd", b"dinf", b"stbl"},
    (b"moov", b"trak", b"mdia", b"minf", b"dinf"): {b"dref"},
    (b"moov", b"trak", b"mdia", b"minf", b"stbl"): {
        *(b"stsd", b"stts", b"stss", b"ctts", b"cslg", b"stsc", b"stsz", b"stco", b"co64", b"sgpd", b"sbgp", b"sdtp"),
    },
}
_HANDLERS = {(b"vide", b"VideoHandler"), (b"soun", b"SoundHandler")}


def external(box: Box, content: bytes) -> bool:
    """True for a `dref` that names media outside of the file."""
    at, count = 8, int.from_bytes(content[4:8], "big")
    for _entry in range(count):
        size = int.from_bytes(content[at : at + 4], "big")
        if size < 12 or not content[at + 11] & 1:
            return True
        at += size
    return count == 0 or at > box.end - box.start


def scrub(file: BinaryIO) -> None:
    """Blank what the muxer adds of its own: user data become a free box of zeros, in place, so that no offset moves."""
    for box in list(walk(file, 0, length_of(file))):
        if box.name in (b"udta", b"meta"):
            _blank(file, box)


def _blank(file: BinaryIO, box: Box) -> None:
    file.seek(box.start - 4)
    file.write(b"free" + bytes(box.end - box.start))


def assert_only_media(file: BinaryIO) -> None:
    """Every box is one that playing needs; no dates, no names, no outside data; free space is empty."""
    try:
        boxes = list(walk(file, 0, length_of(file)))
    except BrokenBoxes as broken:
        raise NotClean("boxes do not add up") from broken
    for box in boxes:
        if box.name not in _ALLOWED.get(box.path[:-1], ()):
            raise NotClean(f"box {box.path!r}")
        if box.name != b"mdat":
            _assert_box(box, box.read(file, most=1 << 20))


def _assert_box(box: Box, content: bytes) -> None:
    if box.name in (b"mvhd", b"tkhd", b"mdhd"):
        dates = content[4:20] if content[0] == 1 else content[4:12]
        if any(dates):
            raise NotClean(f"dates in {box.name!r}")
    elif box.name == b"hdlr" and (content[8:12], content[24:].strip(b"\0")) not in _HANDLERS:
        raise NotClean("name of a handler")
    elif box.name == b"free" and (any(content) or box.end - box.start > len(content)):
        raise NotClean("something in free space")
    elif box.name == b"dref" and external(box, content):
        raise NotClean("outside data")
    elif box.name == b"stsd" and b"udta" in content:
        raise NotClean("user data in a sample description")
