"""What rooms left to be done: of one room, of the rooms before it, and what stands against its report."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from ..enums import RoomVerdict
from ..models import RoomResult, RoomWord, Task, Workshop
from .boards import board_of

FARTHEST = 8  # rooms back


def results_of(workshop: Workshop) -> list[RoomResult]:
    return list(RoomResult.objects.filter(workshop=workshop).select_related("owner", "workshop"))


def rooms_before(task: Task) -> list[int]:
    """Tasks from which this one follows, the nearest first."""
    found: list[int] = []
    parent = task.parent_id
    while parent and parent not in found and len(found) < FARTHEST:
        found.append(parent)
        parent = Task.objects.filter(pk=parent).values_list("parent", flat=True).first()
    return found


def carried_into(workshop: Workshop) -> list[RoomResult]:
    """What the rooms before this one left unfinished: it is on the table here. A query for each room before, and one."""
    before = rooms_before(workshop.task)
    if not before:
        return []
    rows = RoomResult.objects.unfinished().filter(workshop__task__in=before)
    return list(rows.select_related("owner", "workshop").order_by(F("due").asc(nulls_last=True), "id"))


def against_report(task: Task) -> list[str]:
    """A room is not reported while a group that was chosen has neither a ticket nor an end nor a "no, because" (W19)."""
    workshop = Workshop.objects.filter(task=task).first()
    if workshop is None or workshop.live_at is None:
        return []
    settled = RoomResult.objects.filter(workshop=workshop, kind="chosen").exclude(
        pk__in=RoomResult.objects.unanswered().values("pk")
    )
    numbers = set(settled.values_list("number", flat=True))
    with board_of(workshop) as board:
        waiting = [
            board.groups[one.group].name
            for one in board.decisions.values()
            if one.verdict == RoomVerdict.CHOSEN and not board.groups[one.group].gone and one.group not in numbers
        ]
    return [
        _("“%(name)s” was chosen in the room. Make a ticket of it, or say there why not.") % {"name": name}
        for name in waiting
    ]


def words_of(workshop: Workshop, user: Any) -> list[RoomWord]:
    """The private thread, oldest first."""
    return list(RoomWord.objects.visible_to(user).filter(workshop=workshop).select_related("author"))
