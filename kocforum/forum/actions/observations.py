"""One owner's structured facts, as every form and every API writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from kocforum.errors import Invalid
from kocforum.garage.models import Vehicle
from kocforum.garage.queries import normalise_version, version_on
from kocforum.members.models import Member

from ..enums import Outcome, Precision
from ..models import DimensionValue, Observation, ObservedCondition

MOST_ATTEMPTS = 10_000
EARLIEST = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, kw_only=True)
class ObservationData:
    """What happened, before it is a row. `conditions` maps a dimension's slug to the slugs of the values that held.

    `software_version` empty means: what the garage says ran on that day.
    """

    vehicle: Vehicle | None = None
    occurred_at: dt.datetime | None = None
    precision: str = Precision.MINUTE
    conditions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    attempts: int | None = None
    failures: int | None = None
    outcome: str = ""
    software_version: str = ""


def checked_counts(attempts: int | None, failures: int | None, *, prefix: str = "") -> tuple[int | None, int | None]:
    """Attempts and failures that fit each other. Failures alone are attempts, all of which failed."""
    name_attempts, name_failures = f"{prefix}attempts", f"{prefix}failures"
    if failures is not None and attempts is None:
        attempts = failures
    if attempts is None:
        return None, None
    failures = failures or 0
    if attempts < 0:
        raise Invalid({name_attempts: _("Attempts cannot be fewer than none.")})
    if failures < 0:
        raise Invalid({name_failures: _("Failures cannot be fewer than none.")})
    if attempts > MOST_ATTEMPTS:
        raise Invalid(
            {name_attempts: _("That many attempts cannot be counted: %(most)s at most.") % {"most": MOST_ATTEMPTS}}
        )
    if failures > attempts:
        raise Invalid({name_failures: _("There cannot be more failures than attempts.")})
    return (attempts, failures) if attempts else (None, None)


def settle_outcome(attempts: int | None, failures: int | None, given: str = "", default: str = "") -> str:
    """The outcome follows from the attempts when they are given (some of both: mixed), else from what was said, else the default."""
    if attempts:
        if failures == attempts:
            return Outcome.FAILED
        return Outcome.MIXED if failures else Outcome.WORKED
    return given or default


def checked_time(occurred_at: dt.datetime | None) -> dt.datetime | None:
    """Not more than a day ahead (clocks differ), not before there were such cars."""
    if occurred_at is None:
        return None
    if timezone.is_naive(occurred_at):
        occurred_at = timezone.make_aware(occurred_at)
    if occurred_at > timezone.now() + dt.timedelta(hours=24):
        raise Invalid({"occurred_at": _("This time is still to come.")})
    if occurred_at < EARLIEST:
        raise Invalid({"occurred_at": _("This time is too long ago. Please check the year.")})
    return occurred_at


def find_values(conditions: Mapping[str, Sequence[str]]) -> list[DimensionValue]:
    """The rows of {dimension: values}; an unknown slug is refused by the name of its dimension."""
    wanted = [(dimension, value) for dimension, values in conditions.items() for value in dict.fromkeys(values)]
    if not wanted:
        return []
    found = {
        (row.dimension.slug, row.slug): row
        for row in DimensionValue.objects.select_related("dimension").filter(dimension__slug__in=list(conditions))
    }
    for dimension, value in wanted:
        if (dimension, value) not in found:
            raise Invalid(
                {"conditions": _("%(dimension)s has no value %(value)s.") % {"dimension": dimension, "value": value}}
            )
    return [found[pair] for pair in wanted]


def _car_values(data: ObservationData) -> dict[str, object]:
    vehicle = data.vehicle
    if vehicle is None:
        return {"software_version": normalise_version(data.software_version)}
    day = timezone.localdate(data.occurred_at) if data.occurred_at else timezone.localdate()
    return {
        "vehicle": vehicle,
        "model": vehicle.model,
        "model_name": vehicle.model.name if vehicle.model_id else vehicle.model_text,
        "trim": vehicle.trim,
        "year": vehicle.year,
        "mileage_km": vehicle.mileage_km,
        "software_version": normalise_version(data.software_version) or version_on(vehicle, day),
    }


def _values(data: ObservationData, default_outcome: str) -> dict[str, object]:
    attempts, failures = checked_counts(data.attempts, data.failures)
    if data.outcome and data.outcome not in Outcome.values:
        raise Invalid({"outcome": _("The outcome is failed, worked or mixed.")})
    return {
        **_car_values(data),
        "occurred_at": checked_time(data.occurred_at),
        "precision": data.precision,
        "attempts": attempts,
        "failures": failures,
        "outcome": settle_outcome(attempts, failures, data.outcome, default_outcome),
    }


def _write_conditions(observation: Observation, values: Iterable[DimensionValue]) -> None:
    ObservedCondition.objects.bulk_create(ObservedCondition(observation=observation, value=value) for value in values)


def write_observation(*, owner: Member | None, data: ObservationData, default_outcome: str = "") -> Observation:
    """A new observation with its conditions. The car's facts are copied in."""
    values = find_values(data.conditions)
    observation = Observation.objects.create(owner=owner, **_values(data, default_outcome))
    _write_conditions(observation, values)
    return observation


def rewrite_observation(observation: Observation, data: ObservationData, default_outcome: str = "") -> Observation:
    """The same observation, said anew: everything not in `data` is gone."""
    values = find_values(data.conditions)
    for name, value in _values(data, default_outcome).items():
        setattr(observation, name, value)
    observation.save()
    rewrite_conditions(observation, values)
    return observation


def rewrite_conditions(observation: Observation, values: Iterable[DimensionValue]) -> None:
    """Other values hold than was said before."""
    observation.conditions.all().delete()
    _write_conditions(observation, values)


def conditions_of(observation: Observation) -> dict[str, list[str]]:
    """{dimension: [values]} of a stored observation, in slugs."""
    said: dict[str, list[str]] = {}
    for row in observation.conditions.select_related("value__dimension").order_by(
        "value__dimension__position", "value__position"
    ):
        said.setdefault(row.value.dimension.slug, []).append(row.value.slug)
    return said
