"""How far the asking has come, and who is missing: numbers only."""

from __future__ import annotations

from collections import Counter
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
    """Members by how far they were addressed, and answers. `of_audience`: those of the answers that come from it; colleagues take part in
    rooms as well, and who was not invited may answer what is open to everybody. `frozen`: the audience is complete."""

    size: int
    invited: int
    held: int
    declined: int
    reminded: int
    answered: int
    of_audience: int
    frozen: bool
    by_model: list[Missing]

    @property
    def rate(self) -> float | None:
        """The share of the audience that answered; None while nobody stands in it."""
        return self.of_audience / self.size if self.size else None


def respondents(task: Task) -> int:
    """How many took part."""
    return Participation.objects.filter(task=task).count()


def progress_of(task: Task) -> Progress:
    """Four queries, whatever the size: who was asked, who of them answered, all answers, and the audience."""
    rows = Invitation.objects.filter(task=task)
    states, asked, reminded = Counter(), Counter(), 0
    for row in rows.values("state", "model").annotate(n=Count("pk"), reminded=Count("reminder")).order_by():
        states[row["state"]] += row["n"]
        asked[row["model"]] += row["n"]
        reminded += row["reminded"]
    took = rows.filter(member__in=Participation.objects.filter(task=task).values("member"))
    took = dict(took.values_list("model").annotate(n=Count("pk")).order_by())
    return Progress(
        size=states.total(),
        invited=states[InvitationState.INVITED],
        held=states[InvitationState.HELD],
        declined=states[InvitationState.DECLINED],
        reminded=reminded,
        answered=respondents(task),
        of_audience=sum(took.values()),
        frozen=task.audience.frozen_at is not None,
        by_model=[
            Missing(label=model, asked=number, answered=took.get(model, 0) if number >= FEWEST else None)
            for model, number in asked.most_common()
        ],
    )
