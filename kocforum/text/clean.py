"""What no text of ours may contain: characters that a database, a feed or a reader's eye cannot bear."""

from __future__ import annotations

import re
import unicodedata

# NUL and other controls, lone surrogates, non-characters, interlinear marks: PostgreSQL, JSON or XML refuse them.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufff9-\ufffb\ufffe\uffff]")
# Overrides turn what follows round; nobody writes them by hand and they make one name look like another.
_OVERRIDES = re.compile("[\u202d\u202e]")
# In one line also embeddings and isolates (they would leak into the page around it) and what is not seen at all.
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_STACKED = re.compile(r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})"
                      r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")  # fmt: skip


def clean_text(text: object) -> str:
    """Text of many lines as it may be stored: line ends are \\n, nothing that breaks a database or turns a page round."""
    kept = str(text or "").replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n").replace("\u2028", "\n")
    kept = kept.replace("\u2029", "\n\n").replace("\x85", "\n")
    return _STACKED.sub(r"\1", _OVERRIDES.sub("", _FORBIDDEN.sub("", kept)))


def clean_line(text: object) -> str:
    """Text of one line, for titles and names: composed, one space between words, nothing invisible or turned round."""
    return " ".join(unicodedata.normalize("NFC", _UNSEEN.sub("", clean_text(text))).split())
