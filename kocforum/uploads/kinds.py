"""What an upload can be attached to, and who may see those things. The owner registers its kind in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

_kinds: dict[str, Callable[[Any], QuerySet]] = {}
_sealed: set[str] = set()
_papers: dict[str, Callable[[Any], bool]] = {}


def register(
    kind: str,
    queryset_for: Callable[[Any], QuerySet],
    *,
    sealed: bool = False,
    papers: Callable[[Any], bool] | None = None,
) -> None:
    """Media attached to `kind` number n are served to a person whose `queryset_for(user)` holds row n. Moderators see all but
    what is `sealed`: there they, too, see only what that says. `papers`: it takes a PDF beside pictures, from a member of whom this is true."""
    _kinds[kind] = queryset_for
    (_sealed.add if sealed else _sealed.discard)(kind)
    _papers.pop(kind, None)
    if papers is not None:
        _papers[kind] = papers


def sealed() -> set[str]:
    """Kinds of which moderators see no more than anybody."""
    return set(_sealed)


def takes_papers(kind: str) -> bool:
    return kind in _papers


def may_give_papers(kind: str, member: Any) -> bool:
    """Drawing a PDF is work: it is done for who has a thing to put it under."""
    return kind in _papers and _papers[kind](member)


def registered() -> dict[str, Callable[[Any], QuerySet]]:
    """Every kind with the door to its rows."""
    return dict(_kinds)
