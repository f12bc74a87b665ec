"""The smallest survey: one question, one tap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from kocforum.errors import Invalid, require
from kocforum.ledger.operations import once
from kocforum.members.models import Member
from kocforum.text import clean_line

from ..enums import QuestionType, ResultsPromise
from ..models import Advice, Option, Participation, Task
from ..queries.polls import OptionDraft
from ..rules.questionnaire import Choice, Item
from ..rules.tasks import can_ask
from .drafts import Brief
from .responses import answer_survey
from .surveys import Terms, draft_survey, edit_survey

THE_QUESTION = "q1"
MOST_OPTIONS = 12


@once(Task)
@transaction.atomic
def draft_poll(
    *,
    by: Member,
    brief: Brief,
    options: Sequence[OptionDraft],
    results: str = ResultsPromise.AFTER_ANSWER,
    parent: Task | None = None,
    advice: Advice | None = None,
) -> Task:
    """One question to owners, as a draft. With pictures at all options it is a choice of pictures."""
    require(can_ask(by), _("Only researchers ask owners."))
    options = _checked_options(options, results)
    return draft_survey(
        by=by,
        brief=brief,
        items=[_the_question(brief, options)],
        terms=_terms(options, results),
        parent=parent,
        advice=advice,
    )


@transaction.atomic
def edit_poll(*, by: Member, task: Task, brief: Brief, options: Sequence[OptionDraft], results: str) -> Task:
    """Change a draft: nobody has answered yet."""
    require(can_ask(by), _("Only researchers ask owners."))
    options = _checked_options(options, results)
    terms = _terms(options, results)
    return edit_survey(by=by, task=task, brief=brief, items=[_the_question(brief, options)], terms=terms)


def answer_poll(
    *, by: Member, task: Task, option: Option, seconds: int | None = None, op_id: object = None
) -> Participation:
    """Answer with one tap, or change the answer while it is open."""
    if option.question.survey.task_id != task.pk:
        raise Invalid({"option": _("There is no such option here.")})
    answers = {option.question.key: option.key}
    return answer_survey(by=by, task=task, answers=answers, seconds=seconds, op_id=op_id)


def key_of(place: int) -> str:
    """The key of the option at a place, counted from 0: o1, o2, …"""
    return f"o{place + 1}"


def _the_question(brief: Brief, options: Sequence[OptionDraft]) -> Item:
    choices = tuple(
        Choice(key=key_of(place), label=one.label, picture=one.picture.pk if one.picture else None)
        for place, one in enumerate(options)
    )
    kind = QuestionType.IMAGE if any(one.picture for one in options) else QuestionType.SINGLE
    return Item(key=THE_QUESTION, type=kind, text=clean_line(brief.title), required=True, choices=choices)


def _terms(options: Sequence[OptionDraft], results: str) -> Terms:
    guess = {key_of(place): one.guess for place, one in enumerate(options) if one.guess is not None}
    return Terms(results=results, guess={THE_QUESTION: guess} if guess else {})


def _checked_options(options: Iterable[OptionDraft], results: str) -> list[OptionDraft]:
    cleaned = [
        OptionDraft(label=clean_line(one.label)[:60], picture=one.picture, guess=one.guess)
        for one in options
        if clean_line(one.label) or one.picture
    ]
    labels = [one.label for one in cleaned]
    problems: dict[str, object] = {}
    if results not in ResultsPromise.values:
        problems["results"] = _("There is no such promise.")
    if not 2 <= len(cleaned) <= MOST_OPTIONS:
        problems["options"] = _("A poll has 2 to %(most)s options.") % {"most": MOST_OPTIONS}
    elif "" in labels:
        problems["options"] = _("Every picture needs a few words, for those who cannot see it.")
    elif len(set(labels)) < len(labels):
        problems["options"] = _("Two options have the same words.")
    elif any(one.picture for one in cleaned) and not all(one.picture for one in cleaned):
        problems["options"] = _("Either every option has a picture or none has.")
    guesses = [one.guess for one in cleaned if one.guess is not None]
    if any(not 0 <= guess <= 100 for guess in guesses) or sum(guesses) > 100:
        problems["guess"] = _("The guesses are percentages and make 100 together at most.")
    if problems:
        raise Invalid(problems)
    return cleaned
