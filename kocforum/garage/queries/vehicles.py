"""Reads of cars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from ..models import InstalledVersion, Vehicle


def in_garage(member) -> QuerySet[Vehicle]:
    """A member's present cars, the default one first, each with `version_now`."""
    return versions_now(Vehicle.objects.visible_to(member).in_garage().select_related("model"))


def versions_now(vehicles: QuerySet[Vehicle]) -> QuerySet[Vehicle]:
    """Annotate `version_now`: what runs on the car today, "" when nobody said."""
    newest = InstalledVersion.objects.filter(vehicle=OuterRef("pk")).order_by("-installed_on", "-id")
    return vehicles.annotate(version_now=Subquery(newest.values("version")[:1]))


def version_on(vehicle: Vehicle, day: dt.date) -> str:
    """What ran on the car on a day: the newest installation not after it; before the first one known, the first; else ""."""
    versions = vehicle.installed_versions
    then = versions.filter(installed_on__lte=day).first() or versions.order_by("installed_on", "id").first()
    return then.version if then else ""


def own_vehicles(member) -> Iterable[dict[str, Any]]:
    """For the download of one's own data: every car, those that left as well, each with the versions that ran on it."""
    for vehicle in Vehicle.objects.visible_to(member).select_related("model").prefetch_related("installed_versions"):
        yield {
            "model": vehicle.model_name,
            "trim": vehicle.trim,
            "year": vehicle.year,
            "mileage_km": vehicle.mileage_km,
            "added": vehicle.created_at,
            "left": vehicle.left_at,
            "versions": [
                {"version": row.version, "installed_on": row.installed_on} for row in vehicle.installed_versions.all()
            ],
        }
