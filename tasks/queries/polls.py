"""The smallest survey as lists and forms show it: one question, its options, the own choice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kocforum.uploads.models import Upload

from ..enums import QuestionType
from ..models import Option, Question, Response, ResponseDraft, Survey, Task
from .instruments import pictures_of
from .respondents import respondent_of

ONE_TAP = {QuestionType.SINGLE, QuestionType.IMAGE}


@dataclass(frozen=True, kw_only=True)
class OptionDraft:
    """One option as it was typed: words, a picture that was uploaded before, the guess in whole percent."""

    label: str
    picture: Upload | None = None
    guess: int | None = None


def is_poll(questions: Iterable[Question], survey: Survey) -> bool:
    """One question of one tap, without own words: it can be answered where it stands."""
    questions = list(questions)
    return (
        len(questions) == 1
        and questions[0].type in ONE_TAP
        and not survey.is_anonymous
        and not any(option.words for option in questions[0].options.all())
    )


def drafted_options(survey: Survey) -> list[OptionDraft]:
    """The options of a survey's first question, as a draft begins with them."""
    question = survey.questions.first()
    options = list(question.options.all()) if question else []
    pictures = pictures_of(options)
    guess = survey.guess.get(question.key, {}) if question else {}
    return [
        OptionDraft(label=option.label, picture=pictures.get(option.pk), guess=guess.get(option.key))
        for option in options
    ]


def bring_instruments(tasks: Iterable[Task], user: Any) -> None:
    """Give each survey task its `survey`, `questions` and, where one tap answers it, its `poll`. Six queries at most."""
    by_id = {task.pk: task for task in tasks}
    surveys = list(Survey.objects.filter(task__in=by_id).prefetch_related("questions__options"))
    polls = []
    longer = []
    for survey in surveys:
        task = by_id[survey.task_id]
        survey.task, task.survey = task, survey
        task.questions = list(survey.questions.all())
        if is_poll(task.questions, survey):
            polls.append((task, task.questions[0]))
        else:
            longer.append(survey)
    begun = _begun(longer, user)
    for survey in longer:
        survey.task.begun = survey.pk in begun
    shown = pictures_of(
        option for _task, question in polls if question.has_pictures for option in question.options.all()
    )
    mine = _answers([task.survey for task, _question in polls], user)
    for task, question in polls:
        chosen = mine.get(task.survey.pk, {}).get(question.key)
        options = [
            {"option": option, "picture": shown.get(option.pk), "mine": option.key == chosen}
            for option in question.options.all()
        ]
        task.poll = {"question": question, "options": options, "chosen": any(row["mine"] for row in options)}


def _begun(surveys: Collection[Survey], user: Any) -> set[int]:
    """Those of which this person keeps a draft."""
    if not surveys or not user.is_authenticated:
        return set()
    return set(ResponseDraft.objects.filter(member=user.pk, survey__in=surveys).values_list("survey", flat=True))


def _answers(surveys: Iterable[Survey], user: Any) -> dict[int, Mapping[str, Any]]:
    """What this person answered in these surveys, by survey."""
    if not user.is_authenticated:
        return {}
    pseudonyms = [respondent_of(survey, user) for survey in surveys]
    return dict(Response.objects.filter(respondent__in=pseudonyms).values_list("survey", "answers"))


def options_of(task: Task) -> list[Option]:
    """The options of a poll, in order."""
    return list(Option.objects.filter(question__survey__task=task).select_related("question__survey"))
