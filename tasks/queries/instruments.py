"""The instrument of a survey as data, and its pictures."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.cache import cache
from django.db.models import Q

from kocforum.uploads.models import Upload
from kocforum.uploads.queries import attached_to

from ..models import Option, Question, QuotaCell, Survey
from ..rules.questionnaire import Choice, Item, Questionnaire, Quota

OPTION_PICTURES = "survey.option"
KEPT_FOR = 600  # seconds; what keeps anything of a survey has its version or its answers in the key


def questionnaire_of(survey: Survey, *, pictures: bool = False) -> Questionnaire:
    """All questions of a survey, in order: two queries and one for quotas, and one for the pictures where they are wanted.

    Once somebody has begun to answer, questions and quotas change with their version alone: then no query, where they were
    read before.
    """
    if survey.fixed_at is None or pictures:
        return _read(survey, pictures)
    key = f"tasks.instrument:{survey.pk}:{survey.version}"
    found = cache.get(key)
    if found is None:
        found = _read(survey, pictures)
        cache.set(key, found, KEPT_FOR)
    return found


def _read(survey: Survey, pictures: bool) -> Questionnaire:
    questions = list(survey.questions.prefetch_related("options").order_by("position", "id"))
    cells = list(QuotaCell.objects.filter(survey=survey).order_by("pk"))
    limits = {cell.option_id: cell.limit for cell in cells if cell.option_id}
    shown = pictures_of(option for one in questions for option in one.options.all()) if pictures else {}
    keys = {option.pk: (one.key, option.key) for one in questions for option in one.options.all()}
    # A colleague may save the draft between the two readings: a quota whose option is gone goes with it.
    there = [one for one in cells if one.option_id is None or one.option_id in keys]
    return Questionnaire(
        tuple(_item(one, limits, shown) for one in questions), tuple(_quota(one, keys) for one in there)
    )


def _quota(cell: QuotaCell, keys: dict[int, tuple[str, str]]) -> Quota:
    question, option = keys[cell.option_id] if cell.option_id else ("", "")
    people = {"model": cell.model, "version": cell.version, "koc_level": cell.koc_level}
    return Quota(cell.pk, question, option, **people)


def _item(question: Question, limits: dict[int, int], shown: dict[int, Upload]) -> Item:
    same = (
        "key", "type", "text", "help", "page", "required", "low", "high", "low_label", "high_label", "show_if",
        "shuffled", "most", "cannot_judge",
    )  # fmt: skip
    choices = tuple(
        Choice(
            key=one.key,
            label=one.label,
            exclusive=one.exclusive,
            words=one.words,
            retired=one.retired,
            picture=shown[one.pk].pk if one.pk in shown else None,
            limit=limits.get(one.pk),
        )
        for one in question.options.all()
    )
    return Item(choices=choices, **{name: getattr(question, name) for name in same})


def pictures_of(options: Iterable[Option]) -> dict[int, Upload]:
    """The picture of each option that has one, in one query."""
    options = list(options)
    found = attached_to(OPTION_PICTURES, {option.pictured for option in options}) if options else {}
    return {option.pk: found[option.pictured][0] for option in options if option.pictured in found}


def pictures_by_key(survey: Survey) -> dict[tuple[str, str], Upload]:
    """The picture of each pictured option under (key of the question, key of the option)."""
    options = list(Option.objects.filter(question__survey=survey).select_related("question"))
    pictures = pictures_of(options)
    return {(one.question.key, one.key): pictures[one.pk] for one in options if one.pk in pictures}


def options_seen_by(user: Any) -> Any:
    """Options whose pictures this person may see: with their task."""
    seen = Survey.objects.visible_to(user)
    shown_again = Option.objects.filter(question__survey__in=seen, picture_from__isnull=False)
    return Option.objects.filter(Q(question__survey__in=seen) | Q(pk__in=shown_again.values("picture_from")))
