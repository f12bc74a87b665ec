"""Who fits a description of people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from kocforum.compiled import Compiled
from kocforum.forum.enums import PostState
from kocforum.forum.models import Board, Post
from kocforum.garage.models import InstalledVersion, SoftwareVersion, Vehicle
from kocforum.garage.queries import match_model, normalise_version
from kocforum.members.enums import KocLevel
from kocforum.members.models import Member

LISTS = ("models", "versions", "koc_levels", "boards", "cities", "members")


def clean_criteria(said: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The criteria without what says nothing, and per field the words that nobody knows.

    Lists: one of them must fit. `sample`: a whole number above 0.
    """
    kept: dict[str, Any] = {}
    unknown: dict[str, str] = {}
    for name in LISTS:
        values = list(dict.fromkeys(str(value).strip() for value in said.get(name) or [] if str(value).strip()))
        known = {value: _known(name, value) for value in values}
        if strange := [value for value, found in known.items() if not found]:
            unknown[name] = strange[0]
        elif known:
            kept[name] = list(dict.fromkeys(known.values()))
    if sample := said.get("sample"):
        kept["sample"] = int(sample)
    return kept, unknown


def _known(name: str, value: str) -> str:
    """How the house writes this value; "" where nobody knows it. Cities are people's own words."""
    if name == "models":
        model = match_model(value)
        return model.slug if model else ""
    if name == "boards":
        return value if Board.objects.filter(slug=value).exists() else ""
    if name == "members":
        return people().filter(username__iexact=value).values_list("username", flat=True).first() or ""
    if name == "koc_levels":
        return value if value in KocLevel.values else ""
    if name == "versions":
        version = normalise_version(value)
        catalogued = SoftwareVersion.objects.filter(name=version).exists()
        return version if catalogued or InstalledVersion.objects.filter(version=version).exists() else ""
    return value


def people() -> QuerySet[Member]:
    """Members whom the brand may ask at all: present, verified, not its own staff."""
    verified = Q(phone_verified_at__isnull=False) | Q(email_verified_at__isnull=False)
    return Member.objects.filter(verified, is_active=True, is_staff=False, closed_at__isnull=True)


def matching(criteria: Mapping[str, Any]) -> QuerySet[Member]:
    """Members who fit, without the sample. Model and version must fit the same car."""
    found = people()
    if members := criteria.get("members"):
        found = found.filter(username__in=members)
    if levels := criteria.get("koc_levels"):
        found = found.filter(koc_level__in=levels)
    if cities := criteria.get("cities"):
        found = found.filter(city__in=cities)
    if criteria.get("models") or criteria.get("versions"):
        found = found.filter(Exists(cars_that_fit(criteria).filter(owner=OuterRef("pk"))))
    if boards := criteria.get("boards"):
        wrote = Post.objects.filter(author=OuterRef("pk"), state=PostState.VISIBLE, thread__board__slug__in=boards)
        found = found.filter(Exists(wrote))
    return found


def cars_that_fit(criteria: Mapping[str, Any]) -> QuerySet[Vehicle]:
    cars = Vehicle.objects.in_garage()
    if models := criteria.get("models"):
        cars = cars.filter(model__slug__in=models)
    if versions := criteria.get("versions"):
        cars = cars.annotate(version_now=Subquery(_newest().values("version")[:1])).filter(version_now__in=versions)
    return cars


def _newest() -> QuerySet[InstalledVersion]:
    """What a car of the query around it runs now, first."""
    return InstalledVersion.objects.filter(vehicle=OuterRef("pk")).order_by("-installed_on", "-id")


def car_of(member: Member, criteria: Mapping[str, Any]) -> tuple[str | None, str | None, int | None]:
    """Model, version and kilometres of the member's car that fits, the default one first; None where nothing is known."""
    if criteria.get("models") or criteria.get("versions"):
        found = _described(cars_that_fit(criteria).filter(owner=member.pk))
    else:
        found = _default_car(owner=member.pk)
    return next(iter(found), (None, None, None))


@Compiled
def _default_car(owner: Any) -> QuerySet:
    return _described(cars_that_fit({}).filter(owner=owner))


def _described(cars: QuerySet[Vehicle]) -> QuerySet:
    cars = cars.order_by("-is_default", "id")
    return cars.values_list("model__slug", Subquery(_newest().values("version")[:1]), "mileage_km")[:1]


def with_facts(members: Iterable[int], criteria: Mapping[str, Any]) -> QuerySet[Member]:
    """These members with `model_slug` and `version_now` of the car that fits, the default one first."""
    cars = cars_that_fit(criteria).filter(owner=OuterRef("pk")).order_by("-is_default", "id")
    described = cars.annotate(runs=Subquery(_newest().values("version")[:1]))
    return Member.objects.filter(pk__in=list(members)).annotate(
        model_slug=Subquery(cars.annotate(slug=F("model__slug")).values("slug")[:1]),
        version_now=Subquery(described.values("runs")[:1]),
    )


def frame_size(criteria: Mapping[str, Any]) -> int:
    """How many would be asked now."""
    size = matching(criteria).count()
    return min(size, criteria["sample"]) if criteria.get("sample") else size
