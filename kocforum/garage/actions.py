"""What changes a garage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Conflict, Invalid, require
from kocforum.ledger.operations import once
from kocforum.ledger.recording import record
from kocforum.members.models import Member
from kocforum.text import clean_line

from . import facts, rules
from .models import InstalledVersion, SoftwareVersion, Vehicle, VehicleModel
from .queries import match_model, normalise_version

EARLIEST_YEAR = 1980
MOST_CARS = 20


def _model_values(words: str) -> dict[str, Any]:
    words = clean_line(words)[:60]
    if not words:
        raise Invalid({"model": _("Which car is it? Choose a model or write its name.")})
    model = match_model(words)
    return {"model": model, "model_text": "" if model else words}


def _checked_year(year: int) -> int:
    newest = timezone.localdate().year + 1
    if not EARLIEST_YEAR <= year <= newest:
        raise Invalid(
            {
                "year": _("The model year lies between %(first)s and %(last)s.")
                % {"first": EARLIEST_YEAR, "last": newest}
            }
        )
    return year


def _checked_mileage(mileage_km: int | None) -> int | None:
    if mileage_km is not None and not 0 <= mileage_km <= 3_000_000:
        raise Invalid({"mileage_km": _("The mileage is a number of kilometres, up to three million.")})
    return mileage_km


def _default_if_none(owner: Member, vehicle: Vehicle) -> None:
    """Two first cars at once: the constraint lets one be the default, and the other stays as it is."""
    if Vehicle.objects.filter(owner=owner, is_default=True).in_garage().exists():
        return
    try:
        with transaction.atomic():
            Vehicle.objects.filter(pk=vehicle.pk).update(is_default=True)
    except IntegrityError:
        return
    vehicle.is_default = True


@once(Vehicle)
@transaction.atomic
def add_vehicle(
    *,
    by: Member,
    model: str,
    year: int,
    trim: str = "",
    software_version: str = "",
    installed_on: dt.date | None = None,
    mileage_km: int | None = None,
) -> Vehicle:
    """Put a car into one's garage. The first one becomes the default; a version is noted with its day."""
    if Vehicle.objects.filter(owner=by).in_garage().count() >= MOST_CARS:
        raise Conflict(_("A garage holds at most %(most)s cars.") % {"most": MOST_CARS})
    vehicle = Vehicle.objects.create(
        owner=by,
        **_model_values(model),
        year=_checked_year(year),
        trim=clean_line(trim)[:60],
        mileage_km=_checked_mileage(mileage_km),
    )
    _default_if_none(by, vehicle)
    record(facts.VehicleAdded(vehicle_id=vehicle.pk, model=vehicle.model_name), by=by)
    if software_version.strip():
        install_version(by=by, vehicle=vehicle, version=software_version, installed_on=installed_on)
    return vehicle


@transaction.atomic
def edit_vehicle(*, by: Member, vehicle: Vehicle, **changes: Any) -> Vehicle:
    """Change model, trim, year or mileage. What was told with the car keeps its own copy."""
    require(rules.can_keep(by, vehicle), _("This car is not in your garage."))
    if "model" in changes:
        for name, value in _model_values(changes["model"]).items():
            setattr(vehicle, name, value)
    if "year" in changes:
        vehicle.year = _checked_year(changes["year"])
    if "mileage_km" in changes:
        vehicle.mileage_km = _checked_mileage(changes["mileage_km"])
    if "trim" in changes:
        vehicle.trim = clean_line(changes["trim"])[:60]
    vehicle.save(update_fields=["model", "model_text", "year", "mileage_km", "trim"])
    record(facts.VehicleEdited(vehicle_id=vehicle.pk, fields=sorted(changes)), by=by)
    return vehicle


