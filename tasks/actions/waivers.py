"""The organisers' words about risk: versions of them, and who accepted which (I20)."""

from __future__ import annotations

from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden, Invalid
from kocforum.ledger.recording import record
from kocforum.members.models import Member

from ..enums import EventState, RsvpState
from ..facts import WaiverAccepted, WaiverChanged
from ..models import Event, Rsvp, WaiverText
from ..models.events import STANDS
from .seats import hold_event


def version_of(words: str) -> str:
    """SHA-256 of the words with one space between them: a line break is no other version, every other sign is. Blank where none are."""
    words = " ".join(words.split())
    return sha256(words.encode()).hexdigest() if words else ""


@transaction.atomic
def keep_waiver(*, by: Member, event: Event, before: str = "") -> None:
    """Keep this version for whoever wants to read later what was accepted; where it is another one, ask those with a place again."""
    if event.waiver_sha256:
        said = {"words": event.waiver}
        WaiverText.objects.get_or_create(event=event, sha256=event.waiver_sha256, defaults=said)
    if event.waiver_sha256 != before and event.state != EventState.PLANNED:
        record(WaiverChanged(event_id=event.pk), by=by)


def accepted(*, event: Event, mine: Rsvp | None, waived: str) -> str:
    """The version that this place comes with. The event's row is held, so it is that of now.

    Who was shown another one, by a page that stood open, reads it again. Who comes already may change what they said without: they are
    asked apart."""
    if not event.waiver_sha256 or waived == event.waiver_sha256:
        return event.waiver_sha256
    kept = mine.waived_sha256 if mine is not None and mine.is_standing else ""
    if not waived and mine is not None and (kept == event.waiver_sha256 or mine.state == RsvpState.GOING):
        return kept
    if waived:
        raise Conflict(_("The words about risk have changed meanwhile. Please read them again, then accept them."))
    raise Invalid({"waived": _("Read the words about risk and accept them.")})


@transaction.atomic
def accept_waiver(*, by: Member, event: Event, waived: str) -> Rsvp:
    """Accept the words about risk as they are now, for a place that one has or waits for. Twice is once."""
    if not by.is_authenticated:
        raise Forbidden(_("Please sign in first."))
    held = hold_event(event.pk)
    mine = Rsvp.objects.standing().filter(event=held, member=by.pk).first()
    if mine is None:
        raise Conflict(_("You have no place there."))
    if held.state not in STANDS:
        raise Conflict(_("It is over; what stands there stays."))
    if not held.waiver_sha256:
        raise Conflict(_("There is nothing to accept any more."))
    if waived != held.waiver_sha256:
        raise Conflict(_("The words about risk have changed meanwhile. Please read them again, then accept them."))
    if mine.waived_sha256 != waived:
        Rsvp.objects.filter(pk=mine.pk).update(waived_sha256=waived, changed_at=timezone.now())
        record(WaiverAccepted(event_id=held.pk, member_id=by.pk), by=by)
        mine.refresh_from_db()
    return mine
