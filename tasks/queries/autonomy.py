"""Who decided what in the life of an initiative, read from the ledger, as far as this reader may know the rows behind it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from kocforum.ledger.facts import name_of
from kocforum.ledger.models import Fact, Subject
from kocforum.members.facts import RoleSet
from kocforum.members.models import Member

from ..enums import Area, Side
from ..models import Endorsement, Envelope, Event, Initiative, Loan, PromotionSlot
from ..rules.autonomy import COUNTED, deed_of, is_between_us, side_of
from ..rules.initiatives import is_of

OF_MONEY = ("envelope_id", "tranche_id", "expense_id")


@dataclass(frozen=True)
class Decided:
    """One decision. `who` is nobody for a reader to whom the person is not named; `of` is the event, where it is about one."""

    area: Area
    side: Side
    what: Any
    who: Member | None
    of: Event | None
    at: datetime


@dataclass(frozen=True)
class MeterRow:
    """How many decisions about one thing each side took."""

    area: Area
    crew: int
    brand: int


@dataclass(frozen=True)
class Meter:
    """How many decisions each side took, in all and by what they were about."""

    crew: int
    brand: int
    rows: list[MeterRow]

    @property
    def all(self) -> int:
        return self.crew + self.brand


def decisions_of(initiative: Initiative, user: Any, endorsement: Endorsement | None) -> list[Decided]:
    """Every decision that this reader may know of, the first first. Three queries, and one for each kind of thing (money, loans,
    places on channels) that any of them is about."""
    events = {event.pk: event for event in Event.objects.visible_to(user).filter(initiative=initiative)}
    about = Q(kind="initiative", object_id=initiative.pk) | Q(kind="event", object_id__in=list(events))
    rows = Fact.objects.filter(pk__in=Subject.objects.filter(about).values("fact"), name__in=COUNTED)
    rows = list(rows.exclude(by=None).select_related("by").order_by("pk"))
    inside = user.is_authenticated and (user.is_staff or is_of(user, initiative))
    may_know = _gate(initiative, user, events, rows)
    was_colleague = _colleagues(rows)
    verdict = endorsement.payload.get("scope", "") if endorsement else ""
    found = []
    for row in rows:
        deed = deed_of(row.name, row.payload, verdict=verdict)
        hidden = is_between_us(row.name, row.payload) and not inside
        if deed is None or hidden or not may_know(row.payload):
            continue
        side = side_of(deed, by_colleague=was_colleague(row))
        named = inside and (side == Side.CREW or user.is_staff) or row.by_id == initiative.proposer_id
        event = events.get(row.payload.get("event_id"))
        found.append(Decided(deed.area, side, deed.what, row.by if named else None, event, row.at))
    return found


def _colleagues(rows: Iterable[Fact]) -> Callable[[Fact], bool]:
    """Whether who did this worked for the brand when they did it: who is hired later decided as an owner."""
    people = {row.by_id for row in rows}
    changes = Fact.objects.filter(
        pk__in=Subject.objects.filter(kind="member", object_id__in=people).values("fact"), name=name_of(RoleSet)
    )
    told: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for pk, payload in changes.order_by("pk").values_list("pk", "payload") if people else ():
        told[payload["member_id"]].append((pk, payload["was"]))

    def was_colleague(row: Fact) -> bool:
        before_the_next = next((was for pk, was in told[row.by_id] if pk > row.pk), None)
        return row.by.is_staff if before_the_next is None else bool(before_the_next)

    return was_colleague


def _gate(initiative: Initiative, user: Any, events: dict[int, Event], rows: Iterable[Fact]) -> Any:
    """What a row is about must be visible, too: its event, the money, the loan, the place on a channel."""
    fields = {name for row in rows for name in row.payload}
    of_it = {"initiative": initiative.pk}
    money = bool(fields & set(OF_MONEY)) and Envelope.objects.visible_to(user).filter(**of_it).exists()
    known: dict[str, Any] = {"event_id": events}
    for field, model in (("loan_id", Loan), ("slot_id", PromotionSlot)):
        if field in fields:
            known[field] = set(model.objects.visible_to(user).filter(**of_it).values_list("pk", flat=True))

    def may_know(told: dict[str, Any]) -> bool:
        if any(name in told for name in OF_MONEY):
            return money
        return all(told[name] in seen for name, seen in known.items() if name in told)

    return may_know


def meter_of(decided: Iterable[Decided]) -> Meter:
    """The counts behind the picture; each is the length of the list that it leads to."""
    counts = Counter((one.area, one.side) for one in decided)
    rows = [MeterRow(area, counts[area, Side.CREW], counts[area, Side.BRAND]) for area in Area]
    rows = [row for row in rows if row.crew or row.brand]
    return Meter(sum(row.crew for row in rows), sum(row.brand for row in rows), rows)
