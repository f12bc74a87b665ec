"""Facts of surveys. What somebody chose is in none of them."""

from __future__ import annotations

from kocforum.ledger.facts import fact


@fact
class SurveyEdited:
    task_id: int


@fact
class SurveyAnswered:
    """Somebody answered, or changed the answer. Who is in the row; what, only in the response."""

    task_id: int
    changed: bool


@fact
class ResponseWithdrawn:
    """Somebody took the own answer back."""

    task_id: int


@fact
class WordingCorrected:
    """Other words for the same questions, while people answer."""

    task_id: int
    version: int


@fact
class ResponsesExported:
    """A colleague took the answers away as a file."""

    task_id: int
    as_kind: str
    responses: int


@fact
class BankChanged:
    """A question was kept in the bank, or taken out."""

    question_id: int
    kept: bool
