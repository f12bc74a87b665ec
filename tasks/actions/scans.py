"""The gate of an event: what its phones did, received in any order, any time later, as often as they send it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Invalid, require
from kocforum.ledger.recording import record
from kocforum.live.pushing import push
from kocforum.members.models import Member
from kocforum.text import clean_line

from ..enums import RsvpState, ScanResult
from ..facts import ArrivalUndone, GuestArrived
from ..models import Event, Rsvp, Scan
from ..models.scans import CAME, OPENS, moment_of
from ..rules.events import can_keep_gate
from ..rules.incidents import REPORTS_KEPT
from .events import PLATES_KEPT
from .seats import hold_event

MOST_AT_ONCE = 500
MOST_PEOPLE = 50
KINDS = ("scan", "more", "walk_in", "undo")


@dataclass(frozen=True, kw_only=True)
class ScanDraft:
    """What a phone did. `ticket` as it was read, or `place` where the name was tapped; `of`: the nonce of what is taken back."""

    nonce: str
    device: str
    scanned_at: datetime
    kind: str = "scan"
    ticket: str = ""
    place: int | None = None
    people: int | None = None
    name: str = ""
    of: str = ""
    ahead_ms: int | None = None


@transaction.atomic
def receive_scans(*, by: Member, event: Event, scans: Iterable[ScanDraft]) -> list[Scan]:
    """Keep every scan and say what each came to, in the order given. A nonce that is known answers what it came to the first time.

    The first that arrives lets the party in; a second one is AGAIN and names the first: both facts stay (I7). The event's row is held,
    so that two phones follow each other.

    What was recorded when an incident was reported stands (I20): nothing takes it back, and nothing told later adds people to a party as
    of before. Who comes afterwards comes in as ever, and a party of which nobody had heard counts whenever its phone is heard.
    """
    require(can_keep_gate(by, event), _("The organisers and their helpers keep the gate."))
    drafts = list(scans)
    if len(drafts) > MOST_AT_ONCE:
        raise Invalid({"scans": _("At most %(most)s at once.") % {"most": MOST_AT_ONCE}})
    held = hold_event(event.pk)
    gate = _Gate(held, by, drafts)
    answers = [gate.receive(draft) for draft in drafts]
    if gate.changed:
        push(f"gate:{held.pk}", "gate.changed", held.pk)
    return answers


class _Gate:
    """What one batch must know, read once: places by ticket and number, scans by nonce, who is in."""

    def __init__(self, event: Event, by: Member, drafts: list[ScanDraft]) -> None:
        self.event, self.by, self.changed = event, by, False
        places = Rsvp.objects.filter(event=event).select_related("member")
        tickets = {draft.ticket for draft in drafts if draft.ticket}
        numbers = {draft.place for draft in drafts if draft.place}
        found = list(places.filter(ticket__in=tickets) | places.filter(pk__in=numbers))
        self.by_ticket = {place.ticket: place for place in found}
        self.by_number = {place.pk: place for place in found}
        missing = tickets - set(self.by_ticket)
        self.elsewhere = (
            set(Rsvp.objects.filter(ticket__in=missing).values_list("ticket", flat=True)) if missing else set()
        )
        scans = Scan.objects.filter(event=event).select_related("rsvp__member", "first")
        nonces = {draft.nonce for draft in drafts} | {draft.of for draft in drafts if draft.of}
        self.known = {scan.nonce: scan for scan in scans.filter(nonce__in=nonces)}
        self.inside = {scan.rsvp_id: scan for scan in scans.filter(rsvp__in=self.by_number, result__in=OPENS)}

    def receive(self, draft: ScanDraft) -> Scan:
        if draft.nonce in self.known:
            return self.known[draft.nonce]
        if draft.kind == "undo":
            return self._undo(draft)
        place = self.by_ticket.get(draft.ticket) if draft.ticket else self.by_number.get(draft.place)
        result = self._result(draft, place)
        first = self.inside.get(place.pk) if place and result not in OPENS else None
        people = self._people(draft, place) if result in CAME else 0
        scan = self._keep(draft, place, result, people=people, first=first)
        if result in CAME and place is not None:
            record(GuestArrived(event_id=self.event.pk, member_id=place.member_id, people=people), by=self.by)
        return scan

    def _result(self, draft: ScanDraft, place: Rsvp | None) -> str:
        inside = place is not None and place.pk in self.inside
        if draft.kind == "walk_in":
            return ScanResult.AGAIN if inside else ScanResult.WALK_IN
        if place is None:
            return ScanResult.ELSEWHERE if draft.ticket in self.elsewhere else ScanResult.UNKNOWN
        if inside and draft.kind == "more":
            return ScanResult.FROZEN if self._would_have_changed(draft, self.inside[place.pk]) else ScanResult.MORE
        if inside:
            return ScanResult.AGAIN
        return ScanResult.IN if place.state == RsvpState.GOING else ScanResult.NOT_GOING

    @staticmethod
    def _would_have_changed(draft: ScanDraft, first: Scan) -> bool:
        """More of a party that stands, as of before it did."""
        return first.frozen_at is not None and moment_of(draft.scanned_at, draft.ahead_ms) <= first.frozen_at

    def _people(self, draft: ScanDraft, place: Rsvp | None) -> int:
        usual = place.party if place is not None and draft.kind != "more" else 1
        return min(max(draft.people or usual, 1), MOST_PEOPLE)

    def _keep(
        self, draft: ScanDraft, place: Rsvp | None, result: str, *, people: int = 0, first: Scan | None = None
    ) -> Scan:
        scan = Scan.objects.create(
            event=self.event,
            rsvp=place,
            nonce=draft.nonce,
            device=clean_line(draft.device)[:40],
            result=result,
            people=people,
            name=clean_line(draft.name)[:60] if place is None else "",
            first=first,
            by=self.by,
            scanned_at=draft.scanned_at,
            ahead_ms=draft.ahead_ms,
        )
        self.known[draft.nonce] = scan
        if place is not None and result in OPENS:
            self.inside[place.pk] = scan
        self.changed = True
        return scan

    def _undo(self, draft: ScanDraft) -> Scan:
        """Take back one scan; with who let a party in goes whoever of it came later."""
        back = self.known.get(draft.of)
        scans = Scan.objects.filter(event=self.event, result__in=CAME, frozen_at__isnull=True)
        if back is not None and back.frozen_at is not None and back.result in CAME:
            return self._keep(draft, back.rsvp, ScanResult.FROZEN, first=back)
        if back is None or not scans.filter(pk=back.pk).update(result=ScanResult.UNDONE, people=0):
            return self._keep(draft, None, ScanResult.UNKNOWN)
        if back.rsvp_id and back.result in OPENS:
            scans.filter(rsvp=back.rsvp_id).update(result=ScanResult.UNDONE, people=0)
            self.inside.pop(back.rsvp_id, None)
        back.result, back.people = ScanResult.UNDONE, 0
        if back.rsvp is not None:
            record(ArrivalUndone(event_id=self.event.pk, member_id=back.rsvp.member_id), by=self.by)
        return self._keep(draft, back.rsvp, ScanResult.UNDO, first=back)


@transaction.atomic
def forget_walk_ins() -> int:
    """Names of who came without a place go with the plates; where an incident was reported, with its words. Returns how many."""
    now = timezone.now()
    free = Q(event__incidents__isnull=True) | Q(event__ends_at__lt=now - REPORTS_KEPT)
    old = Scan.objects.filter(free, event__ends_at__lt=now - PLATES_KEPT)
    return Scan.objects.filter(pk__in=old.exclude(name="").values("pk")).update(name="")
