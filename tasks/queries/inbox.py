"""One inbox over all forms: what waits for me, what I did, what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from kocforum.members.models import Member

from ..enums import InvitationState
from ..instruments import instrument_of
from ..models import AskingPolicy, ContactBudget, Task


def waiting(member: Any) -> QuerySet[Task]:
    """Open tasks that wait for this member, the first end first. Invited or not; without those turned down."""
    asked = Q(audience__everyone=True) | Q(invitation_of_mine__isnull=False)
    return (
        Task.objects.running()
        .of(member)
        .filter(asked, participation_of_mine__isnull=True)
        .exclude(invitation_of_mine__state=InvitationState.DECLINED)
        .select_related("audience")
        .order_by("closes_at", "pk")
    )


def done(member: Any) -> QuerySet[Task]:
    """What the member took part in, the newest first, with `took_part_on`, the report and what came of it."""
    mine = Task.objects.visible_to(member).of(member).filter(participation_of_mine__isnull=False)
    return (
        mine.annotate(took_part_on=F("participation_of_mine__on"))
        .select_related("audience", "report")
        .prefetch_related("outcomes")
        .order_by("-participation_of_mine__on", "-pk")
    )


def asked_on_front(user: Any, limit: int = 3) -> list[Task]:
    """What the front page asks this reader: what waits for a member, those placed there first; for visitors what is placed there."""
    if user.is_authenticated:
        asked = waiting(user).order_by("-on_front", "closes_at", "pk")[:limit]
    else:
        asked = Task.objects.visible_to(user).running().filter(on_front=True).order_by("closes_at", "pk")[:limit]
    tasks = list(asked)
    return with_instruments(tasks[:1], user) + tasks[1:] if tasks else []


def with_instruments(tasks: Iterable[Task], user: Any) -> list[Task]:
    """These tasks with what their forms show, a fixed number of queries for each form among them."""
    tasks = list(tasks)
    for form in dict.fromkeys(task.form for task in tasks):
        if instrument := instrument_of(form):
            instrument.bring([task for task in tasks if task.form == form], user)
    return tasks


def budget_of(member: Any) -> dict[str, Any]:
    """Minutes a month that the member gives, and how many of this month's are spent."""
    own = ContactBudget.objects.filter(member=OuterRef("pk"))
    month = timezone.localdate().replace(day=1)
    minutes, spent, usual = (
        Member.objects.filter(pk=member.pk)
        .values_list(
            Subquery(own.values("minutes")[:1]),
            Subquery(own.filter(month=month).values("spent")[:1]),
            Subquery(AskingPolicy.objects.values("budget_minutes")[:1]),
        )
        .get()
    )
    if usual is None:
        usual = AskingPolicy().budget_minutes
    return {"minutes": usual if minutes is None else minutes, "spent": round((spent or 0) / 60, 1)}
