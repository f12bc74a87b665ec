"""Take a place at an event, take what was offered, give it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Forbidden, Invalid, require
from kocforum.garage.models import Vehicle
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.text import clean_line

from ..enums import RsvpState
from ..facts import PlaceGivenUp, PlaceTaken, WaiverAccepted
from ..models import Event, Rsvp
from ..models.events import STANDS
from ..models.rsvps import FIRST_PRIORITY, OF_THE_DAY, USUAL_PRIORITY
from ..rules.events import can_give_up, can_run, can_take_place
from . import seats
from .waivers import accepted

MOST_WORDS = 500
LEAST_DIGITS = 5


@dataclass(frozen=True, kw_only=True)
class Minors:
    """How many of a party are under 18, and whom to call for them; None is as it was. Only the crew reads it."""

    count: int | None = 0
    guardian: str | None = ""
    phone: str | None = ""


@once(Rsvp)
@transaction.atomic
def take_place(
    *,
    by: Member,
    event: Event,
    party: int | None = None,
    answers: Mapping[str, Any] | None = None,
    vehicle: Vehicle | None = None,
    plate: str = "",
    listed: bool = False,
    minors: Minors | None = None,
    waived: str = "",
) -> Rsvp:
    """Come, with a party or alone; where not all of it fits, wait in line. Who is offered a place takes it by the same act.

    Said again it changes what was said; `party` and `minors` left out stay as they were. `waived` names the version of the words about
    risk that was shown and accepted."""
    held = seats.hold_event(event.pk)
    seats.let_lapse(held)
    mine = Rsvp.objects.select_for_update(of=("self",)).filter(event=held, member=by.pk).first()
    offered = mine is not None and mine.state == RsvpState.OFFERED
    require(can_take_place(by, held, offered=offered), _("No place can be taken at present."))
    standing = mine is not None and mine.is_standing
    wanted = (mine.party if mine and standing else 1) if party is None else party
    if not 1 <= wanted <= held.party_most:
        raise Invalid({"party": _("A number from 1 to %(most)s.") % {"most": held.party_most}})
    before = mine if standing else None
    said = _said(held, by, before, answers, vehicle, plate, listed) | _with_minors(before, wanted, minors)
    said["waived_sha256"] = accepted(event=held, mine=before, waived=waived)
    if mine is not None and said["waived_sha256"] not in {"", mine.waived_sha256}:
        record(WaiverAccepted(event_id=held.pk, member_id=by.pk), by=by)
    if mine is not None and mine.state == RsvpState.GOING:
        return _change(held, mine, wanted, said)
    if mine is not None and mine.state == RsvpState.OFFERED:
        return _accept(held, mine, wanted, said)
    came_at = mine.joined_at if mine and standing and wanted <= mine.party else timezone.now()
    priority = mine.priority if mine and standing else USUAL_PRIORITY
    state = RsvpState.GOING if seats.take(held, wanted) else RsvpState.WAITLISTED
    values = {**said, "party": wanted, "state": state, "joined_at": came_at, "priority": priority}
    if mine is None:
        mine = Rsvp.objects.create(event=held, member=by, **values)
    else:
        Rsvp.objects.filter(pk=mine.pk).update(**values, offered_until=None)
        mine.refresh_from_db()
    record(PlaceTaken(event_id=held.pk, member_id=by.pk, state=state, party=wanted), by=by)
    _tell(held)
    return mine


def _change(event: Event, mine: Rsvp, party: int, said: dict[str, Any]) -> Rsvp:
    """Who comes brings more or fewer people. Where they do not fit, nothing changes; who was there when an incident was reported, and whom
    to call for the children among them, is not made less."""
    fewer = party < mine.party or said["minors"] < mine.minors or (mine.guardian and not said["guardian"])
    if fewer and stands(mine):
        raise Conflict(
            _("You were there when an incident was reported. Your party and the children in it stay as they were.")
        )
    if party < mine.party and party < (inside := mine.scans.people()):
        raise Conflict(_("%(n)s of your party are checked in already.") % {"n": inside})
    if party != mine.party and not seats.resize(event, mine.party, party):
        event.refresh_from_db()
        raise Conflict(_("Only %(n)s more places are free. Yours stays as it was.") % {"n": event.free})
    Rsvp.objects.filter(pk=mine.pk).update(**said, party=party)
    if party < mine.party:
        seats.promote(event)
    if party != mine.party:
        record(PlaceTaken(event_id=event.pk, member_id=mine.member_id, state=mine.state, party=party), by=mine.member)
        _tell(event)
    mine.refresh_from_db()
    return mine


def _accept(event: Event, mine: Rsvp, party: int, said: dict[str, Any]) -> Rsvp:
    """The offer holds for the party that waited, or a smaller one."""
    if party > mine.party:
        raise Conflict(_("The offer is for %(n)s. Take it first, then ask for more.") % {"n": mine.party})
    seats.take_offer(event, mine.party)
    if party < mine.party:
        seats.resize(event, mine.party, party)
    Rsvp.objects.filter(pk=mine.pk).update(**said, party=party, state=RsvpState.GOING, offered_until=None)
    record(PlaceTaken(event_id=event.pk, member_id=mine.member_id, state=RsvpState.GOING, party=party), by=mine.member)
    if party < mine.party:
        seats.promote(event)
    _tell(event)
    mine.refresh_from_db()
    return mine


def _said(
    event: Event,
    by: Member,
    mine: Rsvp | None,
    answers: Mapping[str, Any] | None,
    vehicle: Vehicle | None,
    plate: str,
    listed: bool,
) -> dict[str, Any]:
    """What is told with a place, clean; what must be answered is."""
    given = dict(mine.answers) if mine and answers is None else dict(answers or {})
    kept, problems = {}, {}
    for question in event.questions.all():
        words = clean_line(given.get(question.key, ""))[:MOST_WORDS]
        if words:
            kept[question.key] = words
        elif question.required:
            problems[question.key] = _("The organisers need this answer.")
    if problems:
        raise Invalid({"answers": list(dict.fromkeys(problems.values())), **problems})
    if vehicle is not None and (not event.asks_car or vehicle.owner_id != by.pk or vehicle.left_at is not None):
        raise Invalid({"vehicle": _("Choose a car of your own garage.")})
    return {
        "answers": kept,
        "vehicle": vehicle,
        "plate": clean_line(plate).upper().replace(" ", "")[:12] if event.asks_car else "",
        "listed": listed,
        "changed_at": timezone.now(),
    }


def _with_minors(before: Rsvp | None, party: int, minors: Minors | None) -> dict[str, Any]:
    """Whoever is under 18 comes with somebody, and with a person to call. Whom to call and for nobody: a number was forgotten."""
    kept, said = before or Rsvp(), minors or Minors(count=None, guardian=None, phone=None)
    count = kept.minors if said.count is None else said.count
    guardian = clean_line(kept.guardian if said.guardian is None else said.guardian)[:60]
    phone = clean_line(kept.guardian_phone if said.phone is None else said.phone)[:24]
    problems: dict[str, object] = {}
    if said.count is None and not count and (guardian or phone):
        problems["minors"] = _("How many of them are under 18?")
    if not 0 <= count < party:
        problems["minors"] = _("Of a party of %(n)s at most %(most)s are under 18: somebody grown up is with them.") % {
            "n": party,
            "most": party - 1,
        }
    if count > 0 and not guardian:
        problems["guardian"] = _("Whom does the crew call for them?")
    if count > 0 and sum(sign.isdigit() for sign in phone) < LEAST_DIGITS:
        problems["guardian_phone"] = _("A phone number at which this person answers on that day.")
    if problems:
        raise Invalid(problems)
    known = count > 0
    return {"minors": count, "guardian": guardian if known else "", "guardian_phone": phone if known else ""}


@transaction.atomic
def give_up_place(*, by: Member, event: Event) -> Rsvp:
    """Not come, not wait, not take the offer: the place goes to the next in line who fits."""
    if not by.is_authenticated:
        raise Forbidden(_("Please sign in first."))
    held = seats.hold_event(event.pk)
    mine = Rsvp.objects.select_for_update(of=("self",)).filter(event=held, member=by).first()
    if mine is None:
        raise Conflict(_("You have no place there."))
    if stands(mine):
        raise Conflict(_("You were there when an incident was reported. Who was there stays as it stands."))
    if mine.is_standing:
        require(can_give_up(held, mine), _("There is no place to give up."))
    return _let_go(held, mine)


def stands(rsvp: Rsvp) -> bool:
    """Came in before an incident was reported (I20)."""
    return rsvp.scans.came().filter(frozen_at__isnull=False).exists()


def _let_go(held: Event, mine: Rsvp) -> Rsvp:
    had = mine.state
    if had in {RsvpState.CANCELLED, RsvpState.LAPSED}:
        return mine
    Rsvp.objects.filter(pk=mine.pk).update(
        state=RsvpState.CANCELLED, offered_until=None, changed_at=timezone.now(), **OF_THE_DAY
    )
    if had == RsvpState.GOING:
        seats.give_back(held, mine.party)
    elif had == RsvpState.OFFERED:
        seats.drop_offer(held, mine.party)
    record(PlaceGivenUp(event_id=held.pk, member_id=mine.member_id), by=mine.member)
    seats.promote(held)
    _tell(held)
    mine.refresh_from_db()
    return mine


@transaction.atomic
def put_first(*, by: Member, rsvp: Rsvp) -> Rsvp:
    """Organisers let somebody stand first in line. Nobody who has a place or an offer loses it."""
    require(can_run(by, rsvp.event), _("The event belongs to its organisers."))
    held = seats.hold_event(rsvp.event_id)
    Rsvp.objects.filter(pk=rsvp.pk, state=RsvpState.WAITLISTED).update(priority=FIRST_PRIORITY)
    seats.promote(held)
    rsvp.refresh_from_db()
    return rsvp


def lapse_due() -> int:
    """Offers that were not taken in time, event by event. Returns how many."""
    return sum(
        _lapse(pk) for pk in Rsvp.objects.due_to_lapse().order_by("event").values_list("event", flat=True).distinct()
    )


@transaction.atomic
def _lapse(pk: int) -> int:
    return seats.let_lapse(seats.hold_event(pk))


@transaction.atomic
def leave_all_events(*, member_id: int) -> None:
    """Of somebody who leaves the community: places become free, and nothing that was told with them stays. Who came in already was
    expected, and is not made somebody without a place; who was there when an incident was reported has children with them whose guardian
    may still have to be called: those go when plates go (`forget_plates`)."""
    for rsvp in Rsvp.objects.filter(member=member_id).order_by("event"):
        held = seats.hold_event(rsvp.event_id)
        mine = Rsvp.objects.select_for_update(of=("self",)).select_related("member").get(pk=rsvp.pk)
        if held.state in STANDS and not mine.scans.came().exists():
            _let_go(held, mine)
        gone = {"plate": ""} if stands(mine) else OF_THE_DAY
        Rsvp.objects.filter(pk=mine.pk).update(answers={}, vehicle=None, listed=False, **gone)


def _tell(event: Event) -> None:
    push(f"event:{event.pk}", "event.changed", event.pk)
