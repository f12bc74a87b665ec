"""How far the asking has come, and who is missing: numbers only."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from ..enums import InvitationState
from ..models import Invitation, Participation, Task
from ..rules.surveys import FEWEST


@dataclass(frozen=True)
class Missing:
    """A part of the audience: how many stand in it and how many answered; None for fewer than five people."""

    label: str
    asked: int
    answered: int | None


@dataclass(frozen=True)
class Progress:
    """Members by how far they were addressed, and answers. `frozen`: the audience is complete."""

    size: int
    invited: int
    held: int
    declined: int
    reminded: int
    answered: int
    frozen: bool
    by_model: list[Missing]

    @property
    def rate(self) -> float | None:
        """The share of the audience that answered; None while nobody stands in it."""
        return self.answered / self.size if self.size else None


def respondents(task: Task) -> int:
    """How many took part."""
    return Participation.objects.filter(task=task).count()


def progress_of(task: Task) -> Progress:
    """Five queries, whatever the size."""
    rows = Invitation.objects.filter(task=task)
    states = dict(rows.values_list("state").annotate(n=Count("pk")).order_by())
    return Progress(
        size=sum(states.values()),
        invited=states.get(InvitationState.INVITED, 0),
        held=states.get(InvitationState.HELD, 0),
        declined=states.get(InvitationState.DECLINED, 0),
        reminded=rows.filter(reminder__isnull=False).count(),
        answered=respondents(task),
        frozen=task.audience.frozen_at is not None,
        by_model=_by_model(task),
    )


def _by_model(task: Task) -> list[Missing]:
    rows = Invitation.objects.filter(task=task)
    asked = dict(rows.values_list("model").annotate(n=Count("pk")).order_by())
    took = rows.filter(member__in=Participation.objects.filter(task=task).values("member"))
    answered = dict(took.values_list("model").annotate(n=Count("pk")).order_by())
    return [
        Missing(label=model, asked=number, answered=answered.get(model, 0) if number >= FEWEST else None)
        for model, number in sorted(asked.items(), key=lambda row: -row[1])
    ]
