"""Answer a survey, keep a draft of it, take an answer back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.uploads.actions import attach, detach
from kocforum.uploads.queries import attached_to, takeable

from ..enums import Privacy, QuestionType, ResponseState
from ..facts import ResponseWithdrawn, SurveyAnswered
from ..models import Participation, Response, ResponseDraft, Survey, Task
from ..queries.instruments import questionnaire_of
from ..queries.respondents import blurred, facts_of, order_seed_of, own_draft, own_response, respondent_of
from ..rules.answers import take_all
from ..rules.questionnaire import Questionnaire
from ..rules.surveys import can_answer, can_withdraw_response, is_late
from .ballots import drop
from .participations import take_part
from .quotas import Full, give_back, hold_cells, keep_places, take_places

ANSWER_PHOTOS = "survey.photo"


@once(Participation)
@transaction.atomic
def answer_survey(*, by: Member, task: Task, answers: Mapping[str, Any], seconds: int | None = None) -> Participation:
    """Answer all that one sees, or change it where that is promised. One response per person, by constraint.

    `task` carries its survey as this request read it; what is promised about it changes no more once it is open.
    Order keeps the promise: first the row of the person who took part, which holds the task open, then the look at
    the window, then the response. What is returned, and what an `op_id` remembers, says nothing of the answers.
    It carries `fresh` (the first time) and `over_quota` (kept and thanked, not counted).
    """
    survey = task.survey
    draft = own_draft(survey, by)
    may = partial(can_answer, survey=survey, draft=draft)
    questionnaire = questionnaire_of(survey)
    kept, problems = take_all(questionnaire, answers)
    if problems:
        require(may(by), _("You cannot answer here."))
        raise Invalid(problems)
    participation = take_part(member=by, task=survey.task, seconds=seconds, may=may)
    _check_photos(by, participation, questionnaire, kept)
    _fix_promises(survey)
    facts = draft.facts if draft else facts_of(survey.task, by)
    if not survey.is_anonymous:
        changed = _write(by, survey, questionnaire, participation, draft, kept, facts, seconds)
        _keep_photos(by, participation, questionnaire, kept)
    elif participation.fresh:
        state = _take(questionnaire, kept, facts, draft)
        drop(survey=survey, answers=kept, facts=blurred(survey.task, facts), version=survey.version, state=state)
        participation.over_quota, changed = state == ResponseState.OVER_QUOTA, False
    else:
        participation.over_quota, changed = False, None
    if draft:
        draft.delete()
    if changed is not None:
        record(SurveyAnswered(task_id=task.pk, changed=changed), by=by)
        push(f"task:{task.pk}", "task.answered", task.pk)
    return participation


def _write(
    by: Member,
    survey: Survey,
    questionnaire: Questionnaire,
    participation: Participation,
    draft: ResponseDraft | None,
    answers: dict[str, Any],
    facts: dict[str, str],
    seconds: int | None,
) -> bool | None:
    """False for a first answer, True for a changed one, None when nothing changed or nothing may.

    The conditional update lets one of two windows through; the other starts from what the first one left.
    """
    whose = {"survey": survey, "respondent": respondent_of(survey, by)}
    first = {
        "member": by if survey.privacy == Privacy.IDENTIFIED else None,
        "facts": facts,
        "seed": draft.seed if draft else None,
        "seconds": seconds,
        "late": draft is not None and is_late(survey.task),  # nobody else is let in after the end
    }
    if participation.fresh:
        # Whoever took part just now, and holds the row that says so, has no response yet.
        state = _take(questionnaire, answers, facts, draft)
        participation.over_quota = state == ResponseState.OVER_QUOTA
        said = {"answers": answers, "state": state, "version": survey.version, "revision": 1}
        Response.objects.create(**whose, **first, **said)
        return False
    response, _new = Response.objects.get_or_create(**whose, defaults=first)
    before = response.answers if response.revision else None
    if before == answers or (before is not None and not survey.amendable and response.state == ResponseState.COUNTED):
        participation.over_quota = response.state == ResponseState.OVER_QUOTA
        return None
    if before is not None and response.state == ResponseState.COUNTED:
        left = questionnaire.cells_of(before, response.facts)
        hold_cells([*left, *questionnaire.cells_of(answers, response.facts)])
        give_back(left)
    state = _take(questionnaire, answers, response.facts, draft)
    participation.over_quota = state == ResponseState.OVER_QUOTA
    moved = Response.objects.filter(pk=response.pk, revision=response.revision).update(
        answers=answers, state=state, version=survey.version, revision=F("revision") + 1, submitted_at=timezone.now()
    )
    if not moved:
        raise Conflict(_("You answered in another window at the same moment. Look at what is chosen now."))
    return before is not None


def _take(
    questionnaire: Questionnaire, answers: dict[str, Any], facts: dict[str, str], draft: ResponseDraft | None
) -> str:
    try:
        take_places(questionnaire.cells_of(answers, facts), draft=draft)
    except Full:
        return ResponseState.OVER_QUOTA
    return ResponseState.COUNTED


def _fix_promises(survey: Survey) -> None:
    """With the first answer that is begun, what was promised stays."""
    if survey.fixed_at is None:
        Survey.objects.filter(pk=survey.pk, fixed_at__isnull=True).update(fixed_at=timezone.now())


@transaction.atomic
def save_draft(*, by: Member, task: Task, answers: Mapping[str, Any], page: int | None = None) -> ResponseDraft:
    """Keep what was answered so far, over what was kept before; places of quotas are kept with it.

    What is no answer is left out. The draft carries `full`: a quota in which it stands has no place left.
    """
    survey = Survey.objects.select_related("task__audience").get(task=task)
    draft = own_draft(survey, by)
    require(can_answer(by, survey=survey, draft=draft), _("You cannot answer here."))
    took = Participation.objects.filter(task=task, member=by.pk).exists()
    if took and not survey.amendable:
        raise Conflict(_("You have answered already. Thank you."))
    if draft is None:
        response = own_response(survey, by)
        begun = {
            "answers": response.answers if response else {},
            "facts": facts_of(survey.task, by),
            "version": survey.version,
            "seed": order_seed_of(survey, by),
        }
        ResponseDraft.objects.get_or_create(survey=survey, member=by, defaults=begun)
    draft = ResponseDraft.objects.select_for_update().get(survey=survey, member=by.pk)
    _fix_promises(survey)
    questionnaire = questionnaire_of(survey)
    kept, _problems = take_all(questionnaire, {**draft.answers, **answers}, in_part=True)
    draft.answers, draft.page, draft.saved_at = kept, page or draft.page, timezone.now()
    draft.version = survey.version
    draft.save()
    draft.full = not keep_places(questionnaire.cells_of(kept, draft.facts), draft=draft) if not took else False
    return draft


@transaction.atomic
def withdraw_response(*, by: Member, task: Task) -> None:
    """Take the own answer back: the response goes, its place in a quota is free, and while it is open one may answer anew."""
    survey = Survey.objects.select_related("task").get(task=task)
    require(can_withdraw_response(by, survey), _("There is no answer of yours to take back."))
    participation = Participation.objects.select_for_update().get(task=task, member=by.pk)
    response = Response.objects.select_for_update().get(survey=survey, respondent=respondent_of(survey, by))
    if response.state == ResponseState.COUNTED:
        give_back(questionnaire_of(survey).cells_of(response.answers, response.facts))
    detach(by=by, uploads=attached_to(ANSWER_PHOTOS, [participation.pk]).get(participation.pk, []))
    ResponseDraft.objects.filter(survey=survey, member=by.pk).delete()
    response.delete()
    participation.delete()
    record(ResponseWithdrawn(task_id=task.pk), by=by)
    push(f"task:{task.pk}", "task.answered", task.pk)


def _photos(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> list[int]:
    keys = [item.key for item in questionnaire.items if item.type == QuestionType.PHOTO]
    return [number for key in keys for number in answers.get(key) or []]


def _check_photos(
    by: Member, participation: Participation, questionnaire: Questionnaire, answers: Mapping[str, Any]
) -> None:
    """Everybody answers with own photos."""
    for item in questionnaire.items:
        numbers = answers.get(item.key) or []
        if item.type != QuestionType.PHOTO or not numbers:
            continue
        if len(takeable(by, numbers, kind=ANSWER_PHOTOS, number=participation.pk)) < len(numbers):
            words = _("One of these files is not yours or is no longer there. Please add it again.")
            raise Invalid({item.key: words})


def _keep_photos(
    by: Member, participation: Participation, questionnaire: Questionnaire, answers: Mapping[str, Any]
) -> None:
    numbers = _photos(questionnaire, answers)
    if not any(item.type == QuestionType.PHOTO for item in questionnaire.items):
        return
    before = attached_to(ANSWER_PHOTOS, [participation.pk]).get(participation.pk, [])
    detach(by=by, uploads=[one for one in before if one.pk not in numbers])
    attach(by=by, uploads=numbers, kind=ANSWER_PHOTOS, object_id=participation.pk)
