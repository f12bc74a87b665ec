"""Reads of surveys: the instrument as pages show it, one's own answer, and the results."""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from kocforum.stats import wilson
from kocforum.uploads.models import Upload
from kocforum.uploads.queries import attached_to

from ..enums import QuestionType
from ..models import Answer, Invitation, Option, Participation, Question, Response, Survey, Task
from ..rules.surveys import FEWEST, can_see_results
from .advisor import margin_of

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
            pictures = pictures_of(options)
            if any(option.pk not in pictures for option in options):
                said.append(_("Every option of “%(question)s” needs a picture.") % {"question": question.text})
    return said


@dataclass(frozen=True, kw_only=True)
class OptionDraft:
    """One option as it was typed: words, a picture that was uploaded before, the guess in whole percent."""

    label: str
    picture: Upload | None = None
    guess: int | None = None


def drafted_options(survey: Survey) -> list[OptionDraft]:
    """The options of a survey's first question, as a draft begins with them."""
    question = survey.questions.first()
    options = list(question.options.all()) if question else []
    pictures = pictures_of(options)
    return [
        OptionDraft(label=option.label, picture=pictures.get(option.pk), guess=survey.guess.get(option.key))
        for option in options
    ]


def pictures_of(options: Iterable[Option]) -> dict[int, Upload]:
    """The picture of each option that has one, in one query."""
    options = list(options)
    found = attached_to(OPTION_PICTURES, {option.pictured for option in options}) if options else {}
    return {option.pk: found[option.pictured][0] for option in options if option.pictured in found}


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
    return [of_question(question, survey, chosen) for question in survey.questions.all()]


def of_question(question: Question, survey: Survey, chosen: set[int]) -> Results:
    base = Response.objects.filter(answers__question=question).distinct().count()
    if base < FEWEST:
        return Results(question=question, base=base, suppressed=True)
    counts = dict(Answer.objects.filter(question=question).values_list("option").annotate(n=Count("pk")).order_by())
    options = list(question.options.all())
    pictures = pictures_of(options) if question.has_pictures else {}
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
                picture=pictures.get(option.pk),
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
        found = of_question(question, survey, set())
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
    """Give each survey task its `poll`: question, options with pictures, own choice. Three queries, whatever the number."""
    by_id = {task.pk: task for task in tasks}
    rows = Option.objects.filter(question__survey__task__in=by_id).select_related("question__survey")
    by_question: dict[Question, list[Option]] = {}
    for option in rows.order_by("question__position", "question", "position", "pk"):
        by_question.setdefault(option.question, []).append(option)
    pictures = pictures_of(
        option for question, options in by_question.items() if question.has_pictures for option in options
    )
    mine = _chosen({question.survey for question in by_question}, user)
    for question, options in by_question.items():
        task = by_id[question.survey.task_id]
        if hasattr(task, "poll"):
            continue
        question.survey.task, task.survey = task, question.survey
        shown = [{"option": one, "picture": pictures.get(one.pk), "mine": one.pk in mine} for one in options]
        task.poll = {"question": question, "options": shown, "chosen": any(row["mine"] for row in shown)}


def _chosen(surveys: Iterable[Survey], user: Any) -> set[int]:
    """What this person chose in any of these surveys."""
    if not user.is_authenticated:
        return set()
    pseudonyms = [respondent_of(survey, user) for survey in surveys]
    return set(Answer.objects.filter(response__respondent__in=pseudonyms).values_list("option", flat=True))


def page_of(task: Task, user: Any) -> dict[str, Any]:
    """What the parts of a survey's pages need besides the instrument."""
    if not hasattr(task, "survey"):
        return {}
    size, answered = task.audience.size, respondents(task)
    results = results_of(task.survey, user)
    shown = results is not None and not any(found.suppressed for found in results)
    return {
        "results": results,
        "answered": answered,
        "margin": margin_of(answered, size) if shown else None,
    }


def options_seen_by(user: Any) -> Any:
    """Options whose pictures this person may see: with their task."""
    seen = Survey.objects.visible_to(user)
    shown_again = Option.objects.filter(question__survey__in=seen, picture_from__isnull=False)
    return Option.objects.filter(Q(question__survey__in=seen) | Q(pk__in=shown_again.values("picture_from")))
