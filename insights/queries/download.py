"""What this side holds about a member, for that member."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..models import Offer


def offers_and_sealed_words(member: Any) -> tuple[str, Iterable[dict[str, Any]]]:
    """Offers of betas, with what the member wrote under seal."""
    offers = Offer.objects.filter(member=member).select_related("release", "sealed").order_by("pk")
    return "offers", (
        {
            "version": offer.release.version_name,
            "state": offer.state,
            "offered_at": offer.offered_at,
            "consented_at": offer.consented_at,
            "answered_at": offer.answered_at,
            "words": offer.sealed.words if hasattr(offer, "sealed") else "",
            "observed": offer.sealed.observed if hasattr(offer, "sealed") else {},
        }
        for offer in offers
    )
