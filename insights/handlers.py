"""What follows from facts: words that became readable later still count, members are told, offers run out."""

from __future__ import annotations

from typing import Any

from kocforum.forum.facts import (
    PostHeld,
    PostHidden,
    PostRemoved,
    PostRestored,
    ReportWithdrawn,
    ThreadMoved,
    VerificationTold,
)
from kocforum.forum.models import Verification
from kocforum.ledger.duties import every
from kocforum.ledger.subscribers import on
from kocforum.members.facts import AccountClosed
from kocforum.notifications.actions import notify, notify_all

from . import kinds
from .actions.offers import expire_offers, let_go
from .actions.outcomes import tell_outcomes_anew
from .actions.verdicts import settle
from .facts import OfferMade, ReleasePublished
from .models import Offer, Release
from .queries.owners import garages_to_tell, is_older, participants


@on(VerificationTold)
def draw_the_consequences(told: VerificationTold, row: Any) -> None:
    """A verification can be read, at once or after its review."""
    if verification := Verification.objects.filter(pk=told.verification_id).first():
        settle(verification=verification)


@on(PostRemoved, PostHidden, PostHeld, PostRestored)
def draw_them_anew(told: Any, row: Any) -> None:
    """A verification was withdrawn, taken down, or stands again: what it changed follows it."""
    if verification := Verification.objects.filter(post=told.post_id).first():
        settle(verification=verification)


@on(OfferMade)
def tell_who_is_offered(told: OfferMade, row: Any) -> None:
    """The first teller first, then the others; each has an offer of the own."""
    if offer := Offer.objects.select_related("member").filter(pk=told.offer_id).first():
        notify(member=offer.member, kind=kinds.OFFERED, object_id=offer.pk, params={}, fact_id=row.pk)


@on(ReleasePublished)
def tell_who_is_concerned(told: ReleasePublished, row: Any) -> None:
    """Each person once: who wrote under seal, else who took part, else whose car has an older version."""
    release = Release.objects.select_related("version").filter(pk=told.release_id).first()
    if release is None:
        return
    reached: set[int] = set()
    for offer in release.offers.filter(sealed__isnull=False, sealed__released_at__isnull=True).select_related("member"):
        notify(member=offer.member, kind=kinds.SEAL_OPENS, object_id=offer.pk, params={}, fact_id=row.pk)
        reached.add(offer.member_id)
    took_part = [pk for pk in participants(release).values_list("pk", flat=True) if pk not in reached]
    notify_all(members=took_part, kind=kinds.ANSWERED, object_id=release.pk, params={}, fact_id=row.pk)
    reached |= set(took_part)
    cars = garages_to_tell(release).values_list("owner_id", "version_now").iterator(chunk_size=2000)
    owners = dict.fromkeys(pk for pk, version in cars if pk not in reached and is_older(version, release))
    notify_all(members=owners, kind=kinds.GARAGE, object_id=release.pk, params={}, fact_id=row.pk)


@on(AccountClosed)
def let_a_member_go(told: AccountClosed, row: Any) -> None:
    """Sealed words of somebody who left are nobody's."""
    let_go(member_id=told.member_id)


@on(PostHidden, PostRestored, PostRemoved, ReportWithdrawn, ThreadMoved)
def name_what_is_public_still(
    told: PostHidden | PostRestored | PostRemoved | ReportWithdrawn | ThreadMoved, row: Any
) -> None:
    """A title that moderation hid is not read on in what came of a survey; one that is back is."""
    tell_outcomes_anew(thread_id=told.thread_id)


@every(hours=1)
def let_offers_run_out() -> None:
    """Two weeks are enough to say yes or no."""
    expire_offers()
