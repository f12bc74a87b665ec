"""Links that apps above hang beside a thing below: the forum's pages show them without knowing whose they are.

An app registers in `AppConfig.ready`: `links.register("thread", lambda user, thread: [Link(_("Make a ticket"), url)])`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Link:
    """Words and an address; `main` for the one that the page would like to be pressed."""

    label: Any
    url: str
    main: bool = False


Finder = Callable[[Any, Any], Iterable[Link]]
_finders: dict[str, list[Finder]] = {}


def register(kind: str, finder: Finder) -> None:
    """Let `finder(user, thing)` add links beside things of a kind."""
    finders = _finders.setdefault(kind, [])
    if finder not in finders:
        finders.append(finder)


def links_for(kind: str, user: Any, thing: Any) -> list[Link]:
    """All links for this reader, in the order of registration."""
    return [link for finder in _finders.get(kind, []) for link in finder(user, thing)]
