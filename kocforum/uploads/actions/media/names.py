"""Names of files, made harmless."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 100
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)


def clean_name(name: str | None) -> str:
    """The last part of a path without control, direction and path characters; at most 100 long; never empty."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name or ""))[-1]
    kept = "".join(
        " " if char.isspace() else char for char in last if char.isspace() or unicodedata.category(char)[0] != "C"
    )
    kept = re.sub(r"\s+", " ", re.sub(r'[<>:"|?*;%]', "_", kept)).strip(" .")
    stem, dot, extension = kept.rpartition(".")
    if not dot:
        stem, extension = kept, ""
    if _RESERVED.match(stem.strip()):
        stem = f"_{stem}"
    extension = f".{extension[:10]}" if extension else ""
    return f"{stem[: LONGEST - len(extension)].strip()}{extension}" if stem.strip(" .") else f"file{extension}"
