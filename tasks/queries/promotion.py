"""Places on channels as pages show them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from ..models import Initiative, PromotionSlot
from ..rules.promotion import MOST_AT_ONCE, kept_promises


def slots_on_front(user: Any) -> list[PromotionSlot]:
    """What the front page shows to everybody today. One query."""
    shown = PromotionSlot.objects.on_front().select_related("initiative__proposer", "event")
    return list(shown.order_by("begins_on", "pk")[: MOST_AT_ONCE["front"]])


def slots_seen_by(user: Any) -> QuerySet[PromotionSlot]:
    """With the picture that proves it."""
    return PromotionSlot.objects.visible_to(user).select_related("initiative", "event", "proof", "planned_by")


def promotion_of(initiative: Initiative, user: Any) -> dict[str, Any]:
    """What was promised to this initiative against what ran."""
    slots = list(slots_seen_by(user).filter(initiative=initiative))
    return {"slots": slots, "kept": kept_promises(slots)}
