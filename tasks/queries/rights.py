"""What may be done with the words of an entry, as its author allows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..models import Entry, RightsRequest
from ..models.entries import RIGHTS
from ..rules.calls import can_ask_for_right, can_see_rights, is_author


@dataclass(frozen=True, slots=True)
class Right:
    """One right: whether it is given, and when a colleague asked for it in vain so far. `may_be_asked`: by this reader, now."""

    name: str
    label: str
    given: bool
    asked_at: datetime | None
    may_be_asked: bool


@dataclass(frozen=True, slots=True)
class Rights:
    """`log`: every change as it left the rights, the newest first: when, and which were given. For staff; empty for the author."""

    rows: list[Right]
    log: list[tuple[datetime, list[str]]]

    @property
    def asked(self) -> list[Right]:
        return [row for row in self.rows if row.asked_at]


def rights_of(entry: Entry, user: Any) -> Rights | None:
    """For staff and the author; None for others. Two queries for staff, one for the author."""
    if not can_see_rights(user) and not is_author(user, entry):
        return None
    asked = {row.right: row for row in entry.rights_requests.all()}
    may_ask = can_ask_for_right(user, entry) is True
    rows = [
        Right(
            name=name,
            label=_label(name),
            given=(given := getattr(entry, name)),
            asked_at=asked[name].at if name in asked and not given and asked[name].closed_at is None else None,
            may_be_asked=may_ask and not given and name in RightsRequest.Right.values and name not in asked,
        )
        for name in RIGHTS
    ]
    if not can_see_rights(user):
        return Rights(rows, [])
    log = [
        (change.at, [_label(name) for name in RIGHTS if change.rights.get(name)])
        for change in entry.rights_log.order_by("-pk")
    ]
    return Rights(rows, log)


def _label(name: str) -> str:
    return str(Entry._meta.get_field(name).verbose_name)
