"""Panels that apps above hang beside a thing below: fetched by the page when it is open, a plain link without JavaScript.

The same for every reader of the page, which may be a kept one; what a panel shows depends on who fetches it.
An app registers in `AppConfig.ready`: `panels.register("thread", lambda pk: [Panel(_("The brand asks"), url)])`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Panel:
    """Words of the link, the page that it leads to, and the address of the part that takes its place."""

    label: Any
    url: str
    part: str


Finder = Callable[[int], Iterable[Panel]]
_finders: dict[str, list[Finder]] = {}


def register(kind: str, finder: Finder) -> None:
    """Let `finder(number of the thing)` add panels beside things of a kind. It is asked on every page: no query each time."""
    finders = _finders.setdefault(kind, [])
    if finder not in finders:
        finders.append(finder)


def panels_for(kind: str, number: int) -> list[Panel]:
    """All panels, in the order of registration."""
    return [panel for finder in _finders.get(kind, []) for panel in finder(number)]
