"""What a room left to be done moves on: by who promised it, by the hosts, and by a ticket that rests on it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.text import clean_line

from ..enums import ResultKind, ResultState, RoomVerdict
from ..facts import ResultDue, ResultMoved, ResultTakenUp
from ..models import RoomResult, Workshop
from ..queries.boards import board_of
from ..queries.minutes import votes_in_lanes
from ..rules.minutes import can_move_result


def write_results(*, workshop: Workshop) -> None:
    """Part of drafting the minutes: a row for each group that was chosen and for each action item."""
    roles = dict(workshop.list.values_list("member", "role"))
    with board_of(workshop) as board:
        votes = votes_in_lanes(board, roles)
        rows = [
            RoomResult(
                workshop=workshop,
                kind=ResultKind.CHOSEN,
                number=one.group,
                title=board.groups[one.group].name,
                why=one.why,
                **votes.get(one.group, {}),
            )
            for one in board.decisions.values()
            if one.verdict == RoomVerdict.CHOSEN and not board.groups[one.group].gone
        ] + [
            RoomResult(
                workshop=workshop,
                kind=ResultKind.ACTION,
                number=one.id,
                title=one.text,
                why=board.groups[one.group].name if one.group else "",
                owner_id=one.owner,
                **votes.get(one.group or 0, {}),
                due=date.fromisoformat(one.due),
            )
            for one in board.actions.values()
        ]
    RoomResult.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def move_result(*, by: Member, result: RoomResult, to: str, expected: str, reason: str = "") -> RoomResult:
    """How far it is, from the state that was seen. What is not done says why, and may be taken up again."""
    require(can_move_result(by, result), _("Who promised it says how far it is, or a host."))
    if to not in ResultState.values:
        raise Invalid({"to": _("There is no such state.")})
    reason = clean_line(reason)[:400]
    if to == ResultState.DROPPED and not reason:
        raise Invalid({"reason": _("Say why not. Those who met read it.")})
    here = RoomResult.objects.filter(pk=result.pk, state=expected)
    if not here.update(state=to, reason=reason if to == ResultState.DROPPED else "", moved_at=timezone.now()):
        raise Conflict(_("Somebody has changed it since."))
    result.refresh_from_db()
    record(ResultMoved(task_id=result.workshop.task_id, result_id=result.pk, state=to), by=by)
    push(f"room:{result.workshop_id}", "room.result", result.pk)
    return result


@transaction.atomic
def take_up_result(*, by: Member | None, result: RoomResult) -> None:
    """A ticket rests on it from now on. The app above decides who may; told once."""
    if RoomResult.objects.filter(pk=result.pk, taken_up_at__isnull=True).update(taken_up_at=timezone.now()):
        record(ResultTakenUp(task_id=result.workshop.task_id, result_id=result.pk), by=by)
        push(f"room:{result.workshop_id}", "room.result", result.pk)


def remind_of_results() -> int:
    """Tell who promised something that it is due, once. Returns how many were told."""
    return sum(_remind(pk) for pk in list(RoomResult.objects.due_to_remind().values_list("pk", flat=True)))


@transaction.atomic
def _remind(pk: int) -> bool:
    due = RoomResult.objects.due_to_remind().filter(pk=pk)
    if not due.update(reminded_at=timezone.now()):
        return False
    row = RoomResult.objects.select_related("workshop").get(pk=pk)
    record(ResultDue(task_id=row.workshop.task_id, result_id=pk, owner_id=row.owner_id), by=None)
    return True
