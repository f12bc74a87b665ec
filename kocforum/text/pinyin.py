"""Chinese names in addresses and in order. pypinyin reads its tables when it is first needed, not at every start."""

from __future__ import annotations

import re
import unicodedata


def _syllables(text: str, *, tones: bool) -> list[str]:
    from pypinyin import Style, lazy_pinyin

    return lazy_pinyin(text, style=Style.TONE3 if tones else Style.NORMAL, neutral_tone_with_five=tones)


def slug(text: str, length: int = 60) -> str:
    """An address made of a name: `自动泊车 S7` is `zi-dong-bo-che-s7`. Empty when nothing of the name can be written so."""
    plain = unicodedata.normalize("NFKC", text)
    latin = unicodedata.normalize("NFKD", " ".join(_syllables(plain, tones=False)).replace("ü", "v"))
    parts = re.findall(r"[a-z0-9]+", latin.encode("ascii", "ignore").decode().lower())
    kept = ""
    for part in parts:
        if len(kept) + len(part) + 1 > length:
            return kept or part[:length]
        kept = f"{kept}-{part}" if kept else part
    return kept


def sort_key(text: str) -> str:
    """A string that sorts Chinese names by pinyin and tone among Latin ones, numbers by size; store it or sort by it."""
    plain = unicodedata.normalize("NFKC", text).lower().strip()
    spoken = " ".join(_syllables(plain, tones=True))
    return re.sub(r"(?<![a-z])\d+", lambda number: number[0].zfill(6), spoken)[:200] + "\x1f" + plain[:60]
