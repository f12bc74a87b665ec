"""Polls and people who answer, for tests."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from kocforum.members.models import Member
from tasks.actions.drafts import Brief
from tasks.actions.moves import move_task
from tasks.actions.polls import OptionDraft, answer_poll, draft_poll
from tasks.actions.reports import report_task
from tasks.models import Option, Task
from tests.people import make_member, make_staff

WHEELS = ("星轨", "飞羽", "磐石")


def make_researcher(username: str = "researcher") -> Member:
    return Member.objects.filter(username=username).first() or make_staff(username, role="researcher")


def brief(minutes: str = "0.5", **values: Any) -> Brief:
    return Brief(
        **{
            "title": "三款新轮毂，你更喜欢哪一款？",
            "why": "第三季度要定下量产的一款。",
            "decision": "得票最多的一款进入量产，其余作为选装。",
            "closes_at": timezone.now() + timedelta(days=7),
            "minutes": Decimal(minutes),
            **values,
        }
    )


def drafted(
    *, by: Member | None = None, labels: tuple[str, ...] = WHEELS, results: str = "after_answer", **values: Any
) -> Task:
    more = {name: values.pop(name) for name in ("parent", "advice", "op_id") if name in values}
    options = [OptionDraft(label=label) for label in labels]
    return draft_poll(by=by or make_researcher(), brief=brief(**values), options=options, results=results, **more)


def moved(task: Task, *to: str, by: Member | None = None, reason: str = "") -> Task:
    """Along these states; reported goes with a report."""
    for state in to:
        here = Task.objects.get(pk=task.pk)
        if state == "reported":
            report_task(by=by or make_researcher(), task=here, expected=here.state, changed="选星轨，明年三月量产。")
        else:
            move_task(by=by or make_researcher(), task=here, to=state, expected=here.state, reason=reason)
    return Task.objects.select_related("audience", "survey").get(pk=task.pk)


def opened(**values: Any) -> Task:
    return moved(drafted(**values), "open")


def option(task: Task, label: str = WHEELS[0]) -> Option:
    return Option.objects.get(question__survey__task=task, label=label)


def voted(task: Task, member: Member | str, label: str = WHEELS[0], **values: Any):
    by = make_member(member) if isinstance(member, str) else member
    return answer_poll(by=by, task=Task.objects.get(pk=task.pk), option=option(task, label), **values)
