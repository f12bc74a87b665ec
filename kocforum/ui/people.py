"""How a person looks in a list: one initial on a colour that follows from the name."""

from __future__ import annotations

import zlib

COLOURS = 12


def colour_of(name: str) -> int:
    """0…11, the same for the same name on every machine."""
    return zlib.crc32(name.encode()) % COLOURS


def initial_of(name: str) -> str:
    """The first letter, digit or character that can be read; a dot when there is none."""
    return next((sign.upper() for sign in name if sign.isalnum()), "·")
