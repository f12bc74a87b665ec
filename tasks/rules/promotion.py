"""Who lends places on official channels, how many stand there at once, and what was promised against what ran."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from kocforum.errors import Conflict

from ..enums import PromotionPlace, SlotState
from ..models import PromotionSlot
from .material import can_lend

MOST_DAYS = 31  # of one slot: what stands there for longer is furniture
MOST_AT_ONCE = {
    PromotionPlace.FRONT: 2,
    PromotionPlace.BANNER: 1,
    PromotionPlace.NEWSLETTER: 3,
    PromotionPlace.OTHER: 5,
}
SLOT_MOVES: dict[str, tuple[str, ...]] = {
    SlotState.PLANNED: (SlotState.RAN, SlotState.PROVED, SlotState.PULLED),
    SlotState.RAN: (SlotState.PROVED, SlotState.PULLED),
    SlotState.PROVED: (SlotState.PULLED,),
    SlotState.PULLED: (),
}


def can_move_slot(user: Any, slot: PromotionSlot, to: str) -> Any:
    """Approvers say what ran and pull it."""
    if (lends := can_lend(user, slot.initiative)) is not True:
        return lends
    state = slot.get_state_display()
    return to in SLOT_MOVES[slot.state] or Conflict(
        _("It does not go there from where it is: %(state)s.") % {"state": state}
    )


def most_on_one_day(begins: date, ends: date, others: Iterable[tuple[date, date]]) -> int:
    """How many of the others stand there on the fullest of these days. It is fullest where one begins."""
    spans = [(max(first, begins), min(last, ends)) for first, last in others if first <= ends and last >= begins]
    return max((sum(first <= day <= last for first, last in spans) for day, _last in spans), default=0)


def fits_in_days(begins: date, ends: date) -> bool:
    return begins <= ends < begins + timedelta(days=MOST_DAYS)


def kept_promises(slots: Iterable[PromotionSlot]) -> dict[str, int]:
    """What was promised against what ran. What was pulled stays a promise."""
    rows = list(slots)
    return {
        "promised": len(rows),
        "ran": sum(slot.ran_at is not None for slot in rows),
        "proved": sum(bool(slot.proof_link or slot.proof_id) for slot in rows),
        "pulled": sum(slot.state == SlotState.PULLED for slot in rows),
    }
