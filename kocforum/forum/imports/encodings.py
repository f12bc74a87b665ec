"""Which encoding a file is in, decided on its bytes; what cannot be decided is asked for, not guessed."""

from __future__ import annotations

import codecs
import re

# Bytes that cannot be read stay as lone surrogates, so that only their row is refused.
KEEP = "surrogateescape"
UNREADABLE = re.compile("[\udc80-\udcff]")
_MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
_HIGH = re.compile(rb"[\x80-\xff]+")
_IN_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# Characters and punctuation that Chinese texts are made of: both bytes of each are above A0.
_CHINESE = re.compile(rb"[\xa1-\xf7][\xa1-\xfe]")
# What Western texts have side by side: quotation marks, dashes, hard spaces. None of these begins or ends a Chinese character.
_WESTERN_MARKS = re.compile(rb"[\x80-\xa0]+\Z")
MOST = 0.9
MANY_ZEROS = 0.1  # of the beginning: UTF-16 without a mark, or no text at all


class Undecided(ValueError):
    """The bytes fit no encoding well enough; the mapping must name it."""


def encoding_of(raw: bytes) -> str:
    """utf-8-sig, utf-16, gb18030 or cp1252.

    A mark at the beginning says it, and valid UTF-8 is UTF-8. Of the others, Chinese text is nearly all pairs of high
    bytes, Western text has them single between ASCII letters; anything between is undecided.
    """
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return name
    beginning = raw[:4096]
    if beginning.count(0) > MANY_ZEROS * len(beginning):
        raise Undecided("it holds zero bytes, so it is not a text in a known encoding")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return _older_encoding_of(raw)
    return "utf-8-sig"


def _older_encoding_of(raw: bytes) -> str:
    runs = _HIGH.findall(raw)
    high = sum(map(len, runs))

    def share(found: list[bytes]) -> float:
        return sum(map(len, found)) / high

    if share(_IN_UTF8.findall(raw)) >= MOST:
        return "utf-8-sig"  # with a few broken bytes
    if share([pair for run in runs for pair in _CHINESE.findall(run)]) >= MOST:
        return "gb18030"
    if share([run for run in runs if len(run) == 1 or _WESTERN_MARKS.match(run)]) >= MOST:
        return "cp1252"
    raise Undecided("its bytes fit neither UTF-8, GB18030 nor Windows-1252 well; name the encoding in the mapping")


def decode(raw: bytes, encoding: str = "") -> tuple[str, str]:
    """The text and the encoding it was read in. With `encoding` nothing is decided here."""
    name = encoding or encoding_of(raw)
    try:
        return raw.decode(name, KEEP), name
    except (LookupError, UnicodeDecodeError) as error:
        raise Undecided(f"it cannot be read as {name}: {error}") from error
