"""Whom to invite to a room, by evidence: who told of it, who answered with their own car, on which version; and how much they were
asked lately. Numbers that propose; a colleague chooses."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kocforum.forum.enums import Stance
from kocforum.forum.models import Corroboration, TopicLink
from kocforum.garage.queries import normalise_version
from kocforum.members.enums import KocLevel
from kocforum.members.models import Member
from kocforum.text import excerpt
from kocforum.ui.moments import month_in_words

from ..enums import SeatRole
from ..models import AskingPolicy, ContactBudget, Invitation, Seat, Workshop
from .audiences import people, with_facts
from .subjects import reports_about

MOST_READ = 3000  # reports, the newest first
MOST_SHOWN = 30
LATELY = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is looked for; what is empty excludes nobody."""

    subject: str = ""
    version: str = ""
    model: str = ""
    city: str = ""
    levels: tuple[str, ...] = ()


@dataclass
class Candidate:
    """One owner with what speaks for and against asking now. `missed`: had a seat within a year, said nothing, did not come."""

    member: Member
    told: int = 0
    confirmed: int = 0
    answered: int = 0
    leads: str = ""
    title: str = ""
    version: str = ""
    at: datetime | None = None
    minutes_left: int = 0
    fits: bool = True
    invited: int = 0
    missed: int = 0
    alike: bool = False

    @property
    def weight(self) -> float:
        """What was told weighs most, then what was answered with a car; who was asked often or did not come weighs less."""
        level = KocLevel(self.member.koc_level).rank
        speaks = 3 * min(self.told, 3) + 2 * min(self.answered, 3) + 0.3 * min(self.confirmed, 10) + 0.3 * level
        against = min(self.invited, 4) + 3 * self.missed + (0 if self.fits else 5)
        return speaks + (2 if self.leads else 0) - against

    @property
    def reasons(self) -> list[str]:
        """For the colleague who chooses."""
        said = {"title": excerpt(self.title, 40), "version": self.version, "month": self._month()}
        rows = []
        if self.told and self.version:
            rows.append(_("told “%(title)s” on %(version)s in %(month)s") % said)
        elif self.told:
            rows.append(_("told “%(title)s” in %(month)s") % said)
        if self.told > 1:
            rows.append(ngettext("%(n)s report", "%(n)s reports", self.told) % {"n": self.told})
        if self.confirmed:
            rows.append(ngettext("%(n)s car confirmed", "%(n)s cars confirmed", self.confirmed) % {"n": self.confirmed})
        if self.answered:
            words = ngettext(
                "answered %(n)s report with the own car", "answered %(n)s reports with the own car", self.answered
            )
            rows.append(words % {"n": self.answered})
        if self.leads:
            rows.append(_("leads the topic “%(title)s”") % {"title": excerpt(self.leads, 40)})
        return rows

    @property
    def because(self) -> str:
        """For the one who is invited, in their own language."""
        with translation.override(self.member.language or settings.LANGUAGE_CODE):
            rows = []
            if self.told:
                said = {"title": excerpt(self.title, 60), "month": self._month()}
                rows.append(_("In %(month)s you told us of “%(title)s”.") % said)
                if self.confirmed:
                    words = ngettext("%(n)s other car has it too.", "%(n)s other cars have it too.", self.confirmed)
                    rows.append(words % {"n": self.confirmed})
            elif self.answered:
                words = ngettext(
                    "You answered %(n)s report about it with your own car.",
                    "You answered %(n)s reports about it with your own car.",
                    self.answered,
                )
                rows.append(words % {"n": self.answered})
            if self.leads:
                rows.append(_("You lead the topic “%(title)s”.") % {"title": excerpt(self.leads, 40)})
            return " ".join(rows).replace("。 ", "。")[:200]

    def _month(self) -> str:
        return month_in_words(timezone.localtime(self.at).date()) if self.at else ""


@dataclass(frozen=True)
class Proposal:
    """The first of those who fit, so ordered that cities and versions mix; `of`: how many fit; `cities`, `versions`: how many owners on
    the list already come from where and drive what."""

    candidates: list[Candidate]
    of: int
    cities: list[tuple[str, int]]
    versions: list[tuple[str, int]]
    owners: int

    @property
    def one_sided(self) -> bool:
        """More than half of at least four owners on the list share a city or a version."""
        return self.owners >= 4 and any(n * 2 > self.owners for _name, n in [*self.cities[:1], *self.versions[:1]])


def propose(workshop: Workshop, user: Any, wanted: Wanted) -> Proposal:
    """Fourteen queries at most, however many told."""
    found = _evidence(user, wanted)
    seats = list(Seat.objects.filter(workshop=workshop).values_list("member", "role"))
    here = {member for member, _role in seats}
    candidates = _known(found, here, wanted)
    _load(candidates, workshop)
    owners = list(with_facts([member for member, role in seats if role == SeatRole.KOC], {}))
    cities = Counter(one.city for one in owners if one.city)
    versions = Counter(one.version_now for one in owners if one.version_now)
    return Proposal(
        candidates=_mixed(candidates, cities, versions)[:MOST_SHOWN],
        of=len(candidates),
        cities=cities.most_common(),
        versions=versions.most_common(),
        owners=len(owners),
    )


