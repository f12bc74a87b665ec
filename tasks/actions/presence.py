"""Who is in a room right now; and what happens to a room whose hosts are not (W10)."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from kocforum.live.pushing import push

from ..models import Stay, Workshop
from ..models.presence import GONE_AFTER
from ..queries.boards import board_of
from ..queries.presence import leads_of
from ..rules.boards import Recording
from ..rules.sittings import Event, resumed, seconds_left
from .rooms import append

PRESENCE = "room.presence"  # what is pushed when somebody came or went
HOSTS_MAY_BE_GONE = timedelta(seconds=90)


@transaction.atomic
def note_presence(*, workshop: Workshop, here: Collection[int], gone: Collection[int] = ()) -> None:
    """What one process sees: the members who have a socket with it, and those who had one a moment ago. Who is in the room by
    another process is written anew by that one's next word."""
    now = timezone.now()
    open_ones = Stay.objects.filter(workshop=workshop, left_at__isnull=True)
    changed = open_ones.filter(seen_at__lte=now - GONE_AFTER).update(left_at=F("seen_at"))
    if gone:
        changed += open_ones.filter(member__in=gone).update(left_at=now, seen_at=now)
    stays = open_ones.filter(member__in=here)
    stays.update(seen_at=now)
    new = set(here) - set(stays.values_list("member", flat=True))
    rows = [Stay(workshop=workshop, member_id=member, came_at=now, seen_at=now) for member in sorted(new)]
    Stay.objects.bulk_create(rows, ignore_conflicts=True)
    if new:
        _pause_for(workshop, new)
    if changed or new:
        push(f"room:{workshop.pk}", PRESENCE, workshop.pk)


def _pause_for(workshop: Workshop, new: set[int]) -> None:
    """Recording waits for who comes in and has not agreed."""
    with board_of(workshop) as board:
        waits = board.recording == Recording.ON and not new <= board.agreed
    if not waits:
        return
    room = Workshop.objects.select_for_update(of=("self",)).get(pk=workshop.pk)
    with board_of(room) as board:
        waits = board.recording == Recording.ON and room.is_live
    if waits:
        append(room, Event("recording.pause", {"waits": len(new)}), actor=None, op_id=uuid.uuid4())


@transaction.atomic
def look_after_room(*, workshop: Workshop) -> str:
    """The caretaker: who leads is gone for 90 seconds, then a co-host leads; none of the hosts is here, then the room waits and its
    timer with it; one is back, then it goes on. A host who was never seen on a socket is missed by nobody. Returns what was done."""
    if not leads_of(workshop):
        return ""
    room = Workshop.objects.select_for_update(of=("self",)).get(pk=workshop.pk)
    if not room.is_live:
        return ""
    event = _what_to_do(room)
    if event is None:
        return ""
    append(room, event, actor=None, op_id=uuid.uuid4())
    return event.kind


def _what_to_do(room: Workshop) -> Event | None:
    now, leads = timezone.now(), leads_of(room)
    here = {one.member for one in leads if one.seen_at > now - HOSTS_MAY_BE_GONE}
    with board_of(room) as board:
        if not here:
            return None if board.suspended else Event("room.suspend", {"left": seconds_left(board, now)})
        if board.suspended:
            return resumed(board.left, now)
        if board.lead not in here and board.lead in {one.member for one in leads}:
            return Event("lead.pass", {"to": min(here)})
    return None


def look_after_rooms() -> int:
    """Rooms whose processes are gone with everybody in them. Returns how many changed."""
    rooms = Workshop.objects.live().filter(stays__isnull=False).distinct()
    return sum(bool(look_after_room(workshop=room)) for room in rooms)
