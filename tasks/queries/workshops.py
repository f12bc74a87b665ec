"""Workshops as the shell shows them: what stands against opening, the own seat, who comes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.ui.links import links_for

from ..enums import SeatRole, SeatState, TaskState
from ..models import RoomEvent, RoomResult, Seat, Task, Workshop
from ..rules.check_ins import can_check_in, can_keep_door
from ..rules.minutes import seat_inside
from ..rules.tasks import can_ask
from ..rules.workshops import (
    can_enter,
    can_open_room,
    can_replay,
    can_reword_consent,
    can_take_seat,
    consent_hash_of,
    has_accepted,
)
from .boards import board_of
from .minutes import minutes_wait_for
from .room_results import results_of

EARLY = timedelta(hours=2)  # before the door opens: who is early finds the way to say so


def problems_of(task: Task) -> list[str]:
    """What stands against inviting."""
    workshop = Workshop.objects.filter(task=task).first()
    if workshop is None:
        return [_("Say first when it begins.")]
    if not workshop.list.filter(role=SeatRole.KOC).exists():
        return [_("Name the owners who are invited.")]
    return []


def figures_of(task: Task) -> dict[str, Any]:
    """What the report freezes: how many were invited and came, what was written and decided."""
    workshop = Workshop.objects.get(task=task)
    owners = workshop.list.filter(role=SeatRole.KOC)
    came = RoomEvent.objects.filter(workshop=workshop).values("actor").distinct()
    with board_of(workshop) as board:
        counts = {
            "notes": len(board.standing_notes()),
            "groups": len(board.standing_groups()),
            "votes": sum(sum(cast.values()) for cast in board.votes.values()),
            "decisions": len(board.decisions),
            "actions": len(board.actions),
        }
    return {"invited": owners.count(), "respondents": owners.filter(member__in=came).count(), **counts}


def bring_workshops(tasks: Iterable[Task], user: Any) -> None:
    """Give each workshop task its `workshop` and, to who is on its list, `seat`. Two queries."""
    by_id = {task.pk: task for task in tasks}
    for workshop in Workshop.objects.filter(task__in=by_id):
        task = by_id[workshop.task_id]
        workshop.task, task.workshop, task.seat = task, workshop, None
    if user.is_authenticated:
        for seat in Seat.objects.filter(workshop__task__in=by_id, member=user.pk).select_related("workshop"):
            by_id[seat.workshop.task_id].seat = seat


def page_of(task: Task, user: Any) -> dict[str, Any]:
    """What the parts of a workshop's page need besides the workshop."""
    workshop = getattr(task, "workshop", None)
    if workshop is None:
        return {}
    listed = list(workshop.list.select_related("member").order_by("pk"))
    coming = [seat for seat in listed if seat.state == SeatState.ACCEPTED]
    standby = [seat for seat in sorted(listed, key=lambda one: (one.answered_at is None, one.answered_at, one.pk)) if seat.state == SeatState.STANDBY]  # fmt: skip
    own = next((seat for seat in listed if seat.member_id == user.pk), None)
    must_accept = own is not None and own.state == SeatState.ACCEPTED and not has_accepted(own, workshop)
    return {
        "workshop": workshop,
        "seat": own,
        "listed": listed,
        "coming": coming,
        "place_in_line": standby.index(own) + 1 if own in standby else 0,
        "may_take": can_take_seat(user, workshop) if user.is_authenticated else False,
        "may_open": user.is_authenticated and can_open_room(user, workshop) is True,
        "may_enter": user.is_authenticated and workshop.is_live and can_enter(user, workshop) is True,
        "must_accept": must_accept,
        "accepted_before": must_accept and bool(own.consent_hash),
        "consent_version": workshop.consent_texts.count() if workshop.consent else 0,
        "consent_hash": consent_hash_of(workshop),
        "may_keep_door": own is not None and can_keep_door(user, workshop) is True,
        "may_check_in": _is_expected(own, workshop) and can_check_in(user, workshop) is True,
        "may_replay": own is not None and can_replay(user, workshop) is True,
        "may_look_back": workshop.ended_at is not None and seat_inside(user, workshop) is not None,
        "minutes_wait": own is not None and workshop.ended_at is not None and minutes_wait_for(workshop, user.pk),
    }


def _is_expected(seat: Seat | None, workshop: Workshop) -> bool:
    """At a door that is open or opens soon."""
    soon = timezone.now() >= workshop.arrive_at - EARLY
    return seat is not None and workshop.has_a_door and soon and seat.checked_in_at is None


def desk_of(task: Task, user: Any) -> dict[str, Any]:
    """What colleagues see besides: the words that everybody accepts, by version, and who did not come."""
    workshop = getattr(task, "workshop", None)
    if workshop is None:
        return {}
    listed = workshop.list.select_related("member").order_by("pk")
    return {
        "may_reword": can_reword_consent(user, workshop) is True,
        "may_invite": can_ask(user) and task.state in {TaskState.DRAFT, TaskState.OPEN} and not workshop.live_at,
        "texts": list(workshop.consent_texts.select_related("by").order_by("-number")),
        "missed": [seat for seat in listed if seat.missed_at] if can_ask(user) else [],
        "results": _with_links(results_of(workshop), user),
        "hosted_alone": not any(seat.role == SeatRole.COHOST for seat in listed),
    }


def _with_links(results: list[RoomResult], user: Any) -> list[RoomResult]:
    """What a room left to be done, each with what colleagues can make of it and whether this one may say how far it is."""
    for one in results:
        one.links, one.may_move = links_for("room_result", user, one), can_ask(user)
    return results


def edit_address(task: Task) -> str:
    return reverse("workshop_edit", args=[task.pk])


def again_address(task: Task) -> str:
    return f"{reverse('workshop_new')}?parent={task.pk}"


def cost_of(task: Task) -> int:
    """The whole meeting."""
    return task.seconds
