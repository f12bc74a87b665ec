"""Correct the words of a survey while people answer: what is asked stays the same, and everybody's words stay known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.recording import record
from kocforum.members.models import Member

from ..facts import WordingCorrected
from ..models import Option, Survey, Task, Wording
from ..queries.instruments import questionnaire_of
from ..queries.wordings import IN_WORDS, changes_between
from ..rules.notation import to_data
from ..rules.questionnaire import Item, problems_of
from ..rules.surveys import can_correct_wording


@transaction.atomic
def correct_wording(*, by: Member, task: Task, items: Sequence[Item], seen: int | None = None) -> Wording | None:
    """A new version with other words, in place of the version `seen`; None where no word differs.

    Texts, help, words at the ends and labels may change, and an option may be retired. Anything else is another
    question, which needs a key of its own: a Conflict. Two who correct the same version: one of them, and a Conflict.
    """
    survey = Survey.objects.select_related("task").get(task=task)
    require(can_correct_wording(by, survey), _("Words are corrected while a survey is scheduled or open."))
    before = questionnaire_of(survey).items
    after = _only_other_words(before, items)
    changes = changes_between(before, after)
    if not changes:
        return None
    if against := problems_of(after):
        raise Invalid({key: whys[0] for key, whys in against.items()})
    here = Survey.objects.filter(pk=survey.pk, version=seen or survey.version)
    if not here.update(version=F("version") + 1):
        raise Conflict(_("A colleague corrected the words in the meantime. Look at them, then save again."))
    _write(survey, before, after)
    survey.refresh_from_db()
    wording = Wording.objects.create(
        survey=survey, version=survey.version, questions=[to_data(item) for item in after], changes=changes, by=by
    )
    record(WordingCorrected(task_id=task.pk, version=survey.version), by=by)
    return wording


def _only_other_words(before: Sequence[Item], after: Sequence[Item]) -> list[Item]:
    """The new questions, if they ask the same as the old ones."""
    if [item.key for item in before] != [item.key for item in after]:
        raise _another_question()
    taken = []
    for old, new in zip(before, after, strict=True):
        if [one.key for one in old.choices] != [one.key for one in new.choices]:
            raise _another_question(old.text)
        for one, now in zip(old.choices, new.choices, strict=True):
            if (one.exclusive, one.words) != (now.exclusive, now.words) or (one.retired and not now.retired):
                raise _another_question(old.text)
        choices = tuple(
            replace(one, label=now.label, retired=now.retired)
            for one, now in zip(old.choices, new.choices, strict=True)
        )
        same = replace(old, choices=choices, **{name: getattr(new, name) for name in IN_WORDS})
        # Pictures and quotas are not words, and may be left out.
        told = replace(new, choices=choices)
        if same != told:
            raise _another_question(old.text)
        taken.append(same)
    return taken


def _another_question(text: str = "") -> Conflict:
    words = _(
        "Only words can be corrected now. A change of what is asked needs a question with a key of its own, in the next wave."
    )
    return Conflict(f"“{text}”: {words}" if text else words)


def _write(survey: Survey, before: Sequence[Item], after: Sequence[Item]) -> None:
    for old, new in zip(before, after, strict=True):
        if old == new:
            continue
        survey.questions.filter(key=new.key).update(**{name: getattr(new, name) for name in IN_WORDS})
        for one in new.choices:
            Option.objects.filter(question__survey=survey, question__key=new.key, key=one.key).update(
                label=one.label, retired=one.retired
            )
