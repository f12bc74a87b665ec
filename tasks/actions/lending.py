"""What the brand lends ends together: material that was only reserved is free again, and promotion is pulled."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kocforum.members.models import Member

from ..enums import EventState
from ..models import Event
from ..models.events import STANDS
from .material import hold_endorsement, release_reserved
from .promotion import pull_promised

NOT_OVER = (EventState.PLANNED, *STANDS)


def let_go(*, initiative: int, by: Member | None, because: str) -> None:
    """In the transaction that revokes the endorsement, or lets it expire."""
    because = because or _("The endorsement has ended.")
    release_reserved(initiative=initiative, by=by, because=because)
    pull_promised(initiative=initiative, because=because)


def let_go_of_event(*, event: Event, by: Member | None, because: str) -> None:
    """In the transaction that cancels an event: what speaks of it. When no other event is left, everything that is only promised."""
    if hold_endorsement(event.initiative_id) is None:
        return
    pull_promised(initiative=event.initiative_id, because=because, event=event)
    others = Event.objects.filter(initiative=event.initiative_id, state__in=NOT_OVER).exclude(pk=event.pk)
    if not others.exists():
        let_go(initiative=event.initiative_id, by=by, because=because)
