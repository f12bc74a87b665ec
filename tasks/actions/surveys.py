"""Structured questions: draft, change, answer. A poll is a survey of one question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.text import clean_line
from kocforum.uploads.actions import attach, detach
from kocforum.uploads.models import Upload

from ..enums import QuestionType, ResultsPromise, TaskForm
from ..facts import PollAnswered, PollEdited
from ..models import Advice, Answer, Option, Participation, Question, Response, Survey, Task
from ..queries.surveys import OPTION_PICTURES, OptionDraft, pictures_of, respondent_of
from ..rules.tasks import can_ask, can_take_part
from .drafts import Brief, begin_draft, change_draft
from .participations import take_part

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
    task = begin_draft(by=by, form=TaskForm.SURVEY, brief=brief, parent=parent, advice=advice)
    survey = Survey.objects.create(task=task, results=results, guess=_guess(options))
    _write_question(by, survey, task.title, options)
    return task


@transaction.atomic
def edit_poll(*, by: Member, task: Task, brief: Brief, options: Sequence[OptionDraft], results: str) -> Task:
    """Change a draft: nobody has answered yet."""
    require(can_ask(by), _("Only researchers ask owners."))
    options = _checked_options(options, results)
    change_draft(task=task, brief=brief)
    survey = Survey.objects.get(task=task)
    Survey.objects.filter(pk=survey.pk).update(results=results, guess=_guess(options))
    _write_question(by, survey, task.title, options)
    record(PollEdited(task_id=task.pk), by=by)
    return task


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


def _guess(options: Sequence[OptionDraft]) -> dict[str, int]:
    return {key_of(place): one.guess for place, one in enumerate(options) if one.guess is not None}


def key_of(place: int) -> str:
    """The key of the option at a place, counted from 0: o1, o2, …"""
    return f"o{place + 1}"


def _write_question(by: Member, survey: Survey, text: str, options: Sequence[OptionDraft]) -> None:
    kind = QuestionType.IMAGE if any(one.picture for one in options) else QuestionType.SINGLE
    question, _new = Question.objects.update_or_create(
        survey=survey, key=THE_QUESTION, defaults={"type": kind, "text": text}
    )
    kept = {option.key: option for option in question.options.all()}
    pictures = pictures_of(kept.values())
    for place, one in enumerate(options):
        option = kept.pop(key_of(place), None)
        before = pictures.get(option.pk) if option else None
        option, _new = Option.objects.update_or_create(
            question=question, key=key_of(place), defaults={"label": one.label, "position": place}
        )
        if before != one.picture:
            _change_picture(by, option, before, one.picture)
    gone = [pictures[option.pk] for option in kept.values() if option.pk in pictures and not option.picture_from_id]
    detach(by=by, uploads=gone)
    question.options.filter(pk__in=[option.pk for option in kept.values()]).delete()


def _change_picture(by: Member, option: Option, before: Upload | None, after: Upload | None) -> None:
    """A picture belongs to one option; the option of a later wave points at it."""
    if before is not None and not option.picture_from_id:
        detach(by=by, uploads=[before])
    Option.objects.filter(pk=option.pk).update(picture_from=None)
    if after is None:
        return
    after.refresh_from_db()
    if after.attached_to == OPTION_PICTURES and after.number:
        Option.objects.filter(pk=option.pk).update(picture_from=after.number)
    else:
        attach(by=by, uploads=[after], kind=OPTION_PICTURES, object_id=option.pk)


@once(Participation)
@transaction.atomic
def answer_poll(*, by: Member, task: Task, option: Option, seconds: int | None = None) -> Participation:
    """Answer with one tap, or change the answer while it is open. One response per person, by constraint.

    Order keeps the promise: first the row of the person who took part, which holds the task open, then the look at
    the window, then the response. What is returned, and what an `op_id` remembers, says nothing of the choice.
    """
    survey = Survey.objects.select_related("task").get(task=task)
    require(can_take_part(by, task), _("You cannot answer here."))
    if option.question.survey_id != survey.pk:
        raise Invalid({"option": _("There is no such option here.")})
    participation = take_part(member=by, task=task, seconds=seconds)
    response = _one_response(survey, respondent_of(survey, by))
    changed = _choose(response, option)
    if changed is not None:
        record(PollAnswered(task_id=task.pk, changed=changed), by=by)
        push(f"task:{task.pk}", "task.answered", task.pk)
    return participation


def _one_response(survey: Survey, respondent: str) -> Response:
    try:
        with transaction.atomic():
            response, _new = Response.objects.get_or_create(survey=survey, respondent=respondent)
    except IntegrityError:
        response = Response.objects.get(survey=survey, respondent=respondent)
    return response


def _choose(response: Response, option: Option) -> bool | None:
    """Let this be the one chosen option. False for a first answer, True for a changed one, None when it was chosen already.

    The conditional update lets one of two windows through; the other starts from what the first one left.
    """
    before = set(Answer.objects.filter(response=response).values_list("option", flat=True))
    if before == {option.pk}:
        return None
    moved = Response.objects.filter(pk=response.pk, revision=response.revision).update(
        revision=F("revision") + 1, submitted_at=timezone.now()
    )
    if not moved:
        raise Conflict(_("You answered in another window at the same moment. Look at what is chosen now."))
    Answer.objects.filter(response=response, question=option.question).delete()
    Answer.objects.create(response=response, question=option.question, option=option)
    return bool(before)
