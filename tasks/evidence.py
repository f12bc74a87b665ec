"""Things of apps above that name reports: a meeting is proposed to who told them, without knowing whose things they are.

An app registers in `AppConfig.ready`: `evidence.register(Source(kind="ticket", label=_("Tickets"), choices=…, reports=…))`.
And what rests on quotes from calls says so: `evidence.register_quoting(finder)`.
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


@dataclass(frozen=True, kw_only=True)
class Resting:
    """A thing of an app above that rests on a quote: its name, where it leads, how far it is."""

    label: str
    url: str
    state: str


Quoting = Callable[[Any, Iterable[int]], dict[int, list[Resting]]]
_quoting: list[Quoting] = []


def register_quoting(finder: Quoting) -> None:
    """Let `finder(user, quotes)` say, by number of the quote, what rests on it as far as this person may see."""
    if finder not in _quoting:
        _quoting.append(finder)


def resting_on(user: Any, quotes: Iterable[int]) -> dict[int, list[Resting]]:
    """What rests on each of these quotes; a quote on which nothing rests is not in it."""
    quotes, found = list(quotes), dict[int, list[Resting]]()
    for finder in _quoting if quotes else []:
        for quote, things in finder(user, quotes).items():
            found.setdefault(quote, []).extend(things)
    return found
