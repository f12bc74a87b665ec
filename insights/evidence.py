"""Canonical JSON and its hashes: the same facts always make the same bytes, on every machine and in ten years."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.utils.crypto import salted_hmac

FIRST_HASH = "0" * 64
SCHEMA = "koc.snapshot/1"
METHOD = "two-by-two/1"


def canonical(thing: Any) -> str:
    """UTF-8 NFC, sorted keys, `,` and `:`, times as RFC 3339 UTC; integers, strings, booleans and null only."""
    return json.dumps(_plain(thing), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(text: str) -> str:
    """The hash of a canonical text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def link(previous_hash: str, entry: str) -> str:
    """The hash of one link of the chain: over the hash before it, in hexadecimal, and the entry."""
    return hashlib.sha256(previous_hash.encode("ascii") + entry.encode("utf-8")).hexdigest()


def pseudonym(ticket_id: int, member_id: int) -> str:
    """An owner's name within one ticket: the same in every snapshot of it, another one in every other ticket."""
    return salted_hmac("insights.owner", f"{ticket_id}|{member_id}", algorithm="sha256").hexdigest()[:12]


def _plain(thing: Any) -> Any:
    if thing is None or isinstance(thing, (bool, int)):
        return thing
    if isinstance(thing, str):
        return unicodedata.normalize("NFC", thing)
    if isinstance(thing, dt.datetime):
        return thing.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(thing, Mapping):
        return {unicodedata.normalize("NFC", str(key)): _plain(value) for key, value in thing.items()}
    if isinstance(thing, (list, tuple)):
        return [_plain(value) for value in thing]
    raise TypeError(f"Evidence holds no {type(thing).__name__}.")
