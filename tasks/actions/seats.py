"""The three counters of an event. Nothing else moves them: each step is one conditional update under the check of the table.

Whoever calls holds the event's row (`hold_event`), so that steps of one event follow each other.
"""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from kocforum.ledger.recording import record

from ..enums import EventState, RsvpState
from ..facts import OfferLapsed, PlaceOffered
from ..models import Event, Rsvp
from ..models.events import TAKES_PLACE
from ..models.rsvps import OF_THE_DAY


def hold_event(pk: int) -> Event:
    """Take the event's row for whatever counts its places."""
    return Event.objects.select_for_update(of=("self",)).select_related("initiative").get(pk=pk)


def take(event: Event, party: int) -> bool:
    """All of a party, or nobody (I1, I2)."""
    fits = Event.objects.filter(
        pk=event.pk, state=EventState.OPEN, capacity__gte=F("going") + F("guests") + F("offered") + party
    )
    return bool(fits.update(going=F("going") + 1, guests=F("guests") + party - 1))


def give_back(event: Event, party: int) -> None:
    """A party that had places does not come."""
    Event.objects.filter(pk=event.pk).update(going=F("going") - 1, guests=F("guests") - (party - 1))


def resize(event: Event, before: int, after: int) -> bool:
    """A party that has places becomes larger or smaller, if it fits."""
    more = after - before
    fits = Event.objects.filter(pk=event.pk, capacity__gte=F("going") + F("guests") + F("offered") + more)
    return bool(fits.update(guests=F("guests") + more))


def take_offer(event: Event, party: int) -> None:
    """What was promised becomes theirs."""
    Event.objects.filter(pk=event.pk).update(
        offered=F("offered") - party, going=F("going") + 1, guests=F("guests") + party - 1
    )


def drop_offer(event: Event, party: int) -> None:
    """What was promised is free again."""
    Event.objects.filter(pk=event.pk).update(offered=F("offered") - party)


def take_back_offers(event: Event) -> int:
    """Nobody can take them any more: whoever was offered a place stands in line where they stood."""
    back = 0
    for rsvp in list(Rsvp.objects.filter(event=event, state=RsvpState.OFFERED)):
        left = Rsvp.objects.filter(pk=rsvp.pk, state=RsvpState.OFFERED)
        if left.update(state=RsvpState.WAITLISTED, offered_until=None, changed_at=timezone.now()):
            drop_offer(event, rsvp.party)
            back += 1
    return back


def promote(event: Event) -> int:
    """Offer free places to who waits, in line, whoever fits. The only way from the waiting list to an offer (I3, I4).

    Nothing is offered when it would end too near to the beginning. Returns how many were offered one.
    """
    now, offered = timezone.now(), 0
    while True:
        event.refresh_from_db(fields=["state", "capacity", "going", "guests", "offered", "starts_at"])
        if event.state not in TAKES_PLACE or now >= event.offers_stop_at:
            return offered
        first = Rsvp.objects.filter(event=event, party__lte=event.free).waiting().first()
        if first is None:
            return offered
        fits = Event.objects.filter(pk=event.pk, capacity__gte=F("going") + F("guests") + F("offered") + first.party)
        if not fits.update(offered=F("offered") + first.party):
            return offered
        until = min(now + timedelta(hours=event.offer_hours), event.offers_stop_at)
        Rsvp.objects.filter(pk=first.pk).update(state=RsvpState.OFFERED, offered_until=until, changed_at=now)
        record(PlaceOffered(event_id=event.pk, member_id=first.member_id), by=None)
        offered += 1


def let_lapse(event: Event) -> int:
    """Offers whose time is over go, and their places to the next in line."""
    gone = 0
    for rsvp in list(Rsvp.objects.filter(event=event).due_to_lapse()):
        left = Rsvp.objects.due_to_lapse().filter(pk=rsvp.pk)
        if left.update(state=RsvpState.LAPSED, offered_until=None, changed_at=timezone.now(), **OF_THE_DAY):
            drop_offer(event, rsvp.party)
            record(OfferLapsed(event_id=event.pk, member_id=rsvp.member_id), by=None)
            gone += 1
    if gone:
        promote(event)
    return gone
