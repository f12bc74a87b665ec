"""Cases for the lens: one per owner and vehicle, from reports and their standing corroborations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from kocforum.stats import Case

from ..enums import Outcome
from ..models import Corroboration, ObservedCondition, Report

CAR_DIMENSIONS = ("model", "software_version")


def cases_of(reports: QuerySet[Report], *, with_answers: bool = True, about_cars: bool = False) -> list[Case]:
    """Cases in the order they were told (an answer said anew: when it was), in three queries. Later words of one owner and vehicle come later.

    `untested` and `workaround` have no outcome and are no cases. With `about_cars` the model and the software version take
    the place of the conditions. An imported report without an owner is an owner of its own.
    """
    told = []
    for pk, at, author, district, seen in _reports(reports):
        told.append((at, author or f"import:{pk}", district or None, seen))
    if with_answers:
        for at, author, seen in _answers(reports):
            told.append((at, author, None, seen))
    told.sort(key=lambda row: row[0])
    conditions = {} if about_cars else _conditions_of([row[3][0] for row in told])
    return [
        Case(
            owner=owner,
            vehicle=vehicle,
            failing=outcome != Outcome.WORKED,
            observed=_car(model, version) if about_cars else conditions.get(pk, {}),
            place=district,
        )
        for _at, owner, district, (pk, vehicle, outcome, model, version) in told
        if outcome
    ]


def _car(model: str, version: str) -> dict[str, list[str]]:
    return {name: [value] for name, value in zip(CAR_DIMENSIONS, (model, version), strict=True) if value}


_SEEN = ("pk", "vehicle_id", "outcome", "model_name", "software_version")


def _reports(reports: QuerySet[Report]):
    fields = [f"observation__{name}" for name in _SEEN]
    for row in reports.order_by("pk").values_list("pk", "created_at", "thread__author_id", "district", *fields):
        yield (*row[:4], row[4:])


def _answers(reports: QuerySet[Report]):
    fields = [f"observation__{name}" for name in _SEEN]
    standing = (
        Corroboration.objects.standing()
        .filter(report__in=reports.order_by().values("pk"))
        .exclude(observation__outcome="")
    )
    said_at = Coalesce("changed_at", "created_at")
    for row in standing.order_by("pk").values_list(said_at, "author_id", *fields):
        yield (*row[:2], row[2:])


def _conditions_of(observations: Iterable[int]) -> dict[int, dict[str, list[str]]]:
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    rows = ObservedCondition.objects.filter(observation__in=list(observations))
    for pk, dimension, value in rows.values_list("observation_id", "value__dimension__slug", "value__slug"):
        found[pk][dimension].append(value)
    return found
