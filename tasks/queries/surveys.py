"""Reads of surveys: the instrument as pages show it, one's own answer, and the results."""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Prefetch
from django.utils.translation import gettext as _

from kocforum.stats import wilson
from kocforum.uploads.queries import attached_to

from ..enums import QuestionType
from ..models import Answer, Invitation, Option, Participation, Question, Response, Survey, Task
from ..rules.surveys import FEWEST, can_see_results

OPTION_PICTURES = "survey.option"


def respondent_of(survey: Survey, member: Any) -> str:
    """The member's pseudonym in this one survey: HMAC-SHA256 under its secret, in hexadecimal."""
    return hmac.new(bytes.fromhex(survey.secret), str(member.pk).encode(), hashlib.sha256).hexdigest()


def problems_of(task: Task) -> list[str]:
    """What stands against opening a survey."""
    survey = Survey.objects.filter(task=task).prefetch_related("questions__options").first()
    questions = list(survey.questions.all()) if survey else []
    if not questions:
        return [_("There is no question yet.")]
    said = []
    for question in questions:
        options = list(question.options.all())
        if len(options) < 2:
            said.append(_("“%(question)s” needs at least two options.") % {"question": question.text})
        if question.type == QuestionType.IMAGE:
            pictures = attached_to(OPTION_PICTURES, [option.pk for option in options])
            if any(option.pk not in pictures for option in options):
                said.append(_("Every option of “%(question)s” needs a picture.") % {"question": question.text})
    return said


@dataclass(frozen=True)
class Share:
    """One option of the results: how many chose it, and the share with its 95 % interval (Wilson); guess in whole percent."""

    key: str
    label: str
    count: int
    share: tuple[float, float, float]
    guess: int | None = None
    mine: bool = False
    picture: Any = None


@dataclass(frozen=True)
class Results:
    """What may be shown of one question. `suppressed`: fewer than five people answered, so nothing is."""

    question: Question
    base: int
    options: list[Share] = field(default_factory=list)
    suppressed: bool = False

    @property
    def leader(self) -> Share | None:
        """The option ahead of all others by more than chance: its share differs from the next one's by the paired test."""
        if len(self.options) < 2 or not self.base:
            return None
        first, second = sorted(self.options, key=lambda row: -row.count)[:2]
        return first if ahead(first.count, second.count) else None


def ahead(first: int, second: int) -> bool:
    """Whether the larger of two options of one question leads by more than chance.

    Each person chose one of them or something else, so the counts are compared among those who chose either: the
    sign test by its normal form with continuity correction, at 95 % (McNemar 1947, Psychometrika 12:153–157).
    """
    both = first + second
    return both > 0 and (abs(first - second) - 1) / math.sqrt(both) > 1.959963984540054


def results_of(survey: Survey, user: Any) -> list[Results] | None:
    """The results of each question as this person may read them; None where the promise says no."""
    if not can_see_results(user, survey):
        return None
    chosen = set(own_options(survey, user))
    return [_of_question(question, survey, chosen) for question in survey.questions.all()]


def _of_question(question: Question, survey: Survey, chosen: set[int]) -> Results:
    base = Response.objects.filter(answers__question=question).distinct().count()
    if base < FEWEST:
        return Results(question=question, base=base, suppressed=True)
    counts = dict(Answer.objects.filter(question=question).values_list("option").annotate(n=Count("pk")).order_by())
    options = list(question.options.all())
    pictures = attached_to(OPTION_PICTURES, [option.pk for option in options]) if question.has_pictures else {}
    rows = []
    for option in options:
        count = counts.get(option.pk, 0)
        rows.append(
            Share(
                key=option.key,
                label=option.label,
                count=count,
                share=(count / base, *wilson(count, base)),
                guess=survey.guess.get(option.key),
                mine=option.pk in chosen,
                picture=next(iter(pictures.get(option.pk, [])), None),
            )
        )
    return Results(question=question, base=base, options=rows)


def own_options(survey: Survey, user: Any) -> list[int]:
    """What this person chose, found under the own pseudonym."""
    if not user.is_authenticated:
        return []
    mine = Answer.objects.filter(response__survey=survey, response__respondent=respondent_of(survey, user))
    return list(mine.values_list("option", flat=True))


def figures_of(task: Task) -> dict[str, Any]:
    """The results as plain data for the report: whole numbers, suppressed where too few answered."""
    survey = task.survey
    questions = []
    for question in survey.questions.prefetch_related("options"):
        found = _of_question(question, survey, set())
        row: dict[str, Any] = {"key": question.key, "text": question.text, "base": found.base}
        if found.suppressed:
            row["suppressed"] = True
        else:
            row["options"] = [{"key": one.key, "label": one.label, "count": one.count} for one in found.options]
        questions.append(row)
    return {"invited": invited(task), "respondents": respondents(task), "questions": questions}


def invited(task: Task) -> int:
    """How many stand in the frozen audience."""
    return Invitation.objects.filter(task=task).count()


def respondents(task: Task) -> int:
    """How many took part."""
    return Participation.objects.filter(task=task).count()


def bring_instruments(tasks: Iterable[Task], user: Any) -> None:
    """Give each survey task its `poll`: question, options with pictures, own choice. Four queries, whatever the number."""
    by_id = {task.pk: task for task in tasks}
    asked = Prefetch("questions", Question.objects.prefetch_related(Prefetch("options", Option.objects.all())))
    surveys = list(Survey.objects.filter(task__in=by_id).prefetch_related(asked))
    options = [
        option.pk for survey in surveys for question in survey.questions.all() for option in question.options.all()
    ]
    pictures = attached_to(OPTION_PICTURES, options) if options else {}
    pseudonyms = {respondent_of(survey, user): survey.pk for survey in surveys} if user.is_authenticated else {}
    mine: dict[int, set[int]] = {}
    for pseudonym, option in (
        Answer.objects.filter(response__respondent__in=pseudonyms).values_list("response__respondent", "option")
        if pseudonyms
        else ()
    ):
        mine.setdefault(pseudonyms[pseudonym], set()).add(option)
    for survey in surveys:
        task = survey.task = by_id[survey.task_id]
        task.survey = survey
        question = next(iter(survey.questions.all()), None)
        if question is None:
            continue
        chosen = mine.get(survey.pk, set())
        task.poll = {
            "question": question,
            "options": [
                {
                    "option": option,
                    "picture": next(iter(pictures.get(option.pk, [])), None),
                    "mine": option.pk in chosen,
                }
                for option in question.options.all()
            ],
            "chosen": bool(chosen),
        }


def options_seen_by(user: Any) -> Any:
    """Options whose pictures this person may see: with their task."""
    return Option.objects.filter(question__survey__in=Survey.objects.visible_to(user))
