"""Refusals: every rule of the house says no with a sentence that its reader understands.

A face (page, API, admin, socket) catches `Refused` once and answers with its `status` and `sentence`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


class Refused(Exception):
    """An action was refused; `sentence` is written for the person who asked."""

    status: ClassVar[int] = 409

    def __init__(self, sentence: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


class Forbidden(Refused):
    """The thing may be seen, the act may not be done by this person."""

    status = 403


class Conflict(Refused):
    """The thing is no longer in the state that the person saw, or two people met."""

    status = 409


class Invalid(Refused):
    """Values that do not fit. `fields` maps a field's name to sentences; the key "" is for the whole."""

    status = 400

    def __init__(self, fields: Mapping[str, object]) -> None:
        self.fields = {name: list(said) if isinstance(said, (list, tuple)) else [said] for name, said in fields.items()}
        super().__init__(next((said[0] for said in self.fields.values() if said), ""))


def require(allowed: object, sentence: object, error: type[Refused] = Forbidden) -> None:
    """Raise `error(sentence)` unless `allowed`.

    A rule may answer True, False, or a refusal sentence of its own (any other object), which then wins.
    """
    if allowed is True:
        return
    if isinstance(allowed, Refused):
        raise allowed
    if not allowed:
        raise error(sentence)
