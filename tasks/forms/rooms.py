"""Commands of a room as a form sends them."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import QueryDict

NUMBERS = (
    "note",
    "group",
    "into",
    "on",
    "after",
    "question",
    "owner",
    "action",
    "member",
    "seq",
    "version",
    "image",
    "picture",
    "pin",
)
DECIMALS = ("minutes", "x", "y")
WORDS = ("text", "name", "reason", "url", "title", "verdict", "why", "due", "to", "behalf")


def command_of(said: QueryDict) -> tuple[UUID, str, dict[str, Any]]:
    """(op_id, kind, payload). What was left empty is not there; the rule says what is missing. A note that is moved into no group
    says so with an empty value."""
    payload: dict[str, Any] = {name: int(said[name]) for name in NUMBERS if _is_number(said.get(name))}
    payload |= {name: said[name] for name in WORDS if said.get(name)}
    payload |= {name: float(said[name]) for name in DECIMALS if _is_decimal(said.get(name))}
    if said.get("kind") == "lead.pass" and _is_number(said.get("to")):
        payload["to"] = int(said["to"])
    if said.get("kind") == "note.move":
        payload.setdefault("group", None)
    try:
        op_id = UUID(said.get("op_id", ""))
    except ValueError:
        op_id = uuid4()
    return op_id, said.get("kind", ""), payload


def _is_number(text: str | None) -> bool:
    return bool(text) and text.isascii() and text.isdigit() and len(text) < 19


def _is_decimal(text: str | None) -> bool:
    return bool(text) and text.isascii() and text.replace(".", "", 1).isdigit() and len(text) < 9
