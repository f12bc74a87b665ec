"""Things of apps above that name reports: a meeting is proposed to who told them, without knowing whose things they are.

An app registers in `AppConfig.ready`: `evidence.register(Source(kind="ticket", label=_("Tickets"), choices=…, reports=…))`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Source:
    """A kind of thing. `choices(user)`: (number, words) of those that this person may see; `reports(user, number)`: the reports that
    one of them rests on, as a queryset, None where this person may not see it."""

    kind: str
    label: Any
    choices: Callable[[Any], Iterable[tuple[int, str]]]
    reports: Callable[[Any, int], Any]


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Let people be proposed by this kind of thing."""
    _sources[source.kind] = source


def sources() -> list[Source]:
    """All kinds, in the order of registration."""
    return list(_sources.values())
