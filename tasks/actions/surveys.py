"""Draft a survey and change the draft: the brief that all forms share, the questions, and the promises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.members.models import Member

from ..enums import Privacy, ResultsPromise, TaskForm
from ..facts import SurveyEdited
from ..models import Advice, Survey, Task
from ..queries.drafts import stamp_of_draft
from ..rules.questionnaire import Item
from ..rules.tasks import can_ask
from .drafts import Brief, begin_draft, change_draft
from .instruments import Cell, write_questions


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is promised about names, results and changes; the author's guess; quotas over people."""

    privacy: str = Privacy.CONFIDENTIAL
    results: str = ResultsPromise.AFTER_ANSWER
    amendable: bool = True
    guess: Mapping[str, Any] = field(default_factory=dict)
    cells: Sequence[Cell] = ()


@once(Task)
@transaction.atomic
def draft_survey(
    *,
    by: Member,
    brief: Brief,
    items: Sequence[Item],
    terms: Terms,
    parent: Task | None = None,
    advice: Advice | None = None,
) -> Task:
    """Questions to owners, as a draft. What stands against opening it is told when it is opened."""
    require(can_ask(by), _("Only researchers ask owners."))
    values = _checked(terms, items)
    task = begin_draft(by=by, form=TaskForm.SURVEY, brief=brief, parent=parent, advice=advice)
    survey = Survey.objects.create(task=task, **values)
    write_questions(by=by, survey=survey, items=items, cells=terms.cells)
    return task


@transaction.atomic
def edit_survey(
    *, by: Member, task: Task, brief: Brief, items: Sequence[Item], terms: Terms, seen: str | None = None
) -> Task:
    """Change a draft: nobody has begun to answer. `seen`: the stamp of the draft that was changed; another one is a Conflict."""
    require(can_ask(by), _("Only researchers ask owners."))
    values = _checked(terms, items)
    task = Task.objects.select_for_update().get(pk=task.pk)
    if seen and stamp_of_draft(task) != seen:
        raise Conflict(
            _("A colleague changed this draft in the meantime. Look at it, then save again to put yours in its place.")
        )
    change_draft(task=task, brief=brief)
    survey = Survey.objects.get(task=task)
    Survey.objects.filter(pk=survey.pk).update(**values)
    write_questions(by=by, survey=survey, items=items, cells=terms.cells)
    record(SurveyEdited(task_id=task.pk), by=by)
    return task


def _checked(terms: Terms, items: Sequence[Item]) -> dict[str, Any]:
    problems: dict[str, object] = {}
    if terms.privacy not in Privacy.values:
        problems["privacy"] = _("There is no such promise.")
    if terms.results not in ResultsPromise.values:
        problems["results"] = _("There is no such promise.")
    guess = guesses(terms.guess, items)
    if guess is None:
        problems["guess"] = _("The guesses are percentages and make 100 together at most.")
    if any(cell.limit < 1 for cell in terms.cells):
        problems["quotas"] = _("A quota lets in one person at least.")
    if problems:
        raise Invalid(problems)
    return {
        "privacy": terms.privacy,
        "results": terms.results,
        "amendable": terms.amendable and terms.privacy != Privacy.ANONYMOUS,
        "guess": guess,
    }


def guesses(said: Mapping[str, Any], items: Sequence[Item]) -> dict[str, dict[str, float]] | None:
    """The guess by question and option in percent; None for what cannot be one.

    `{question: {option: percent}}`; without questions, `{option: percent}` is about the first question with options.
    """
    if not isinstance(said, Mapping):
        return None
    if said and not any(isinstance(value, Mapping) for value in said.values()):
        first = next((item for item in items if item.choices), None)
        said = {first.key: said} if first else {}
    known = {item.key: {one.key for one in item.choices} for item in items}
    kept: dict[str, dict[str, float]] = {}
    for key, shares in said.items():
        if not isinstance(shares, Mapping) or set(shares) - known.get(key, set()):
            return None
        numbers = list(shares.values())
        if any(isinstance(n, bool) or not isinstance(n, (int, float)) or not 0 <= n <= 100 for n in numbers):
            return None
        if sum(numbers) > 100.5 and len(numbers) > 1 and _one_of(items, key):
            return None
        kept[key] = dict(shares)
    return kept


def _one_of(items: Sequence[Item], key: str) -> bool:
    return any(item.key == key and item.type in {"single", "image"} for item in items)
