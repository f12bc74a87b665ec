"""One inbox over all forms: what waits for me, what I did, what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q, QuerySet

from ..enums import InvitationState
from ..instruments import instrument_of
from ..models import ContactBudget, Task
from ..models.policy import AskingPolicy


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
    mine = Task.objects.visible_to(member).filter(participation_of_mine__isnull=False)
    return (
        mine.annotate(took_part_on=F("participation_of_mine__on"))
        .select_related("audience", "report")
        .prefetch_related("outcomes")
        .order_by("-participation_of_mine__on", "-pk")
    )


def with_instruments(tasks: Iterable[Task], user: Any) -> list[Task]:
    """These tasks with what their forms show, a fixed number of queries for each form among them."""
    tasks = list(tasks)
    for form in dict.fromkeys(task.form for task in tasks):
        if instrument := instrument_of(form):
            instrument.bring([task for task in tasks if task.form == form], user)
    return tasks


def budget_of(member: Any) -> dict[str, Any]:
    """Minutes a month that the member gives, and how many of this month's are spent."""
    own = ContactBudget.objects.filter(member=member).first()
    usual = AskingPolicy.current().budget_minutes
    return {
        "minutes": usual if own is None or own.minutes is None else own.minutes,
        "spent": round((own.spent if own else 0) / 60, 1),
    }
