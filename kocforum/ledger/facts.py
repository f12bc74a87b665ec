"""Fact classes: frozen dataclasses of primitives, known to the ledger by `app.ClassName`."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, TypeVar

T = TypeVar("T", bound=type)
_known: dict[str, type] = {}


def fact(cls: T) -> T:
    """Declare a fact class. Its fields are str, int, bool, None or lists of them; a field `x_id` makes it part of x's history."""
    told = dataclass(frozen=True, kw_only=True)(cls)
    _known[name_of(told)] = told
    return told


def name_of(cls: type) -> str:
    """`forum.ReportTold` for the class ReportTold in kocforum.forum.facts or below it."""
    parts = cls.__module__.split(".")
    return f"{parts[parts.index('facts') - 1] if 'facts' in parts else parts[-1]}.{cls.__name__}"


def known_facts() -> dict[str, type]:
    """Every declared fact class by name."""
    return dict(sorted(_known.items()))


def payload_of(told: Any) -> dict[str, Any]:
    """The JSON that the ledger keeps of a fact."""
    return asdict(told)


def revive(name: str, payload: dict[str, Any]) -> Any:
    """The fact object of a stored row. Fields that the class no longer has are dropped; new ones need a default."""
    cls = _known[name]
    kept = {field.name for field in fields(cls)}
    return cls(**{key: value for key, value in payload.items() if key in kept})
