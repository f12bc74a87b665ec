"""Polls that everybody answered: one open, one whose report is owed, one reported, and so on in turn."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence

from django.db import transaction

from kocforum.members.models import Member
from tasks.actions.audiences import lot_of
from tasks.enums import InvitationState, TaskForm, TaskState
from tasks.models import (
    Audience,
    Invitation,
    Option,
    Participation,
    Question,
    Response,
    Survey,
    Task,
    TaskReport,
    TaskTransition,
)
from tasks.queries.respondents import respondent_of
from tasks.queries.surveys import figures_of

from .people import Owner

AT_ONCE = 2000
WINDOW = dt.timedelta(days=7)
ASKED = [
    ("上一次升级之后，车顺手了没有？", ["顺手多了", "差不多", "反而别扭", "还没升级"]),
    ("长途路上，你最先找哪一样？", ["充电桩", "干净的厕所", "热饭", "能睡一会儿的地方"]),
    ("停进车位以后，你最常回头看哪里？", ["车窗关没关", "灯灭没灭", "离线正不正", "头也不回"]),
]
LIVES = [
    [TaskState.OPEN],
    [TaskState.OPEN, TaskState.CLOSED],
    [TaskState.OPEN, TaskState.CLOSED, TaskState.ANALYSED, TaskState.REPORTED],
]


def write_poll(dice: random.Random, *, number: int, owners: Sequence[Owner], anchor: dt.datetime) -> Task:
    """One question with an answer of every owner, in one transaction. The open one ends a week after the anchor."""
    title, labels = ASKED[number % len(ASKED)]
    life = LIVES[number % len(LIVES)]
    opened = anchor - (3 if life[-1] == TaskState.OPEN else 30) * dt.timedelta(days=1)
    with transaction.atomic():
        task = _task(title, life, opened, len(owners))
        options = _question(task, labels)
        _answers(dice, task, options, owners, opened)
        if life[-1] == TaskState.REPORTED:
            words = "选得最多的一样先做，做到哪一步都会回来说。"
            TaskReport.objects.create(task=task, changed=words, figures=figures_of(task), at=task.reported_at)
    return task


def _task(title: str, life: Sequence[str], opened: dt.datetime, size: int) -> Task:
    over, told = len(life) > 1, life[-1] == TaskState.REPORTED
    closed = opened + WINDOW
    task = Task.objects.create(
        form=TaskForm.SURVEY,
        goal="distribution",
        title=title,
        decision="选得最多的一样，下一版先做。",
        state=life[-1],
        opens_at=opened,
        opened_at=opened,
        closes_at=closed,
        closed_at=closed if over else None,
        report_due_at=closed + 2 * WINDOW if over else None,
        reported_at=closed + WINDOW if told else None,
        on_front=not over,
        created_at=opened,
    )
    Audience.objects.create(task=task, seed=str(task.pk), size=size, frozen_at=opened)
    states = [TaskState.DRAFT, *life]
    TaskTransition.objects.bulk_create(
        TaskTransition(task=task, from_state=before, to_state=after, at=opened + place * WINDOW)
        for place, (before, after) in enumerate(zip(states, states[1:], strict=False))
    )
    return task


def _question(task: Task, labels: Sequence[str]) -> list[Option]:
    survey = Survey.objects.create(task=task)
    question = Question.objects.create(survey=survey, key="q1", text=task.title)
    return Option.objects.bulk_create(
        Option(question=question, key=f"o{place + 1}", label=label, position=place)
        for place, label in enumerate(labels)
    )


def _answers(
    dice: random.Random, task: Task, options: Sequence[Option], owners: Sequence[Owner], opened: dt.datetime
) -> None:
    """Everybody was invited and answered; some options are liked more than others."""
    weights = [dice.randint(1, 6) for _ in options]
    for first in range(0, len(owners), AT_ONCE):
        asked = owners[first : first + AT_ONCE]
        chosen = dice.choices(options, weights, k=len(asked))
        at = [opened + dt.timedelta(hours=dice.randint(0, 70)) for _ in asked]
        members = [owner.member for owner in asked]
        Invitation.objects.bulk_create(_invitation(task, owner, opened) for owner in asked)
        Participation.objects.bulk_create(
            Participation(task=task, member=member, on=moment.date(), seconds=dice.randint(4, 60))
            for member, moment in zip(members, at, strict=True)
        )
        _responses(task.survey, members, at, chosen)


def _invitation(task: Task, owner: Owner, opened: dt.datetime) -> Invitation:
    member = owner.member
    return Invitation(
        task=task,
        member=member,
        lot=lot_of(str(task.pk), member.pk),
        model=owner.vehicle.model.slug,
        version=owner.version,
        koc_level=member.koc_level,
        city=member.city,
        state=InvitationState.INVITED,
        invited_at=opened,
    )


def _responses(survey: Survey, members: Sequence[Member], at: Sequence[dt.datetime], chosen: Sequence[Option]) -> None:
    Response.objects.bulk_create(
        Response(
            survey=survey,
            respondent=respondent_of(survey, member),
            answers={option.question.key: option.key},
            submitted_at=moment,
            revision=1,
        )
        for member, moment, option in zip(members, at, chosen, strict=True)
    )
