"""What members did in twelve months, counted from the ledger's facts: numbers for people who decide about the KOC level."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils import timezone

from kocforum.forum.facts import HostAppointed, ReportTold, VerificationTold
from kocforum.forum.models import Thread, Topic, TopicLink
from kocforum.ledger.facts import name_of
from kocforum.ledger.models import Fact
from kocforum.members.models import Member

from ..facts import TicketMoved, TicketPromoted

YEAR = dt.timedelta(days=365)
COMPLETE = 7  # of 10
ACTED_ON = frozenset({"fix_planned", "fix_ready", "cleared", "beta", "released", "kept", "adopted", "shown"})


@dataclass
class Counts:
    """One member's year. `months` holds (year, month) of everything counted."""

    reports: int = 0
    topics: int = 0
    tickets: set[int] = field(default_factory=set)
    acted_on: set[int] = field(default_factory=set)
    verifications: int = 0
    months: set[tuple[int, int]] = field(default_factory=set)

    @property
    def total(self) -> int:
        return self.reports + self.topics + len(self.tickets) + self.verifications


def counts_of_all() -> dict[int, Counts]:
    """{member: counts} of everybody who did any of it, in five queries."""
    since = timezone.now() - YEAR
    names = {name_of(cls): cls for cls in (ReportTold, HostAppointed, VerificationTold, TicketPromoted, TicketMoved)}
    people: dict[int, Counts] = defaultdict(Counts)
    promoted: list[tuple[dict, dt.datetime]] = []
    moved: set[int] = set()
    facts = Fact.objects.filter(name__in=names, at__gte=since).order_by("pk")
    for name, payload, by, at in facts.values_list("name", "payload", "by", "at").iterator(chunk_size=2000):
        cls = names[name]
        if cls is ReportTold and by and payload.get("complete", 0) >= COMPLETE:
            people[by].reports += 1
            _in_month(people[by], at)
        elif cls is HostAppointed:
            people[payload["member_id"]].topics += 1
            _in_month(people[payload["member_id"]], at)
        elif cls is VerificationTold and by:
            people[by].verifications += 1
            _in_month(people[by], at)
        elif cls is TicketPromoted:
            promoted.append((payload, at))
        elif cls is TicketMoved and payload["to_state"] in ACTED_ON:
            moved.add(payload["ticket_id"])
    _fed(people, promoted, moved)
    return people


def _fed(people: dict[int, Counts], promoted: list[tuple[dict, dt.datetime]], moved: set[int]) -> None:
    """Who told the reports and hosts the topics that tickets were made of."""
    threads = {pk for payload, _at in promoted for pk in payload["threads"]}
    topics = {pk for payload, _at in promoted for pk in payload["topics"]}
    teller = dict(Thread.objects.filter(pk__in=threads).values_list("pk", "author"))
    host = dict(Topic.objects.filter(pk__in=topics).values_list("pk", "host"))
    under: dict[int, set[int]] = defaultdict(set)
    links = TopicLink.objects.filter(topic__in=topics, unlinked_at__isnull=True)
    for topic, author in links.values_list("topic", "report__thread__author"):
        under[topic].add(author)
    for payload, at in promoted:
        fed = {teller.get(pk) for pk in payload["threads"]}
        for topic in payload["topics"]:
            fed |= {host.get(topic)} | under[topic]
        for member in fed - {None}:
            people[member].tickets.add(payload["ticket_id"])
            if payload["ticket_id"] in moved:
                people[member].acted_on.add(payload["ticket_id"])
            _in_month(people[member], at)


def _in_month(counts: Counts, at: dt.datetime) -> None:
    day = timezone.localtime(at)
    counts.months.add((day.year, day.month))


def members_for_desk(words: str = "") -> QuerySet[Member]:
    """Owners that staff may look through, by name."""
    members = Member.objects.filter(is_staff=False, is_active=True, closed_at__isnull=True)
    if words:
        members = members.filter(username__icontains=words) | members.filter(display_name__icontains=words)
    return members
