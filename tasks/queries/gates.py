"""The gate of an event as its phones and its paper list see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from ..enums import RsvpState, ScanResult
from ..models import Event, Rsvp, Scan
from ..models.scans import CAME, OPENS


@dataclass(frozen=True)
class Arrivals:
    """How many people came: `with_place` of those who were expected, `walk_ins` besides; `parties` of `expected_parties`."""

    expected: int
    with_place: int
    walk_ins: int
    parties: int
    expected_parties: int

    @property
    def came(self) -> int:
        return self.with_place + self.walk_ins


def hash_of(ticket: str) -> str:
    """By which a phone knows a ticket that it reads without holding anybody's ticket: SHA-256, in hexadecimal."""
    return sha256(ticket.encode()).hexdigest()


def stamp_of(event: Event) -> str:
    """Another one whenever the list could be another one. Two queries."""
    scans = Scan.objects.filter(event=event).aggregate(last=Max("pk"), stands=Max("frozen_at"))
    places = Rsvp.objects.filter(event=event).aggregate(n=Count("pk"), last=Max("changed_at"))
    changed = places["last"].timestamp() if places["last"] else 0
    stands = scans["stands"].timestamp() if scans["stands"] else 0
    return f"{scans['last'] or 0}-{places['n']}-{changed:.6f}-{stands:.6f}-{event.waiver_sha256[:8]}"


def roster_of(event: Event) -> list[dict[str, Any]]:
    """Everybody who has or had to do with a place, by name: what a phone needs without a network. Two queries.

    `came`: people of the party who are in; `at` and `device` of who let them in, which `stands` where an incident was reported since.
    `accepted`: the words about risk as they are now; None where there are none. Whom to call for `minors` leaves the server on the list
    for paper alone.
    """
    inside: dict[int, list[Scan]] = {}
    for scan in Scan.objects.filter(event=event, result__in=CAME, rsvp__isnull=False):
        inside.setdefault(scan.rsvp_id, []).append(scan)
    places = Rsvp.objects.filter(event=event).select_related("member", "vehicle__model")
    rows = [_row(place, inside.get(place.pk, ()), event.waiver_sha256) for place in places]
    return sorted(rows, key=lambda row: (row["state"] != RsvpState.GOING, row["name"], row["place"]))


def _row(place: Rsvp, scans: Any, waiver: str) -> dict[str, Any]:
    first = next((scan for scan in scans if scan.result in OPENS), None)
    return {
        "place": place.pk,
        "ticket": hash_of(place.ticket),
        "state": place.state,
        "name": place.member.name,
        "username": place.member.username,
        "party": place.party,
        "car": str(place.vehicle) if place.vehicle else "",
        "plate": place.plate,
        "came": sum(scan.people for scan in scans),
        "at": first.happened_at if first else None,
        "device": first.device if first else "",
        "nonce": first.nonce if first else "",
        "stands": first is not None and first.frozen_at is not None,
        "minors": place.minors,
        "guardian": place.guardian,
        "guardian_phone": place.guardian_phone,
        "accepted": place.waived_sha256 == waiver if waiver else None,
    }


def stands_since(event: Event) -> datetime | None:
    """When an incident was last reported: what was recorded by then stays. One query."""
    return event.incidents.aggregate(last=Max("filed_at"))["last"]


def walk_ins_of(event: Event) -> list[Scan]:
    """Who was let in and is on no list."""
    return list(Scan.objects.filter(event=event, result=ScanResult.WALK_IN, rsvp__isnull=True).order_by("pk"))


def minors_of(places: list[dict[str, Any]]) -> tuple[int, int]:
    """Of those on the list: how many are under 18, and how many of them came with a party that is here."""
    going = [place for place in places if place["state"] == RsvpState.GOING or place["came"]]
    return sum(place["minors"] for place in going), sum(place["minors"] for place in going if place["came"])


def arrivals_of(event: Event) -> Arrivals:
    """One query beside the event's own counters."""
    came = Scan.objects.filter(event=event, result__in=CAME).aggregate(
        with_place=Sum("people", filter=Q(rsvp__state=RsvpState.GOING)),
        all=Sum("people"),
        parties=Count("rsvp", filter=Q(rsvp__state=RsvpState.GOING), distinct=True),
    )
    with_place = came["with_place"] or 0
    return Arrivals(
        expected=event.going + event.guests,
        with_place=with_place,
        walk_ins=(came["all"] or 0) - with_place,
        parties=came["parties"],
        expected_parties=event.going,
    )


def who_came(event: Event) -> list[int]:
    """Members whom the gate saw; where nobody kept one, all who had a place."""
    seen = Scan.objects.filter(event=event, result__in=CAME)
    if seen.exists():
        return list(seen.exclude(rsvp=None).values_list("rsvp__member", flat=True).distinct().order_by("rsvp__member"))
    return list(Rsvp.objects.going().filter(event=event).values_list("member", flat=True))


def places_seen(event: Event) -> QuerySet:
    """Numbers of the places whose party the gate let in."""
    return Scan.objects.filter(event=event, result__in=CAME, rsvp__isnull=False).values_list("rsvp", flat=True)


def places_that_came(events: QuerySet[Event]) -> QuerySet[Rsvp]:
    """As `who_came`, of many events. No query of its own; a place stands in it once a scan, so count members distinct."""
    kept = Scan.objects.filter(event__in=events, result__in=CAME).values("event")
    expected = Q(state=RsvpState.GOING) & ~Q(event__in=kept)
    return Rsvp.objects.filter(expected | Q(scans__result__in=CAME), event__in=events)


def told_of(scan: Scan) -> dict[str, Any]:
    """What the gate hears of one scan. Of who is in already, when and by which phone; that is no mistake of anybody."""
    place = scan.rsvp
    first = scan.first if scan.result in {ScanResult.AGAIN, ScanResult.FROZEN} else None
    return {
        "nonce": scan.nonce,
        "result": scan.result,
        "detail": scan.get_result_display(),
        "place": place.pk if place else None,
        "name": place.member.name if place else scan.name,
        "party": place.party if place else None,
        "people": scan.people,
        "first": {"at": first.happened_at, "device": first.device} if first else None,
    }
