"""Owners' words on a release: who verified what, before against after, and who must hear of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from kocforum.forum.enums import Outcome
from kocforum.forum.models import Corroboration, Observation, Report, TopicLink, Verification
from kocforum.garage.models import Vehicle, VehicleModel
from kocforum.garage.queries import version_key, versions_now
from kocforum.members.models import Member
from kocforum.stats import BeforeAfter, before_after

from ..enums import ReleaseState
from ..models import Release, Ticket, TicketEvidence
from ..rules.verdict import Tries


def reports_of_tickets(tickets: Iterable[int]) -> QuerySet[Report]:
    """The counted reports that any of these tickets rests on."""
    rows = TicketEvidence.objects.filter(ticket__in=list(tickets))
    linked = TopicLink.objects.filter(topic__in=rows.values("topic"), unlinked_at__isnull=True)
    counted = Report.objects.counted()
    return (
        counted.filter(thread__in=rows.filter(thread__isnull=False).values("thread"))
        | counted.filter(pk__in=linked.values("report"))
        | counted.filter(thread__in=rows.filter(passage__isnull=False).values("passage__post__thread"))
    ).distinct()


def reports_of_release(release: Release) -> QuerySet[Report]:
    """The reports that a release answers."""
    return reports_of_tickets(release.answers.values_list("ticket", flat=True))


def public_releases_for(report: Report, tickets: QuerySet[Ticket]) -> QuerySet[Release]:
    """Public releases that answer one of the report's tickets, the newest first."""
    return (
        Release.objects.filter(state=ReleaseState.PUBLIC, answers__ticket__in=tickets.values("pk"))
        .select_related("version")
        .distinct()
        .order_by("-public_at", "-pk")
    )


def verifications_of(release: Release, user) -> QuerySet[Verification]:
    """Owners' words on this release in the threads that it answers, as this reader may see them, first tellers first."""
    return (
        Verification.objects.visible_to(user)
        .standing()
        .filter(report__in=reports_of_release(release).order_by().values("pk"), version=release.version_name)
        .select_related("author", "post", "observation", "report__thread")
        .prefetch_related("observation__conditions__value__dimension")
        .order_by("-by_first_teller", "-pk")
    )


def tries_of(seen: Observation) -> Tries:
    """(successes, attempts); uncounted words are one attempt."""
    if seen.attempts:
        return seen.attempts - (seen.failures or 0), seen.attempts
    return (1, 1) if seen.outcome == Outcome.WORKED else (0, 1)


@dataclass(frozen=True)
class Comparison:
    """Before and after by owner, and what they say together (None while one side is empty)."""

    before: tuple[Tries, ...]
    after: tuple[Tries, ...]
    found: BeforeAfter | None

    @property
    def totals(self) -> dict[str, int]:
        """a of b on either side."""
        return {
            "before_worked": sum(worked for worked, _of in self.before),
            "before_of": sum(of for _worked, of in self.before),
            "before_owners": len(self.before),
            "after_worked": sum(worked for worked, _of in self.after),
            "after_of": sum(of for _worked, of in self.after),
            "after_owners": len(self.after),
        }


def comparison(release: Release, reports: QuerySet[Report]) -> Comparison:
    """Observations on older versions against verifications on this one or a newer one, summed by owner."""
    key = version_key(release.number)
    pks = list(reports.order_by().values_list("pk", flat=True))
    before: dict[int, list[Tries]] = defaultdict(list)
    told = Report.objects.filter(pk__in=pks).select_related("observation", "thread")
    answers = Corroboration.objects.standing().filter(report__in=pks).select_related("observation")
    for owner, seen, at in [
        *((row.thread.author_id, row.observation, row.created_at) for row in told),
        *((row.author_id, row.observation, row.created_at) for row in answers),
    ]:
        if not owner or not seen.outcome:
            continue
        older = (
            bool(seen.software_version) and version_key(seen.software_version) < key
            if key
            else release.public_at is None or at < release.public_at
        )
        if older:
            before[owner].append(tries_of(seen))
    after: dict[int, list[Tries]] = defaultdict(list)
    for row in Verification.objects.standing().filter(report__in=pks).select_related("observation"):
        newer = version_key(row.version) >= key if key else row.version == release.version_name
        if row.author_id and newer:
            after[row.author_id].append(tries_of(row.observation))
    arms = [
        tuple((sum(s for s, _n in tries), sum(n for _s, n in tries)) for tries in arm.values())
        for arm in (before, after)
    ]
    return Comparison(arms[0], arms[1], before_after(*arms) if all(arms) else None)


def participants(release: Release) -> QuerySet[Member]:
    """Who told one of the reports that it answers, or answered one with a car: each once, staff left out."""
    reports = reports_of_release(release).order_by()
    tellers = reports.values("thread__author")
    answering = Corroboration.objects.standing().filter(report__in=reports.values("pk")).values("author")
    people = Member.objects.filter(is_active=True, is_staff=False, closed_at__isnull=True)
    return (people.filter(pk__in=tellers) | people.filter(pk__in=answering)).distinct().order_by("pk")


def models_of(release: Release) -> QuerySet[VehicleModel]:
    """The models that a release is for: as said, else those of its version."""
    own = release.vehicle_models.all()
    if own.exists() or not release.version_id:
        return own
    return release.version.vehicle_models.all()


def garages_to_tell(release: Release) -> QuerySet[Vehicle]:
    """Cars in garages of the models that a software release is for, with an older version or none said; each with `version_now`.

    The newer ones among them are left out by `is_older`, since versions are compared as numbers and not as letters.
    """
    if not release.version_id:
        return Vehicle.objects.none()
    cars = Vehicle.objects.in_garage().filter(
        model__in=models_of(release).values("pk"), owner__is_active=True, owner__is_staff=False
    )
    return versions_now(cars).select_related("owner").order_by("owner_id", "pk")


def is_older(version: str | None, release: Release) -> bool:
    """True when a car's version comes before the release's, or nobody said which it has."""
    return not version or version_key(version) < version_key(release.version_name)
