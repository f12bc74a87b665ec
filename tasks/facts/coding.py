"""Facts of coding. No words of an entry are in them."""

from __future__ import annotations

from kocforum.ledger.facts import fact


@fact
class CodebookChanged:
    """A code or a theme was added, renamed or retired, or another round began."""

    task_id: int
    round: int


@fact
class CodingBegun:
    task_id: int
    round: int


@fact
class CodingFinished:
    """One coder has read everything in this round."""

    task_id: int
    round: int


@fact
class CoderSteppedDown:
    """One who read in this round does so no more; the marks wait."""

    task_id: int
    round: int


@fact
class CoderReleased:
    """A colleague took somebody who was absent out of the round, and said why."""

    task_id: int
    round: int
    member_id: int
    reason: str


@fact
class DisputeSettled:
    """A third person said whether a code applies."""

    task_id: int
    verdict_id: int
    applies: bool


@fact
class QuoteTaken:
    """A passage was taken as evidence."""

    task_id: int
    entry_id: int
    quote_id: int


@fact
class CodingExported:
    """A colleague took codes and passages away as a file."""

    task_id: int
    as_kind: str
