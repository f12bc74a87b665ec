"""Who may be connected with sound and picture in a room."""

from __future__ import annotations

from kocforum.members.models import Ban

from ..models import Seat


def sitting_in(workshop: int, member: int) -> Seat | None:
    """The seat of somebody who may be in the room now, with its room as it is now."""
    return (
        Seat.objects.in_the_room()
        .filter(workshop=workshop, member=member, member__is_active=True)
        .exclude(member__in=Ban.objects.standing().values("member"))
        .select_related("member", "workshop__task")
        .first()
    )
