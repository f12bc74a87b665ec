"""Version strings as people type them."""

from __future__ import annotations

import re
import unicodedata

_LEADING = re.compile(r"^(?:ota|version|ver|v|版本)[\s.:：]*(?=\d)", re.IGNORECASE)


def normalise_version(text: str) -> str:
    """`V３．２．１ ` and `3.2.1` are one version: half width, no blanks, no leading V. Other words stay as they are, at most 40 characters."""
    half_width = unicodedata.normalize("NFKC", text or "").strip()
    bare = _LEADING.sub("", half_width)
    return re.sub(r"\s+", "" if bare[:1].isdigit() else " ", bare)[:40]


def version_key(text: str) -> str:
    """A key that sorts 4.10 after 4.9: every run of digits padded to six."""
    return re.sub(r"\d+", lambda run: run.group().zfill(6)[-12:], normalise_version(text).lower())[:80]