def _evidence(user: Any, wanted: Wanted) -> dict[int, Candidate]:
    """By member: what they told and answered about the subject, with a car and a version that are wanted."""
    about = reports_about(user, wanted.subject).order_by("-created_at", "-pk")
    told = list(
        about.values_list(
            "pk", "thread__author", "thread__title", "created_at", "observation__software_version",
            "observation__model__slug",
        )[:MOST_READ]
    )  # fmt: skip
    author = {pk: member for pk, member, *_rest in told}
    found: dict[int, Candidate] = defaultdict(lambda: Candidate(member=None))
    version = normalise_version(wanted.version)

    def fits(ran: str | None, slug: str | None) -> bool:
        return (not version or normalise_version(ran or "") == version) and (not wanted.model or slug == wanted.model)

    for _pk, member, title, at, ran, slug in told:
        if member and fits(ran, slug):
            one = found[member]
            one.told += 1
            if one.told == 1:
                one.title, one.at, one.version = title, at, ran or ""
    rows = Corroboration.objects.standing().filter(report__in=author).exclude(stance=Stance.UNTESTED)
    for pk, member, stance, ran, slug in rows.values_list(
        "report", "author", "stance", "observation__software_version", "observation__model__slug"
    ):
        teller = author[pk]
        if stance == Stance.SAME and teller in found and member != teller:
            found[teller].confirmed += 1
        if member and member != teller and fits(ran, slug):
            found[member].answered += 1
    hosts = TopicLink.objects.filter(report__in=author, unlinked_at__isnull=True, topic__host__isnull=False)
    for member, title in hosts.values_list("topic__host", "topic__title").distinct():
        if member in found:
            found[member].leads = title
    return found


def _known(found: dict[int, Candidate], here: set[int], wanted: Wanted) -> list[Candidate]:
    """Those of them whom the brand may ask, who are not on the list yet, with the car that they drive now."""
    asked = people().filter(pk__in=set(found) - here)
    if wanted.city:
        asked = asked.filter(city__iexact=wanted.city)
    if wanted.levels:
        asked = asked.filter(koc_level__in=wanted.levels)
    for member in with_facts(asked.values_list("pk", flat=True), {}):
        found[member.pk].member = member
    return [one for one in found.values() if one.member is not None]


def _load(candidates: Iterable[Candidate], workshop: Workshop) -> None:
    """What they give and gave lately, and whether they came."""
    by_pk = {one.member.pk: one for one in candidates}
    usual, month = AskingPolicy.current().budget_minutes, timezone.localdate().replace(day=1)
    budgets = {row.member_id: row for row in ContactBudget.objects.filter(member__in=by_pk)}
    lately = Invitation.objects.filter(member__in=by_pk, invited_at__gte=timezone.now() - LATELY)
    invited = dict(lately.values_list("member").annotate(n=Count("pk")).order_by())
    missed = dict(
        Seat.objects.missed().filter(member__in=by_pk).values_list("member").annotate(n=Count("pk")).order_by()
    )
    for pk, one in by_pk.items():
        budget = budgets.get(pk)
        gives = usual if budget is None or budget.minutes is None else budget.minutes
        spent = budget.spent if budget and budget.month >= month else 0
        one.minutes_left = max(0, gives - spent // 60)
        said_so = budget is not None and budget.minutes is not None
        one.fits = not said_so or one.minutes_left * 60 >= workshop.task.seconds
        one.invited, one.missed = invited.get(pk, 0), missed.get(pk, 0)


def _mixed(candidates: list[Candidate], cities: Counter[str], versions: Counter[str]) -> list[Candidate]:
    """By weight, and each next one preferably from another city and with another version than those before and on the list. `alike`:
    two from there are before them already, or more than half drive that version."""
    cities, versions = Counter(cities), Counter(versions)
    left = sorted(candidates, key=lambda one: (-one.weight, one.member.pk))[: MOST_SHOWN * 3]
    row: list[Candidate] = []
    while left and len(row) < MOST_SHOWN:
        after = {id(one): 1.5 * (cities[one.member.city] + versions[one.member.version_now or ""]) for one in left}
        best = max(left, key=lambda one: (one.weight - after[id(one)], -one.member.pk))
        left.remove(best)
        city, version = best.member.city, best.member.version_now or ""
        best.alike = cities[city] >= 2 or versions[version] * 2 > max(4, versions.total())
        if city:
            cities[city] += 1
        if version:
            versions[version] += 1
        row.append(best)
    return row
