"""Events go on in time: offers lapse, who comes is reminded, and told of whatever changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kocforum.ledger.duties import every
from kocforum.ledger.subscribers import on
from kocforum.notifications.actions import notify_all, withdraw

from .. import kinds
from ..actions.events import forget_plates
from ..actions.passing import announce_events, begin_due, end_due
from ..actions.rsvps import lapse_due
from ..actions.scans import forget_walk_ins
from ..enums import EndorsementState, EventState
from ..facts import (
    CrewChosen,
    CrewLeft,
    EndorsementMoved,
    EventAnnounced,
    EventEdited,
    EventMoved,
    EventNear,
    GuestArrived,
    OfferLapsed,
    PlaceOffered,
    WaiverAccepted,
    WaiverChanged,
)
from ..models import Event, Rsvp
from ..models.events import STANDS
from ..queries.gates import who_came


@every(minutes=1)
def let_offers_lapse() -> None:
    """A place that nobody took in time goes to the next in line."""
    lapse_due()


@every(minutes=1)
def let_events_begin_and_end() -> None:
    """By the clock of the database."""
    begin_due()
    end_due()


@every(minutes=15)
def look_for_events() -> None:
    """Remind a day before."""
    announce_events()


@every(days=1, at="03:40")
def let_plates_go() -> None:
    """A month after the event nobody needs them, nor the names of who came without a place."""
    forget_plates()
    forget_walk_ins()


def _tell(members: Iterable[int], kind: str, event: int, row: Any) -> None:
    """Nobody is told of what they did themselves."""
    notify_all(
        members=[one for one in members if one != row.by_id], kind=kind, object_id=event, params={}, fact_id=row.pk
    )


def _standing(event: int) -> list[int]:
    return list(Rsvp.objects.standing().filter(event=event).values_list("member", flat=True))


@on(PlaceOffered)
def tell_who_is_offered_a_place(told: PlaceOffered, row: Any) -> None:
    _tell([told.member_id], kinds.PLACE_OFFERED, told.event_id, row)


@on(OfferLapsed)
def tell_that_it_went_on(told: OfferLapsed, row: Any) -> None:
    _tell([told.member_id], kinds.OFFER_LAPSED, told.event_id, row)


@on(EventNear)
def remind_who_comes(told: EventNear, row: Any) -> None:
    going = Rsvp.objects.going().filter(event=told.event_id)
    _tell(going.values_list("member", flat=True), kinds.EVENT_NEAR, told.event_id, row)


@on(EventNear)
def remind_who_keeps_the_gate(told: EventNear, row: Any) -> None:
    """A page that was never opened opens nowhere without a network (I8)."""
    event = Event.objects.select_related("initiative__proposer", "initiative__deputy").get(pk=told.event_id)
    _tell(sorted(event.keepers()), kinds.GATE_NEAR, event.pk, row)


@on(CrewChosen)
def tell_who_is_asked_to_help(told: CrewChosen, row: Any) -> None:
    _tell([told.member_id], kinds.CREW_CHOSEN, told.event_id, row)


@on(CrewLeft)
def ask_for_help_no_more(told: CrewLeft, row: Any) -> None:
    withdraw(kind=kinds.CREW_CHOSEN, object_id=told.event_id, member=told.member_id)


@on(EventMoved)
def ask_how_it_was(told: EventMoved, row: Any) -> None:
    """Everybody who came, and nobody twice: the end comes once."""
    if told.to_state == EventState.HELD:
        event = Event.objects.select_related("initiative__proposer", "initiative__deputy").get(pk=told.event_id)
        leaders = event.initiative.leaders
        _tell([pk for pk in who_came(event) if pk not in leaders], kinds.HOW_WAS_IT, event.pk, row)


@on(GuestArrived)
def ask_who_was_heard_of_late(told: GuestArrived, row: Any) -> None:
    """A phone without a network tells only after the end who came."""
    event = Event.objects.select_related("initiative__proposer", "initiative__deputy").get(pk=told.event_id)
    leaders = event.initiative.leaders
    if event.state == EventState.HELD and told.member_id not in leaders:
        _tell([told.member_id], kinds.HOW_WAS_IT, event.pk, row)


@on(EventAnnounced)
def tell_what_was_announced(told: EventAnnounced, row: Any) -> None:
    _tell(_standing(told.event_id), kinds.EVENT_ANNOUNCED, told.event_id, row)


@on(EventEdited)
def tell_what_is_different(told: EventEdited, row: Any) -> None:
    if told.material:
        _tell(_standing(told.event_id), kinds.EVENT_CHANGED, told.event_id, row)


@on(WaiverChanged)
def ask_to_accept_anew(told: WaiverChanged, row: Any) -> None:
    """Whoever has a place or waits, and accepted other words; who accepted these before is asked no more. Where none are left, nobody is."""
    event = Event.objects.get(pk=told.event_id)
    if event.waiver_sha256:
        places = Rsvp.objects.standing().filter(event=event)
        fits, anew = places.filter(waived_sha256=event.waiver_sha256), places.exclude(waived_sha256=event.waiver_sha256)
        withdraw(kind=kinds.WAIVER_CHANGED, object_id=event.pk, members=fits.values_list("member", flat=True))
        _tell(anew.values_list("member", flat=True), kinds.WAIVER_CHANGED, event.pk, row)
    else:
        withdraw(kind=kinds.WAIVER_CHANGED, object_id=event.pk)


@on(WaiverAccepted)
def ask_for_it_no_more(told: WaiverAccepted, row: Any) -> None:
    withdraw(kind=kinds.WAIVER_CHANGED, object_id=told.event_id, member=told.member_id)


@on(EventMoved)
def ask_for_nothing_when_it_is_over(told: EventMoved, row: Any) -> None:
    if told.to_state == EventState.HELD:
        withdraw(kind=kinds.WAIVER_CHANGED, object_id=told.event_id)


@on(EventMoved)
def tell_that_it_is_cancelled(told: EventMoved, row: Any) -> None:
    if told.to_state == EventState.CANCELLED:
        withdraw(kind=kinds.PLACE_OFFERED, object_id=told.event_id)
        withdraw(kind=kinds.WAIVER_CHANGED, object_id=told.event_id)
        _tell(_standing(told.event_id), kinds.EVENT_CANCELLED, told.event_id, row)


@on(EventMoved)
def offer_nothing_more(told: EventMoved, row: Any) -> None:
    """Offers are taken back when it begins, or has no day."""
    if told.to_state in {EventState.POSTPONED, EventState.RUNNING}:
        withdraw(kind=kinds.PLACE_OFFERED, object_id=told.event_id)


@on(EventMoved)
def tell_that_it_has_a_day(told: EventMoved, row: Any) -> None:
    if told.from_state == EventState.POSTPONED:
        withdraw(kind=kinds.EVENT_POSTPONED, object_id=told.event_id)
        if told.to_state == EventState.OPEN:
            _tell(_standing(told.event_id), kinds.EVENT_HAS_A_DAY, told.event_id, row)


@on(EventMoved)
def tell_that_it_is_postponed(told: EventMoved, row: Any) -> None:
    """The old day is nobody's any more; the new one is told when it is known."""
    if told.to_state == EventState.POSTPONED:
        withdraw(kind=kinds.EVENT_NEAR, object_id=told.event_id)
        withdraw(kind=kinds.GATE_NEAR, object_id=told.event_id)
        _tell(_standing(told.event_id), kinds.EVENT_POSTPONED, told.event_id, row)


@on(EndorsementMoved)
def tell_that_it_is_endorsed_no_more(told: EndorsementMoved, row: Any) -> None:
    """Every place is told of a revocation; the event may go on."""
    if told.to_state == EndorsementState.REVOKED:
        for event in Event.objects.filter(initiative=told.initiative_id, state__in=STANDS).values_list("pk", flat=True):
            _tell(_standing(event), kinds.EVENT_UNENDORSED, event, row)
