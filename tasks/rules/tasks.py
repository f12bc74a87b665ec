"""Rules of tasks: researchers ask, those who are asked answer."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kocforum.compiled import Compiled
from kocforum.errors import Conflict, Forbidden
from kocforum.members.rules import can_write

from ..models import Invitation, Participation, Task


def can_see_tasks_desk(user: Any) -> bool:
    """All staff."""
    return bool(user.is_authenticated and user.is_active and user.is_staff)


def can_ask(user: Any) -> bool:
    """Researchers make tasks, open them, and report."""
    return bool(user.is_authenticated) and user.has_role("researcher")


def can_move_task(user: Any, task: Task, to: str) -> bool:
    """Researchers every move."""
    return can_ask(user)


def is_asked(member: Any, task: Task) -> bool:
    """In the audience: everybody where there are no criteria, else who stands in the frozen frame."""
    return task.audience.everyone or Invitation.objects.filter(task=task, member=member.pk).exists()


def took_part(member: Any, task: Task) -> bool:
    return bool(member.is_authenticated) and Participation.objects.filter(task=task, member=member.pk).exists()


def can_take_part(
    member: Any, task: Task, *, asked: bool | None = None, runs: bool | None = None
) -> bool | Conflict | Forbidden:
    """Who is asked and may write, while the window is open by the database's clock; invited or not.

    A page that has read it already says whether the member is `asked`, and that the task `runs` as far as its own clock knows.
    """
    if (writes := can_write(member)) is not True:
        return writes
    if not (is_asked(member, task) if asked is None else asked):
        return Forbidden(_("This question goes to other owners."))
    return bool(_running(task=task.pk) if runs is None else runs) or Conflict(_("This question is closed."))


@Compiled
def _running(task: Any) -> QuerySet:
    return Task.objects.running().filter(pk=task).values_list("pk")


def can_decline(member: Any, task: Task) -> bool:
    """Who was asked and has not answered may say that it is not for them."""
    return bool(member.is_authenticated) and not took_part(member, task)


def can_set_budget(member: Any) -> bool:
    """Every member, for oneself."""
    return bool(member.is_authenticated) and member.is_active
