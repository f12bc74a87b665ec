"""Rules of releases, offers and verifications."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden
from kocforum.members.rules import can_write

from ..enums import OfferState, ReleaseState
from ..models import Offer


def can_release(user: Any) -> bool:
    """Researchers make releases, start betas, publish."""
    return bool(user.is_authenticated) and user.has_role("researcher")


def can_answer(user: Any, offer: Offer) -> bool | Conflict | Forbidden:
    """The owner whom it was offered to, in time, while there is a beta."""
    if not user.is_authenticated or offer.member_id != user.pk:
        return False
    if (writes := can_write(user)) is not True:
        return writes
    if offer.state != OfferState.OFFERED:
        return Conflict(_("This offer was already answered."))
    if offer.release.state != ReleaseState.BETA:
        return Conflict(_("The version is public now; everybody can install it."))
    if offer.expires_at <= timezone.now():
        return Conflict(_("This offer has run out. The version comes to everybody later."))
    return True


def can_seal(user: Any, offer: Offer) -> bool | Conflict | Forbidden:
    """Who took the beta writes while it is one, and may correct it until it is released to readers."""
    if not user.is_authenticated or offer.member_id != user.pk:
        return False
    if (writes := can_write(user)) is not True:
        return writes
    if offer.state != OfferState.ACCEPTED:
        return Conflict(_("Accept the offer first."))
    sealed = getattr(offer, "sealed", None)
    return sealed is None or sealed.released_at is None or Conflict(_("What you wrote stands in the thread already."))


def can_unseal(user: Any, offer: Offer) -> bool | Conflict | Forbidden:
    """Its writer alone, once the version is public."""
    if not user.is_authenticated or offer.member_id != user.pk:
        return False
    sealed = getattr(offer, "sealed", None)
    if sealed is None:
        return Conflict(_("You have not written anything yet."))
    if sealed.released_at:
        return Conflict(_("What you wrote stands in the thread already."))
    return offer.release.state == ReleaseState.PUBLIC or Conflict(
        _("The version is not public yet. What you wrote stays sealed until then.")
    )
