"""Questions, options, pictures and quotas become rows, while the survey is a draft."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kocforum.errors import Invalid
from kocforum.members.models import Member
from kocforum.uploads.actions import attach, detach
from kocforum.uploads.models import Upload

from ..enums import QuestionType
from ..models import Option, Question, QuotaCell, Survey
from ..queries.instruments import OPTION_PICTURES, pictures_of
from ..rules.questionnaire import KEY, Choice, Item


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A quota over people: at most so many of this model, version and level; what is empty is everybody."""

    limit: int
    model: str = ""
    version: str = ""
    koc_level: str = ""


def write_questions(*, by: Member, survey: Survey, items: Sequence[Item], cells: Iterable[Cell] = ()) -> None:
    """Let the draft have exactly these questions. What keeps its key keeps its row, and so its picture."""
    _check(items)
    kept = {question.key: question for question in survey.questions.all()}
    gone = [question for key, question in kept.items() if key not in {item.key for item in items}]
    _detach_pictures(by, Option.objects.filter(question__in=gone))
    survey.questions.filter(pk__in=[question.pk for question in gone]).delete()
    QuotaCell.objects.filter(survey=survey).delete()
    for place, item in enumerate(items):
        values = {
            "type": item.type,
            "text": item.text,
            "help": item.help,
            "position": place,
            "page": item.page,
            "required": item.required,
            "low": item.low,
            "high": item.high,
            "low_label": item.low_label,
            "high_label": item.high_label,
            "show_if": dict(item.show_if) if item.show_if else None,
            "shuffled": item.shuffled,
            "most": item.most,
            "cannot_judge": item.cannot_judge,
        }
        question, _new = Question.objects.update_or_create(survey=survey, key=item.key, defaults=values)
        _write_options(by, question, item.choices)
    try:
        with transaction.atomic():
            QuotaCell.objects.bulk_create(QuotaCell(survey=survey, **vars(cell)) for cell in cells)
    except IntegrityError:
        raise Invalid({"quotas": _("Two quotas are about the same people.")}) from None


def _check(items: Sequence[Item]) -> None:
    """What cannot be kept at all; what only stands against opening is told by the instrument's problems."""
    keys = [item.key for item in items]
    for item in items:
        if not KEY.fullmatch(item.key):
            raise Invalid({"questions": _("“%(key)s”: a key has up to 40 letters, digits, - and _.") % vars(item)})
        if keys.count(item.key) > 1:
            raise Invalid({"questions": _("The key “%(key)s” stands twice.") % vars(item)})
        if item.type not in QuestionType.values:
            raise Invalid({"questions": _("“%(key)s”: there is no kind of question “%(type)s”.") % vars(item)})
        own = [one.key for one in item.choices]
        if len(set(own)) < len(own) or not all(KEY.fullmatch(key) for key in own):
            words = _("“%(key)s”: the key of an option has up to 40 letters, digits, - and _, and stands once.")
            raise Invalid({"questions": words % vars(item)})


def _write_options(by: Member, question: Question, choices: Sequence[Choice]) -> None:
    kept = {option.key: option for option in question.options.all()}
    pictures = pictures_of(kept.values())
    for place, one in enumerate(choices):
        before = pictures.get(kept[one.key].pk) if one.key in kept else None
        values = {
            "label": one.label,
            "position": place,
            "exclusive": one.exclusive,
            "words": one.words,
            "retired": one.retired,
        }
        option, _new = Option.objects.update_or_create(question=question, key=one.key, defaults=values)
        kept.pop(one.key, None)
        if (before.pk if before else None) != one.picture:
            _change_picture(by, option, before, one.picture)
        if one.limit is not None:
            QuotaCell.objects.create(survey=question.survey, option=option, limit=one.limit)
    gone = question.options.filter(pk__in=[option.pk for option in kept.values()])
    _detach_pictures(by, gone)
    gone.delete()


def _detach_pictures(by: Member, options: Iterable[Option]) -> None:
    options = list(options)
    pictures = pictures_of(options)
    detach(by=by, uploads=[pictures[one.pk] for one in options if one.pk in pictures and not one.picture_from_id])


def _change_picture(by: Member, option: Option, before: Upload | None, after: int | None) -> None:
    """A picture belongs to one option; the option of a later wave points at it."""
    if before is not None and not option.picture_from_id:
        detach(by=by, uploads=[before])
    Option.objects.filter(pk=option.pk).update(picture_from=None)
    if after is None:
        return
    upload = Upload.objects.filter(pk=after).first()
    if upload is not None and upload.attached_to == OPTION_PICTURES and upload.number:
        Option.objects.filter(pk=option.pk).update(picture_from=upload.number)
    else:
        attach(by=by, uploads=[after], kind=OPTION_PICTURES, object_id=option.pk)