@transaction.atomic
def install_version(
    *, by: Member, vehicle: Vehicle, version: str, installed_on: dt.date | None = None
) -> InstalledVersion:
    """Note that a version came onto the car on a day (today unless said)."""
    require(rules.can_keep(by, vehicle), _("This car is not in your garage."))
    name = normalise_version(version)
    today = timezone.localdate()
    day = installed_on or today
    if not name:
        raise Invalid({"software_version": _("Which version is it? You find it in the car under Settings, About.")})
    if day > today + dt.timedelta(days=1):
        raise Invalid({"installed_on": _("This day is still to come.")})
    installed, created = InstalledVersion.objects.get_or_create(
        vehicle=vehicle,
        version=name,
        installed_on=day,
        defaults={"catalogued": SoftwareVersion.objects.filter(name=name).first()},
    )
    if created:
        record(facts.VersionInstalled(vehicle_id=vehicle.pk, version=name, installed_on=day.isoformat()), by=by)
    return installed


@transaction.atomic
def make_default(*, by: Member, vehicle: Vehicle) -> Vehicle:
    """Let forms propose this car."""
    require(rules.can_keep(by, vehicle), _("This car is not in your garage."))
    # All cars in one order: two windows that choose at once wait here, and the later choice stands.
    list(Vehicle.objects.select_for_update().filter(owner=by).order_by("pk").values_list("pk"))
    Vehicle.objects.filter(owner=by, is_default=True).update(is_default=False)
    if not Vehicle.objects.filter(pk=vehicle.pk).in_garage().update(is_default=True):
        raise Conflict(_("This car has already left the garage."))
    vehicle.is_default = True
    record(facts.VehicleEdited(vehicle_id=vehicle.pk, fields=["is_default"]), by=by)
    return vehicle


@transaction.atomic
def let_go(*, by: Member, vehicle: Vehicle, leaving: str = Vehicle.Leaving.REMOVED) -> Vehicle:
    """The car was sold or is removed. Its row stays: reports, corroborations and verifications rest on it."""
    require(rules.can_keep(by, vehicle), _("This car is not in your garage."))
    left = Vehicle.objects.filter(pk=vehicle.pk, left_at__isnull=True).update(
        left_at=timezone.now(), leaving=leaving, is_default=False
    )
    if not left:
        raise Conflict(_("This car has already left the garage."))
    if following := Vehicle.objects.filter(owner=by).in_garage().first():
        _default_if_none(by, following)
    record(facts.VehicleLeft(vehicle_id=vehicle.pk, leaving=leaving), by=by)
    vehicle.refresh_from_db()
    return vehicle


@transaction.atomic
def match_vehicles(*, by: Member, words: str, model: VehicleModel) -> int:
    """Every car whose owner wrote these words is of this model. What was told with it keeps the words of then."""
    require(rules.can_match(by), _("Only staff who keep the catalogue do this."))
    meant = Vehicle.objects.filter(model__isnull=True, model_text__iexact=words)
    numbers = list(meant.values_list("pk", flat=True))
    if numbers:
        Vehicle.objects.filter(pk__in=numbers).update(model=model)
        record(facts.VehiclesMatched(vehicle_ids=numbers, model=model.slug), by=by)
    return len(numbers)


@transaction.atomic
def match_by_name(*, by: Member, vehicles: Iterable[Vehicle]) -> int:
    """Look again, for cars known by words, whether the catalogue has that name by now."""
    require(rules.can_match(by), _("Only staff who keep the catalogue do this."))
    found = {
        words: match_model(words) for words in {vehicle.model_text for vehicle in vehicles if not vehicle.model_id}
    }
    return sum(match_vehicles(by=by, words=words, model=model) for words, model in found.items() if model)


@transaction.atomic
def match_versions(*, by: Member, installed: Iterable[InstalledVersion]) -> int:
    """Tie installations to the version of the catalogue that has their number, and all others with the same number."""
    require(rules.can_match(by), _("Only staff who keep the catalogue do this."))
    matched = 0
    for version in SoftwareVersion.objects.filter(name__in={row.version for row in installed}):
        alike = InstalledVersion.objects.filter(version=version.name, catalogued__isnull=True)
        if count := alike.update(catalogued=version):
            record(facts.VersionsMatched(version=version.name, count=count), by=by)
            matched += count
    return matched
