"""The one written form of a phone number: `+` and the country. Mainland numbers may be typed without it."""

from __future__ import annotations

import re
import unicodedata

_MAINLAND = re.compile(r"1[3-9]\d{9}")
_FOREIGN = re.compile(r"\+[1-9]\d{6,14}")


def normalise_phone(text: str) -> str | None:
    """`138 0013 8000` → `+8613800138000`; other countries with their `+`; None for what is no number."""
    typed = re.sub(r"[\s\-().]", "", unicodedata.normalize("NFKC", text or ""))
    if typed.startswith("00"):
        typed = "+" + typed[2:]
    if re.fullmatch(r"86" + _MAINLAND.pattern, typed):
        typed = "+" + typed
    if _MAINLAND.fullmatch(typed):
        return "+86" + typed
    if typed.startswith("+86"):
        return typed if _MAINLAND.fullmatch(typed[3:]) else None
    return typed if _FOREIGN.fullmatch(typed) else None


def veiled(phone: str) -> str:
    """`+86 138****8000`: enough for its owner to recognise, too little for anybody else."""
    if phone.startswith("+86"):
        return f"+86 {phone[3:6]}****{phone[-4:]}"
    return f"{phone[:4]}****{phone[-3:]}"
